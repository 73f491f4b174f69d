import { expect, test } from './fixtures.ts'
import {
  activeCasella,
  alignNow,
  badge,
  detail,
  editCasella,
  goTo,
  listOfCaselle,
  listOfOperations,
  operationPanel,
  showCasella,
} from './screens.ts'

test('changes made while the provider is away outlive a restart and arrive exactly once', async ({
  desk,
  application,
  launch,
  network,
  other,
}) => {
  const before = await activeCasella(other)
  const { id, indirizzo } = before
  const email = 'nuova.segreteria@comune.example'
  await network.refuse()

  const panel = await showCasella(desk, indirizzo)
  await test.step('D69: the soft limit follows the quota to 80%', async () => {
    await panel.getByRole('button', { name: 'Modifica', exact: true }).click()
    await panel.getByLabel('E-mail per le comunicazioni').fill(email)
    await panel.getByLabel('Spazio assegnato').fill('3000')
    await expect(panel.getByLabel('Soglia di avviso')).toHaveValue('2400')
    await desk.keyboard.press('Control+Enter')
    await expect(desk.getByText(`Modifica in coda per ${indirizzo}`)).toBeVisible()
  })
  await test.step('D67: disabling says what it does and asks', async () => {
    await panel.getByRole('button', { name: 'Disabilita' }).click()
    const asked = panel.getByRole('alertdialog')
    await expect(asked).toContainText('Il contenuto resta e la casella si può riabilitare')
    await asked.getByRole('button', { name: 'Disabilita' }).click()
    await expect(panel.getByRole('button', { name: 'Riabilita', exact: true })).toBeVisible()
  })
  await expect(badge(desk)).toHaveText(/^Non in linea dalle \d\d:\d\d, 2 in coda$/)
  await expect(panel.getByTestId('pending-field')).toHaveCount(4)
  await expect(listOfCaselle(desk).getByRole('row').filter({ hasText: indirizzo })).toContainText('2 modifiche in coda')
  expect(await other.casella(id)).toEqual(before)

  expect(await application.stop()).toBe(0)
  await expect(badge(desk)).toHaveText('Programma non raggiungibile')
  const again = await launch()
  await desk.goto(again.address())
  await expect(badge(desk)).toHaveText(/^Non in linea dalle \d\d:\d\d, 2 in coda$/)
  await showCasella(desk, indirizzo)
  await expect(panel).toContainText(email)
  await expect(panel).toContainText('2.400 MB')
  await expect(panel.getByTestId('pending-field')).toHaveCount(4)

  await network.heal()
  await alignNow(desk)
  await expect(badge(desk)).toHaveText(/^Allineato alle \d\d:\d\d$/)
  await expect(panel.getByTestId('pending-field')).toHaveCount(0)
  await expect(panel.getByRole('button', { name: 'Riabilita', exact: true })).toBeVisible()
  await expect(panel).toContainText(email)
  expect(await other.casella(id)).toMatchObject({
    comunicazioniEmail: email,
    quotaMb: 3000,
    softLimitMb: 2400,
    disabilitata: true,
    version: before.version + 2,
  })

  await test.step('the queue shows what was sent', async () => {
    await goTo(desk, 'Coda')
    await desk.getByRole('button', { name: 'Concluse' }).click()
    const rows = listOfOperations(desk).getByRole('row').filter({ hasText: indirizzo })
    await expect(rows).toHaveCount(2)
    await rows.filter({ hasText: 'E-mail per le comunicazioni' }).click()
    await operationPanel(desk).getByText('Cosa è stato inviato').click()
    await expect(operationPanel(desk)).toContainText(`PATCH /caselle/${id}`)
    await expect(operationPanel(desk)).toContainText(`"comunicazioniEmail":"${email}"`)
  })
})

test('the power fails right after saving: nothing is lost, and it arrives exactly once', async ({
  desk,
  application,
  launch,
  network,
  other,
}) => {
  const before = await activeCasella(other)
  await network.refuse()
  await showCasella(desk, before.indirizzo)
  await editCasella(desk, { quotaMb: 3000 })
  await expect(desk.getByText(`Modifica in coda per ${before.indirizzo}`)).toBeVisible()
  await application.kill()

  const again = await launch()
  await desk.goto(again.address())
  await expect(badge(desk)).toContainText('1 in coda')
  await network.heal()
  await alignNow(desk)
  await expect(badge(desk)).toHaveText(/^Allineato alle \d\d:\d\d$/)
  await showCasella(desk, before.indirizzo)
  await expect(detail(desk)).toContainText('3.000 MB')
  expect(await other.casella(before.id)).toMatchObject({
    quotaMb: 3000,
    softLimitMb: 2400,
    version: before.version + 1,
  })
})

test.describe('with time to think again', () => {
  test.use({ graceMs: 60_000 })

  test('undone from the toast before it leaves, a change never reaches the provider', async ({
    desk,
    network,
    other,
  }) => {
    const before = await activeCasella(other)
    const panel = await showCasella(desk, before.indirizzo)
    await editCasella(desk, { email: 'ripensamento@comune.example' })
    await expect(panel.getByTestId('pending-field')).toContainText(/in coda, invio tra \d+ s/)
    await desk.getByRole('status').getByRole('button', { name: 'Annulla' }).click()
    await expect(desk.getByText('Modifica annullata')).toBeVisible()
    await expect(panel.getByTestId('pending-field')).toHaveCount(0)
    await expect(panel).toContainText(before.comunicazioniEmail ?? '')
    await alignNow(desk)
    await expect(badge(desk)).toHaveText(/^Allineato alle \d\d:\d\d$/)
    expect(network.heads().filter((head) => head.startsWith('PATCH '))).toEqual([])
    expect(await other.casella(before.id)).toEqual(before)
  })
})
