import type { Page } from '@playwright/test'
import { PDFDocument } from 'pdf-lib'
import { readFileSync } from 'node:fs'
import type { ProfileName } from '../../src-main/provider-contract/capabilities.ts'
import type { Colleague } from '../support/provider-colleague.ts'
import { samplePdf } from '../../src-main/sandbox/generate/pdf.ts'
import { startSandboxProcess } from '../support/sandbox-process.ts'
import { expect, test as base } from './fixtures.ts'
import { judge } from './judge.ts'
import { activeCaselle, alignNow, badge, detail, showCasella } from './screens.ts'

const test = base.extend<{ profile: ProfileName }>({
  profile: ['toscana', { option: true }],
  sandbox: async ({ sandboxData, profile }, use) => {
    const sandbox = await startSandboxProcess({ data: sandboxData, profile })
    await use(sandbox)
    await sandbox.stop()
  },
})

const ofCasella = (id: string): string => `filter=${encodeURIComponent(`casellaId eq "${id}"`)}`
const asked = (other: Colleague, id: string): Promise<unknown[]> => other.list(`/operations?${ofCasella(id)}`)
const steps = (page: Page) => page.getByTestId('casella-steps')
const tab = (page: Page, name: string) => detail(page).getByRole('tab', { name, exact: true }).click()
const dialog = (page: Page) => detail(page).getByRole('alertdialog')

async function quietCaselle(other: Colleague) {
  const found = (await activeCaselle(other)).filter(
    ({ richiesta, passwordScaduta }) => richiesta === 'nessuna' && !passwordScaduta,
  )
  const [one, two] = found
  if (one === undefined || two === undefined) throw new Error('too few active caselle')
  return [one, two] as const
}

/** In both schemes of colours, as people have them. */
async function judgeBoth(page: Page): Promise<void> {
  await judge(page)
  await page.emulateMedia({ colorScheme: 'dark' })
  await judge(page)
  await page.emulateMedia({ colorScheme: 'light' })
}

for (const profile of ['basilicata', 'poste'] as const)
  test.describe(profile, () => {
    test.use({ profile })

    test('a link for the password leaves once, to the communications e-mail, and not without one (D75)', async ({
      desk,
      other,
    }) => {
      const [one, two] = await quietCaselle(other)
      await other.patch(two.id, { comunicazioniEmail: null })
      await alignNow(desk)
      await showCasella(desk, one.indirizzo)
      await expect(steps(desk)).toContainText('Attiva dal')
      await expect(steps(desk)).toContainText('Nulla da fare')
      await tab(desk, 'Azioni')
      const before = (await asked(other, one.id)).length
      await detail(desk).getByRole('button', { name: 'Invia il collegamento per la password' }).click()
      await expect(dialog(desk)).toContainText(`Parte verso ${one.comunicazioniEmail ?? ''}`)
      await expect(dialog(desk)).toContainText('vale 24 ore e una volta sola')
      await judgeBoth(desk)
      await desk.keyboard.press('Escape')
      await expect(dialog(desk)).toHaveCount(0)
      await expect(detail(desk).getByRole('button', { name: 'Invia il collegamento per la password' })).toBeFocused()
      await detail(desk).getByRole('button', { name: 'Invia il collegamento per la password' }).click()
      await dialog(desk).getByRole('button', { name: 'Invia', exact: true }).click()
      const list = detail(desk).getByRole('list', { name: 'Richieste fatte' })
      await expect(list.getByRole('listitem').first()).toContainText('Invio del collegamento per la password')
      await expect(list.getByRole('listitem').first()).toContainText('Attende il titolare')
      const arrived = (await asked(other, one.id)).slice()
      expect(arrived).toHaveLength(before + 1)
      expect(arrived).toContainEqual(expect.objectContaining({ kind: 'reset_link', state: 'waiting_holder' }))

      await showCasella(desk, two.indirizzo)
      await tab(desk, 'Azioni')
      await expect(detail(desk)).toContainText(
        "Manca l'e-mail per le comunicazioni: senza, il collegamento non può partire.",
      )
      await expect(detail(desk).getByRole('button', { name: 'Invia il collegamento per la password' })).toHaveCount(0)
      await detail(desk).getByRole('button', { name: "Scrivi l'e-mail" }).click()
      await expect(detail(desk).getByLabel('E-mail per le comunicazioni')).toBeFocused()
    })
  })

