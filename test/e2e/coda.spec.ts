import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { startApplication } from '../support/application.ts'
import { expect, test } from './fixtures.ts'
import { judge } from './judge.ts'
import {
  activeCaselle,
  activeCasella,
  alignNow,
  badge,
  editCasella,
  goTo,
  listOfOperations,
  operationPanel,
  showCasella,
} from './screens.ts'
import { openSignedIn } from './sign-in.ts'

async function withTheme(page: Page, words: 'Chiaro' | 'Scuro'): Promise<void> {
  await page.getByTestId('operator-menu').click()
  await page.getByRole('radio', { name: words }).check()
  await page.keyboard.press('Escape')
}
/** Judged in both themes; the pictures are for people. */
async function inBothThemes(page: Page, name: string): Promise<void> {
  for (const theme of ['Chiaro', 'Scuro'] as const) {
    await withTheme(page, theme)
    await judge(page)
    await page.screenshot({ path: test.info().outputPath(`${name}-${theme}.png`) })
  }
  await withTheme(page, 'Chiaro')
}
async function openQueue(page: Page, view: string): Promise<void> {
  await goTo(page, 'Coda')
  await page.getByRole('button', { name: new RegExp(`^${view}`) }).click()
}

test('two applications change one field, and the second decides field by field with the keyboard alone', async ({
  desk,
  network,
  sandbox,
  other,
  folder,
  browser,
}) => {
  test.slow()
  const casella = await activeCasella(other)
  const second = await startApplication({ data: join(folder, 'collega'), provider: sandbox.url })
  const page = await browser.newPage()
  try {
    await openSignedIn(page, second, 'collega')
    await network.refuse()
    await showCasella(desk, casella.indirizzo)
    await editCasella(desk, { email: 'mia@comune.example', quotaMb: 3000 })
    await expect(badge(desk)).toContainText('1 in coda')
    await showCasella(page, casella.indirizzo)
    await editCasella(page, { email: 'loro@comune.example', quotaMb: 4000 })
    await expect.poll(async () => (await other.casella(casella.id)).quotaMb).toBe(4000)
    await network.heal()
    await alignNow(desk)
    await expect(badge(desk)).toHaveText('1 da decidere')

    await openQueue(desk, 'Da decidere')
    await expect(desk.getByTestId('outbox-group')).toHaveCount(1)
    await listOfOperations(desk).focus()
    await desk.keyboard.press('ArrowDown')
    await expect(operationPanel(desk)).toBeVisible()
    await desk.keyboard.press('Enter')
    const group = (field: string) => operationPanel(desk).getByRole('group', { name: `${field}: quale valore tenere` })
    await expect(group('Spazio assegnato')).toContainText('(collega,')
    for (let tabs = 0; tabs < 30; tabs += 1) {
      if (
        await group('E-mail per le comunicazioni')
          .getByRole('radio')
          .first()
          .evaluate((radio) => radio === document.activeElement)
      )
        break
      await desk.keyboard.press('Tab')
    }
    await desk.keyboard.press('l')
    await expect(group('E-mail per le comunicazioni').getByRole('radio', { name: /quella del gestore/ })).toBeChecked()
    await desk.keyboard.press('Tab')
    await desk.keyboard.press('e')
    const third = operationPanel(desk).getByRole('textbox', { name: 'Spazio assegnato: valore nuovo' })
    await expect(third).toBeFocused()
    await desk.keyboard.press('Control+a')
    await desk.keyboard.type('tanto')
    await expect(operationPanel(desk).getByText('Scrivere un numero intero di MB.')).toBeVisible()
    await inBothThemes(desk, 'conflitto')
    await third.focus()
    await desk.keyboard.press('Control+a')
    await desk.keyboard.type('3.500')
    await desk.keyboard.press('Tab')
    await desk.keyboard.press('m')
    await desk.keyboard.press('Control+Enter')
    await expect
      .poll(() => other.casella(casella.id))
      .toMatchObject({ quotaMb: 3500, softLimitMb: 2400, comunicazioniEmail: 'loro@comune.example' })
    await expect(desk.getByText('Nulla da decidere')).toBeVisible()
  } finally {
    await page.close()
    await second.stop()
  }
})

