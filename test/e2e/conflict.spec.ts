import { expect, test } from './fixtures.ts'
import {
  activeCasella,
  alignNow,
  badge,
  detail,
  editCasella,
  goTo,
  listOfOperations,
  operationPanel,
  showCasella,
} from './screens.ts'

test("a colleague's change of the same field is shown beside mine, and either can be kept", async ({
  desk,
  network,
  other,
}) => {
  const [one, two] = [await activeCasella(other, 0), await activeCasella(other, 1)]
  const email = { mine: 'mia@comune.example', theirs: 'loro@comune.example' }
  await network.refuse()
  for (const { indirizzo } of [one, two]) {
    await showCasella(desk, indirizzo)
    await editCasella(desk, { email: email.mine })
    await expect(desk.getByText(`Modifica in coda per ${indirizzo}`)).toBeVisible()
  }
  for (const { id } of [one, two]) await other.patch(id, { comunicazioniEmail: email.theirs })
  await network.heal()
  await alignNow(desk)
  await expect(badge(desk)).toHaveText('2 da decidere')

  await goTo(desk, 'Coda')
  await desk.getByRole('button', { name: /^Da decidere/ }).click()
  const row = (indirizzo: string) => listOfOperations(desk).getByRole('row').filter({ hasText: indirizzo })
  const panel = operationPanel(desk)
  const choice = panel.getByRole('group', { name: 'E-mail per le comunicazioni: quale valore tenere' })

  await test.step('mine', async () => {
    await row(one.indirizzo).click()
    await expect(panel.getByText(one.indirizzo)).toBeVisible()
    await expect(choice).toContainText(`Quello che vedevi${one.comunicazioniEmail ?? ''}`)
    await expect(choice.getByRole('radio', { name: /^La tua modifica/ })).not.toBeChecked()
    await expect(choice.getByText(email.theirs)).toBeVisible()
    await expect(choice.getByText(email.mine)).toBeVisible()

    await panel.getByRole('button', { name: 'Conferma la scelta' }).click()
    await expect(panel.getByText('Scegliere un valore per ogni campo.')).toBeVisible()
    await choice.getByRole('radio', { name: /Tieni la tua/ }).check()
    await panel.getByRole('button', { name: 'Conferma la scelta' }).click()
    await expect(row(one.indirizzo)).toHaveCount(0)
    await expect.poll(async () => (await other.casella(one.id)).comunicazioniEmail).toBe(email.mine)
  })

  await test.step('theirs', async () => {
    await row(two.indirizzo).click()
    await expect(panel.getByText(two.indirizzo)).toBeVisible()
    await choice.getByRole('radio', { name: /Tieni quella del gestore/ }).check()
    await panel.getByRole('button', { name: 'Conferma la scelta' }).click()
    await expect(desk.getByText('Nulla da decidere')).toBeVisible()
  })

  await expect(badge(desk)).toHaveText(/^Allineato alle \d\d:\d\d$/)
  expect(await other.casella(one.id)).toMatchObject({
    comunicazioniEmail: email.mine,
    version: one.version + 2,
  })
  expect(await other.casella(two.id)).toMatchObject({
    comunicazioniEmail: email.theirs,
    version: two.version + 1,
  })
  await showCasella(desk, two.indirizzo)
  await expect(detail(desk)).toContainText(email.theirs)
  await expect(detail(desk).getByTestId('pending-field')).toHaveCount(0)
})