test('activation data follow the signed request, whose form is printed here (D80, D81, D83)', async ({
  desk,
  other,
}) => {
  const [casella] = await quietCaselle(other)
  await showCasella(desk, casella.indirizzo)
  await tab(desk, 'Azioni')
  await expect(detail(desk)).toContainText('Prima va caricata la richiesta di nuove credenziali firmata')
  await expect(detail(desk).getByRole('button', { name: 'Chiedi i dati di attivazione' })).toHaveCount(0)
  const coming = desk.waitForEvent('download')
  await detail(desk).getByRole('button', { name: 'Stampa il modulo' }).click()
  const download = await coming
  expect(download.suggestedFilename()).toMatch(/^nuove-credenziali-.+\.pdf$/)
  const form = await PDFDocument.load(readFileSync(await download.path()))
  expect(form.getPageCount()).toBe(1)

  await detail(desk).getByRole('link', { name: 'Carica i documenti' }).click()
  await expect(desk.getByRole('heading', { name: 'Carica documentazione' })).toBeVisible()
  await desk
    .getByLabel('File da caricare')
    .setInputFiles([{ name: 'firmata.pdf', mimeType: 'application/pdf', buffer: samplePdf('1', 'nuove_credenziali') }])
  await desk.getByRole('combobox', { name: /^Tipo/ }).first().press('ArrowDown')
  await desk.getByRole('option', { name: 'Richiesta di nuove credenziali' }).click()
  await desk.getByRole('button', { name: "Accoda l'invio" }).click()
  // Signed on paper: it has no signature that can be verified, and goes because somebody says so.
  await desk.getByRole('button', { name: 'Invia comunque' }).click()
  await desk.getByLabel('Motivo').fill('Firmata su carta davanti allo sportello')
  await desk.getByRole('button', { name: "Acconsento all'invio" }).click()
  await desk.getByRole('button', { name: "Accoda l'invio" }).click()
  await expect(desk.getByText('1 di 1 file ricevuti dal gestore')).toBeVisible()

  await showCasella(desk, casella.indirizzo)
  await tab(desk, 'Azioni')
  await detail(desk).getByRole('button', { name: 'Chiedi i dati di attivazione' }).click()
  await dialog(desk).getByRole('button', { name: 'Chiedi', exact: true }).click()
  await expect(detail(desk).getByRole('list', { name: 'Richieste fatte' })).toContainText('Attende il gestore')
  const arrived = await asked(other, casella.id)
  expect(arrived.filter((each) => JSON.stringify(each).includes('activation_data'))).toHaveLength(1)
  await expect(detail(desk)).toContainText('È già stato chiesto')
})

test('a change of holder names the new one, arrives once, and the document it lacks is the next step (D71)', async ({
  desk,
  other,
}) => {
  const [casella, another] = await quietCaselle(other)
  const holder = await other.row(`/titolari/${another.titolareId}`)
  const codiceFiscale = String(holder['codiceFiscale'])
  await showCasella(desk, casella.indirizzo)
  await tab(desk, 'Azioni')
  await detail(desk).getByRole('button', { name: 'Cambia intestatario' }).click()
  await expect(dialog(desk).getByLabel('Nuovo titolare', { exact: true })).toBeFocused()
  await expect(dialog(desk)).toContainText('Documento di subentro firmato: manca')
  await dialog(desk).getByRole('button', { name: 'Chiedi', exact: true }).click()
  await expect(dialog(desk)).toContainText('Scegliere il nuovo titolare.')
  await dialog(desk).getByLabel('Nuovo titolare', { exact: true }).fill(codiceFiscale)
  await desk.getByRole('option').filter({ hasText: codiceFiscale }).click()
  await dialog(desk).getByLabel('E-mail per le comunicazioni del nuovo titolare').fill('sbagliata@')
  await dialog(desk).getByRole('button', { name: 'Chiedi', exact: true }).click()
  await expect(dialog(desk)).toContainText('Scrivere un indirizzo e-mail completo')
  await judgeBoth(desk)
  await test.step('what is written stays while another tab is looked at, and is not closed away unasked', async () => {
    await tab(desk, 'Note')
    await detail(desk).getByLabel('Nuova nota').fill('Chiamare il nuovo titolare.')
    await tab(desk, 'Azioni')
    await expect(dialog(desk).getByLabel('E-mail per le comunicazioni del nuovo titolare')).toHaveValue('sbagliata@')
    await expect(dialog(desk).getByLabel('Nuovo titolare', { exact: true })).not.toHaveValue('')
    const question = desk.waitForEvent('dialog')
    await desk.evaluate(() => {
      setTimeout(() => {
        location.reload()
      })
    })
    expect((await question).type()).toBe('beforeunload')
    await (await question).dismiss()
    await tab(desk, 'Note')
    await expect(detail(desk).getByLabel('Nuova nota')).toHaveValue('Chiamare il nuovo titolare.')
    await detail(desk).getByLabel('Nuova nota').fill('')
    await tab(desk, 'Azioni')
  })
  await dialog(desk).getByLabel('E-mail per le comunicazioni del nuovo titolare').fill('nuova@ente.example')
  await dialog(desk).getByRole('button', { name: 'Chiedi', exact: true }).click()
  await expect(steps(desk)).toContainText('Subentro richiesto, manca il documento firmato')
  await expect(steps(desk)).toContainText('Tocca a: ufficio')
  await expect(steps(desk).getByRole('link', { name: 'Carica i documenti' })).toBeVisible()
  await expect.poll(async () => (await other.casella(casella.id)).richiesta).toBe('subentro')
  const arrived = await asked(other, casella.id)
  expect(arrived.filter((each) => JSON.stringify(each).includes('subentro'))).toHaveLength(1)
  expect(await other.casella(casella.id)).toMatchObject({ version: casella.version + 1 })
  await expect(detail(desk)).toContainText("C'è già una richiesta aperta")
})