test('conflicts of one kind are decided together, after examples of what happens', async ({ desk, network, other }) => {
  const caselle = (await activeCaselle(other)).slice(0, 3)
  await network.refuse()
  for (const { indirizzo } of caselle) {
    await showCasella(desk, indirizzo)
    await editCasella(desk, { email: 'mia@comune.example' })
    await expect(desk.getByText(`Modifica in coda per ${indirizzo}`)).toBeVisible()
  }
  for (const { id } of caselle) await other.patch(id, { comunicazioniEmail: 'loro@comune.example' })
  await network.heal()
  await alignNow(desk)
  await expect(badge(desk)).toHaveText('3 da decidere')
  await openQueue(desk, 'Da decidere')
  const group = desk.getByTestId('outbox-group')
  await expect(group).toContainText('3')
  await group.getByRole('button', { name: "Mostra nell'elenco" }).click()
  await expect(desk.getByText(/^Nell'elenco solo:/)).toBeVisible()
  await group.getByRole('button', { name: 'Tieni tutte le mie' }).click()
  const ask = desk.getByRole('alertdialog')
  await expect(ask).toContainText(
    'E-mail per le comunicazioni: dal gestore loro@comune.example, diventa mia@comune.example',
  )
  await inBothThemes(desk, 'gruppi')
  await ask.getByRole('button', { name: 'Applica a tutte queste 3' }).click()
  await expect(desk.getByTestId('many-work')).toContainText('Fatto per 3')
  for (const { id } of caselle)
    await expect.poll(async () => (await other.casella(id)).comunicazioniEmail).toBe('mia@comune.example')
})

test('an uncertain outcome shows its evidence, and a declaration is asked twice', async ({ desk, network, other }) => {
  const casella = await activeCasella(other)
  network.loseResponses(/^PATCH \/caselle/)
  await showCasella(desk, casella.indirizzo)
  await editCasella(desk, { quotaMb: 3300 })
  await expect.poll(async () => (await other.casella(casella.id)).quotaMb).toBe(3300)
  await openQueue(desk, 'Aperte')
  await listOfOperations(desk).getByRole('row').filter({ hasText: casella.indirizzo }).click()
  const panel = operationPanel(desk)
  await expect(panel.getByText('Esito incerto', { exact: true })).toBeVisible()
  await panel.getByRole('button', { name: 'Chiedi al gestore' }).click()
  await expect(panel.getByTestId('provider-evidence')).toContainText(
    /Spazio assegnato: il gestore oggi ha 3\.300 MB\. È il valore inviato\./,
  )
  await expect(panel.getByTestId('provider-evidence')).toContainText('corrisponde a quanto inviato')
  await panel.getByRole('button', { name: 'È arrivata', exact: true }).click()
  await panel.getByRole('button', { name: 'Registra la dichiarazione' }).click()
  await expect(panel.getByText('Per confermare scrivere ARRIVATA').first()).toBeVisible()
  await inBothThemes(desk, 'incerta')
  await panel.getByRole('textbox', { name: 'Per confermare scrivere ARRIVATA' }).fill('arrivata')
  await panel.getByRole('button', { name: 'Registra la dichiarazione' }).click()
  await expect(desk.getByText('Dichiarazione registrata')).toBeVisible()
})

test.describe('with the operator’s own settings', () => {
  test.use({ graceMs: null })

  test('sending by hand, what is saved waits, is reviewed and leaves as it was ticked', async ({ desk, other }) => {
    const [one, two] = await activeCaselle(other)
    if (one === undefined || two === undefined) throw new Error('the sandbox has no two active caselle')
    await desk.goto(`${new URL(desk.url()).origin}/#/impostazioni`)
    await desk.getByLabel('Modifiche che si possono rifare (secondi)').fill('4000')
    await desk.getByRole('button', { name: 'Salva' }).click()
    await expect(desk.getByText('Scrivere un numero intero da 0 a 3600.')).toBeVisible()
    await desk.getByLabel('Modifiche che si possono rifare (secondi)').fill('60')
    await desk.getByRole('radio', { name: /Manuale/ }).check()
    await desk.getByRole('button', { name: 'Salva' }).click()
    await expect(desk.getByText('Impostazioni di invio salvate')).toBeVisible()
    await inBothThemes(desk, 'impostazioni')
    for (const { indirizzo } of [one, two]) {
      await showCasella(desk, indirizzo)
      await editCasella(desk, { quotaMb: 3100 })
      await expect(desk.getByText(`Modifica in coda per ${indirizzo}`)).toBeVisible()
    }
    await openQueue(desk, 'Da inviare')
    await expect(desk.getByRole('heading', { name: '2 modifiche da inviare' })).toBeVisible()
    await desk.getByRole('checkbox', { name: `Tutte le modifiche di ${two.indirizzo}` }).uncheck()
    await inBothThemes(desk, 'revisione')
    await desk.getByRole('button', { name: 'Invia la selezionata' }).click()
    await desk.getByRole('alertdialog').getByRole('button', { name: 'Invia' }).click()
    await expect.poll(async () => (await other.casella(one.id)).quotaMb).toBe(3100)
    await expect(desk.getByRole('heading', { name: '1 modifica da inviare' })).toBeVisible()
    expect((await other.casella(two.id)).quotaMb).toBe(two.quotaMb)
  })

  test('in its grace period a change shows what changes, and is sent at once when asked', async ({ desk, other }) => {
    const casella = await activeCasella(other)
    await desk.goto(`${new URL(desk.url()).origin}/#/impostazioni`)
    await desk.getByLabel('Modifiche che si possono rifare (secondi)').fill('600')
    await desk.getByRole('button', { name: 'Salva' }).click()
    await expect(desk.getByText('Impostazioni di invio salvate')).toBeVisible()
    await showCasella(desk, casella.indirizzo)
    await editCasella(desk, { quotaMb: 3200 })
    const toast = desk.getByRole('status').filter({ hasText: 'Modifica in coda' })
    await expect(toast).toContainText('3.200 MB')
    await toast.getByRole('button', { name: 'Invia subito' }).click()
    await expect.poll(async () => (await other.casella(casella.id)).quotaMb).toBe(3200)
  })
})

test('what is being written in Nuova casella is there again after the power fails', async ({
  page,
  launch,
  application,
}) => {
  await openSignedIn(page, application)
  await goTo(page, 'Caselle')
  await page.getByRole('link', { name: 'Nuova casella' }).click()
  await page.getByLabel('Denominazione').fill('ufficio.bozza')
  await page.getByLabel('E-mail per le comunicazioni').fill('ufficio@posta.example')
  await expect(page.getByTestId('draft-saved')).toBeVisible()
  await expect(page.getByTestId('draft-saved')).toContainText('Bozza salvata alle')
  await page.getByRole('navigation', { name: 'Menu' }).getByRole('link', { name: 'Coda' }).click()
  await page.getByRole('button', { name: 'Esci e tieni la bozza' }).click()
  await page.getByRole('button', { name: /^Bozze/ }).click()
  await expect(page.getByTestId('draft')).toContainText('ufficio.bozza')
  await inBothThemes(page, 'bozze')
  await application.kill()
  const again = await launch()
  await page.goto('about:blank')
  await page.goto(again.address())
  await expect(badge(page)).toHaveText(/^Allineato alle/)
  await goTo(page, 'Caselle')
  await page.getByRole('link', { name: 'Nuova casella' }).click()
  await page.getByRole('button', { name: 'Riprendi' }).click()
  await expect(page.getByLabel('Denominazione')).toHaveValue('ufficio.bozza')
  await expect(page.getByLabel('E-mail per le comunicazioni')).toHaveValue('ufficio@posta.example')
})
