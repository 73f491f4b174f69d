import type { APIRequestContext, Page } from '@playwright/test'
import type { SandboxProcess } from '../support/sandbox-process.ts'
import { expect, test } from './fixtures.ts'
import { activeCaselle, alignNow, badge, detail, goTo } from './screens.ts'

/** The Gestore's own console, signed in: answers a form there. */
async function consoleOf(sandbox: SandboxProcess, request: APIRequestContext) {
  const [, utente = '', password = ''] = /^utente console: (\S+) \/ (\S+)$/m.exec(sandbox.program.stdout()) ?? []
  const post = (path: string, form: Record<string, string>) =>
    request.post(`${sandbox.url}/console/${path}`, { form, headers: { origin: sandbox.url } })
  await post('accesso', { utente, password })
  return post
}

/** As the system's own key for a picture of the screen: into the clipboard, and pasted where the cursor is. */
async function pastePicture(page: Page): Promise<void> {
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  await page.evaluate(async () => {
    const canvas = document.createElement('canvas')
    canvas.getContext('2d')?.fillRect(0, 0, 8, 8)
    const blob = await new Promise<Blob | null>((resolve) => {
      canvas.toBlob(resolve, 'image/png')
    })
    if (blob !== null) await navigator.clipboard.write([new ClipboardItem({ 'image/png': blob })])
  })
  await page.keyboard.press('Control+v')
}