test('documents that are missing before the activation are the office’s next step (D60)', async ({ desk, other }) => {
  const { items } = await other.page('/caselle?limit=200')
  const waiting: string[] = []
  for (const { id, ciclo, indirizzo } of items) {
    if (ciclo !== 'in_attesa_gestore') continue
    const documenti = await other.list(`/documenti?${ofCasella(id)}`)
    if (!documenti.some((each) => JSON.stringify(each).includes('"attivazione"'))) waiting.push(indirizzo)
  }
  const refused = items.find(({ ciclo }) => ciclo === 'documenti_errati')
  for (const indirizzo of waiting.slice(0, 1)) {
    await showCasella(desk, indirizzo)
    await expect(steps(desk)).toContainText('In attesa della richiesta di attivazione firmata')
    await expect(steps(desk)).toContainText('Tocca a: ufficio')
  }
  if (refused !== undefined) {
    await showCasella(desk, refused.indirizzo)
    await expect(steps(desk)).toContainText('Documenti respinti dal gestore')
    await judge(desk)
  }
  expect(waiting.length + (refused === undefined ? 0 : 1)).toBeGreaterThan(0)
})

test('a deletion says what is lost, offers disabling first, wants the address written, and arrives once (D68)', async ({
  desk,
  other,
}) => {
  const [casella] = await quietCaselle(other)
  await showCasella(desk, casella.indirizzo)
  await tab(desk, 'Azioni')
  const elimina = detail(desk).getByRole('button', { name: 'Elimina', exact: true })
  await elimina.click()
  await expect(dialog(desk)).toContainText("Se serve solo impedire l'uso, basta disabilitarla")
  await expect(dialog(desk).getByRole('button', { name: 'Disabilita invece di eliminare' })).toBeFocused()
  await judgeBoth(desk)
  await desk.keyboard.press('Enter')
  await expect(dialog(desk)).toContainText('Il contenuto resta e la casella si può riabilitare')
  await desk.keyboard.press('Escape')

  await tab(desk, 'Azioni')
  await elimina.click()
  await dialog(desk).getByRole('button', { name: "Procedi con l'eliminazione" }).click()
  await expect(dialog(desk)).toContainText('il gestore non ne conserva copia')
  await expect(dialog(desk)).toContainText('potrà usarlo di nuovo soltanto lo stesso titolare')
  const written = dialog(desk).getByRole('textbox')
  await written.fill('si')
  await dialog(desk).getByRole('button', { name: 'Elimina la casella' }).click()
  await expect(dialog(desk)).toBeVisible()
  expect(await other.casella(casella.id)).toEqual(casella)
  await judgeBoth(desk)
  await written.fill(casella.indirizzo.toUpperCase())
  await dialog(desk).getByRole('button', { name: 'Elimina la casella' }).click()
  await expect(desk.getByText(`Eliminazione in coda per ${casella.indirizzo}`)).toBeVisible()
  await expect.poll(async () => (await other.casella(casella.id)).ciclo).toBe('eliminata')
  expect(await other.casella(casella.id)).toMatchObject({ version: casella.version + 1 })
  await expect(detail(desk)).toContainText('Casella eliminata: resta in sola lettura')
  await expect(detail(desk).getByRole('button', { name: 'Elimina', exact: true })).toHaveCount(0)

  // D89: the record is opened by the keyboard and tells each field before and after.
  await tab(desk, 'Storico')
  const records = detail(desk).getByTestId('storico').getByRole('button')
  await expect(records.first()).toContainText('Eliminazione')
  await records.last().focus()
  await desk.keyboard.press('Home')
  await desk.keyboard.press('Enter')
  await expect(detail(desk).getByRole('row', { name: 'Stato Attiva Eliminata' })).toBeVisible()
  await judgeBoth(desk)
})