test('a segnalazione opened offline is answered from the console of the gestore, and closed', async ({
  desk,
  network,
  sandbox,
  request,
}) => {
  await goTo(desk, 'Supporto')
  await network.refuse()
  const panel = desk.getByRole('complementary', { name: 'Segnalazione' })
  await desk.keyboard.press('n')
  await panel.getByRole('combobox', { name: 'Tipo' }).press('ArrowDown')
  await desk.getByRole('option', { name: 'Posta' }).click()
  await panel.getByLabel('Titolo').fill('Ricevuta che manca')
  await panel.getByLabel('Descrizione').fill('Inviata ieri, nessuna consegna.')
  const files = panel.getByRole('list', { name: 'Allegati' })
  await pastePicture(desk)
  await expect(files).toContainText('image.png')
  await panel.getByRole('button', { name: 'Aggiungi la diagnostica' }).click()
  const shown = panel.getByRole('region', { name: 'Contenuto del pacchetto' }).last()
  await expect(shown).toContainText('"ultimoAllineamento"')
  await panel.getByRole('button', { name: 'Allega quanto mostrato' }).click()
  await expect(files).toContainText('sportello-diagnostica.json')
  await expect(panel.getByTestId('draft-saved')).toBeVisible()

  // What was written outlasts the page.
  await desk.reload()
  await panel.getByRole('button', { name: 'Riprendi' }).click()
  await expect(panel.getByLabel('Titolo')).toHaveValue('Ricevuta che manca')
  await expect(files.getByRole('listitem')).toHaveCount(2)
  await panel.getByLabel('Descrizione').press('Control+Enter')
  const row = desk.getByRole('grid', { name: 'Elenco delle segnalazioni' }).getByRole('row').nth(1)
  await expect(row).toContainText('Ricevuta che manca')
  await expect(row).toContainText('In coda')

  await network.heal()
  await alignNow(desk)
  await expect(row).toContainText('Aperta')
  await expect(badge(desk)).toHaveText(/^Allineato alle \d\d:\d\d$/)
  const code = (await panel.locator('.mono').first().textContent()) ?? ''
  await expect(panel.getByRole('button', { name: /^(image\.png|sportello-diagnostica\.json) \(/ })).toHaveCount(2)
  const post = await consoleOf(sandbox, request)
  const answer = (form: Record<string, string>) => post(`segnalazioni/${code}`, form)
  await answer({ azione: 'risposta', testo: 'A quale indirizzo?' })
  await alignNow(desk)
  await expect(panel).toContainText('A quale indirizzo?')
  await expect(panel).toContainText("L'assistenza aspetta una risposta.")
  await panel.getByLabel('Messaggio').fill('A un indirizzo di posta ordinaria.')
  await panel.getByRole('button', { name: 'Invia il messaggio' }).click()
  await expect(panel).toContainText('A un indirizzo di posta ordinaria.')
  await expect(panel.getByText('In coda')).toHaveCount(0)
  await alignNow(desk)
  await expect(row).toContainText('Presa in carico')
  await answer({
    azione: 'chiusura',
    problema: 'Posta ordinaria',
    svolta: 'Verifica',
    soluzione: 'Non prevista',
  })
  await alignNow(desk)
  await expect(panel).toContainText('Non prevista')
  await expect(panel.getByRole('button', { name: 'Riapri la segnalazione' })).toBeVisible()

  await desk.keyboard.press('F1')
  await expect(desk.getByRole('heading', { name: 'Aprire e seguire una segnalazione' })).toBeFocused()
})

test('an extract of the logs is asked, its signed form uploaded, and its delivery followed (D119)', async ({
  desk,
  other,
  sandbox,
  request,
}) => {
  const casella = (await activeCaselle(other)).find(({ richiesta }) => richiesta === 'nessuna')
  if (casella === undefined) throw new Error('no active casella')
  await goTo(desk, 'Supporto')
  await desk.getByRole('link', { name: 'Richieste', exact: true }).click()
  await desk.getByRole('combobox', { name: 'Casella' }).fill(casella.indirizzo)
  await desk.getByRole('option', { name: casella.indirizzo }).click()
  await desk.getByRole('radio', { name: /^Estratto dei log/ }).check()
  await desk.getByRole('button', { name: 'Prosegui' }).click()
  const form = detail(desk).getByRole('alertdialog')
  await form.getByRole('button', { name: 'Chiedi', exact: true }).click()
  await expect(form).toContainText("Scrivere a che cosa serve l'estratto.")
  const today = new Intl.DateTimeFormat('it-IT', {
    timeZone: 'Europe/Rome',
    day: '2-digit',
    month: '2-digit',
    year: 'numeric',
  }).format(new Date())
  await form.getByLabel('Dal giorno').fill(today)
  await form.getByRole('textbox', { name: 'Al giorno', exact: true }).fill(today)
  await form.getByLabel('Scopo').fill('Prova della consegna di una diffida')
  await form.getByRole('button', { name: 'Chiedi', exact: true }).click()
  const made = detail(desk).getByRole('list', { name: 'Richieste fatte' }).getByRole('listitem').first()
  await expect(made).toContainText('Attende il gestore')
  await expect(made).toContainText('Prova della consegna di una diffida')

  const coming = desk.waitForEvent('download')
  await made.getByRole('button', { name: 'Stampa il modulo' }).click()
  const printed = await (await coming).path()
  await made.getByRole('link', { name: 'Carica il modulo firmato' }).click()
  await desk.getByLabel('File da caricare').setInputFiles(printed)
  // Signed on paper: somebody says that it goes.
  await desk.getByRole('button', { name: 'Invia comunque' }).click()
  await desk.getByLabel('Motivo').fill('Firmata su carta davanti allo sportello')
  await desk.getByRole('button', { name: "Acconsento all'invio" }).click()
  await desk.getByRole('button', { name: "Accoda l'invio" }).click()
  await expect(desk.getByText('1 di 1 file ricevuti dal gestore')).toBeVisible()

  const filter = encodeURIComponent(`casellaId eq "${casella.id}" and kind eq "estratto_log"`)
  const [asked] = (await other.list(`/operations?filter=${filter}`)) as { id: string }[]
  const post = await consoleOf(sandbox, request)
  await post(`estratti/${asked?.id ?? ''}`, { esito: 'si' })
  await goTo(desk, 'Supporto')
  await desk.getByRole('link', { name: 'Richieste', exact: true }).click()
  await alignNow(desk)
  await desk.getByRole('combobox', { name: 'Mostra' }).selectOption('Tutte')
  const row = desk.getByRole('table', { name: 'Richieste al gestore' }).getByRole('row').filter({
    hasText: casella.indirizzo,
  })
  await expect(row.filter({ hasText: 'Estratto dei log' })).toContainText('Conclusa')
})