test.describe('within the time to think again', () => {
  test.use({ graceMs: 60_000 })

  test('a deletion is taken back from the panel and never reaches the provider', async ({ desk, network, other }) => {
    const [casella] = await quietCaselle(other)
    await showCasella(desk, casella.indirizzo)
    await tab(desk, 'Azioni')
    await detail(desk).getByRole('button', { name: 'Elimina', exact: true }).click()
    await dialog(desk).getByRole('button', { name: "Procedi con l'eliminazione" }).click()
    await dialog(desk).getByRole('textbox').fill(casella.indirizzo)
    await desk.keyboard.press('Enter')
    const note = detail(desk).getByRole('note').filter({ hasText: 'Eliminazione della casella' })
    await expect(note).toContainText(/in coda, invio tra \d+ s/)
    await judgeBoth(desk)
    await note.getByRole('button', { name: 'annulla' }).click()
    await expect(note).toHaveCount(0)
    await alignNow(desk)
    await expect(badge(desk)).toHaveText(/^Allineato alle \d\d:\d\d$/)
    expect(network.heads().filter((head) => head.startsWith('DELETE '))).toEqual([])
    expect(await other.casella(casella.id)).toEqual(casella)
  })
})

for (const profile of ['toscana', 'ordine'] as const)
  test.describe(`the mail of a casella, ${profile}`, () => {
    test.use({ profile })

    test('is read, changed without network, arrives once, and its rule is cancelled (D111 to D113)', async ({
      desk,
      network,
      other,
    }) => {
      const [casella] = await quietCaselle(other)
      const path = `/caselle/${casella.id}/impostazioni`
      const before = await other.row(path)
      await showCasella(desk, casella.indirizzo)
      await tab(desk, 'Posta')
      const panel = detail(desk)
      await expect(panel).toContainText('I messaggi non certificati vengono respinti.')
      await expect(panel).toContainText('Nessun avviso.')
      await expect(panel.getByTestId('edit-posta')).toBeVisible()

      await network.refuse()
      await alignNow(desk)
      await expect(badge(desk)).toHaveText(/^Non in linea/)
      await expect(panel).toContainText(/Non in linea: valori letti dal gestore l'ultima volta il \d\d\/\d\d/)
      await panel.getByTestId('edit-posta').click()
      await expect(panel.getByRole('radio', { name: /^Solo posta certificata/ })).toBeFocused()
      await expect(panel.getByRole('radio')).toHaveCount(profile === 'ordine' ? 4 : 2)
      await panel.getByRole('radio', { name: /inoltrato/ }).check()
      await panel.getByRole('button', { name: 'Salva' }).click()
      await expect(panel).toContainText('Da compilare.')
      await panel.getByLabel('Indirizzo a cui inoltrare').fill(casella.indirizzo)
      await expect(panel).toContainText("È l'indirizzo della casella stessa")
      await panel.getByLabel('Indirizzo a cui inoltrare').fill('altrove@posta.example')
      await panel.getByLabel(/^Indirizzo ordinario 1/).fill('avvisi@posta.example')
      await judgeBoth(desk)

      // What was written waits for an answer before it goes.
      await desk.keyboard.press('Escape')
      await expect(dialog(desk)).toContainText('Quanto scritto andrà perso')
      await dialog(desk).getByRole('button', { name: 'Continua a modificare' }).click()
      await tab(desk, 'Casella')
      await tab(desk, 'Posta')
      await expect(panel.getByLabel('Indirizzo a cui inoltrare')).toHaveValue('altrove@posta.example')
      await panel.getByLabel('Indirizzo a cui inoltrare').press('Control+Enter')
      await expect(panel).toContainText('Avviso a avvisi@posta.example, per ogni mittente.')
      await expect(panel.getByTestId('pending-field')).toHaveCount(2)
      expect(await other.row(path)).toEqual(before)

      await network.heal()
      await alignNow(desk)
      await expect(panel.getByTestId('pending-field')).toHaveCount(0)
      const version = (before.version ?? 0) + 1
      await expect
        .poll(() => other.row(path))
        .toMatchObject({
          nonCertificata: { modo: 'forward', inoltroA: 'altrove@posta.example' },
          notifica: { indirizzi: ['avvisi@posta.example'], mittenti: [] },
          version,
        })
      await panel.getByRole('button', { name: 'Cancella la regola' }).click()
      await expect(panel).toContainText('Nessun avviso.')
      await expect
        .poll(() => other.row(path))
        .toMatchObject({ notifica: { indirizzi: [], mittenti: [] }, version: version + 1 })
      await expect(panel.getByTestId('pending-field')).toHaveCount(0)

      await panel.getByRole('button', { name: 'Mostra i parametri' }).click()
      const smtp = profile === 'ordine' ? 'smtps.pec.aruba.it' : 'smtps.sicurezzapostale.it'
      await expect(panel.getByRole('row', { name: /^SMTP/ })).toContainText(`${smtp}465`)
      await judgeBoth(desk)
      await expect(panel.locator('input[type="password"]')).toHaveCount(0)
    })
  })
