import type { Page } from '@playwright/test'
import { z } from 'zod'
import { checkCharacter } from '../../src-main/contract/rules/codice-fiscale.ts'
import type { ProfileName } from '../../src-main/provider-contract/capabilities.ts'
import type { Casella } from '../../src-main/provider-contract/casella.ts'
import { Titolare } from '../../src-main/provider-contract/titolare.ts'
import type { Colleague } from '../support/provider-colleague.ts'
import { startSandboxProcess } from '../support/sandbox-process.ts'
import { expect, test as base } from './fixtures.ts'
import { judge } from './judge.ts'
import { activeCasella, alignNow, badge, choose, detail } from './screens.ts'

const test = base.extend<{ profile: ProfileName }>({
  profile: ['toscana', { option: true }],
  sandbox: async ({ sandboxData, profile }, use) => {
    const sandbox = await startSandboxProcess({ data: sandboxData, profile })
    await use(sandbox)
    await sandbox.stop()
  },
})

const FIFTEEN = 'BNCLRA85M41D612'
const codiceFiscale = FIFTEEN + checkCharacter(FIFTEEN)
const step = (page: Page, name: string) =>
  page.getByRole('navigation', { name: 'Passi della nuova casella' }).getByRole('button', { name })
const heading = (page: Page, name: string) =>
  page.getByRole('main').getByRole('heading', { name, exact: true, level: 2 })

async function openForm(page: Page, dominio: string): Promise<void> {
  await page.getByRole('link', { name: 'Nuova casella' }).click()
  await expect(page.getByLabel('Denominazione')).toBeFocused()
  await page.getByRole('combobox', { name: 'Dominio' }).fill(dominio)
  await page.getByRole('option', { name: dominio, exact: true }).click()
}

const withAddress = async (other: Colleague, indirizzo: string): Promise<Casella[]> =>
  (await other.page(`/caselle?filter=${encodeURIComponent(`indirizzo eq "${indirizzo}"`)}`)).items

async function withCodice(other: Colleague, codice: string): Promise<Titolare[]> {
  const filter = encodeURIComponent(`codiceFiscale eq "${codice}"`)
  return z.array(Titolare).parse(await other.list(`/titolari?filter=${filter}`))
}

test('toscana: a casella of a new company waits without network and arrives once, though an answer is lost; a draft is gone on with', async ({
  desk,
  network,
  other,
}) => {
  const existing = await activeCasella(other)
  const { dominio } = existing
  const indirizzo = `protocollo.nuovo@${dominio}`
  await openForm(desk, dominio)
  await choose(desk, 'Tipologia', /^STANDARD, 1 GB, € 4,00 a semestre$/)
  await desk.getByLabel('Denominazione').fill(existing.denominazione)
  await expect(desk.getByText(`${existing.indirizzo} esiste già: scegliere un'altra denominazione.`)).toBeVisible()
  await desk.keyboard.press('Control+Enter')
  await expect(heading(desk, 'Casella')).toBeVisible()
  await desk.getByLabel('Denominazione').fill('protocollo.nuovo')
  await expect(desk.getByText(`${indirizzo} è disponibile.`)).toBeVisible()
  await desk.getByLabel('GB aggiuntivi').fill('2')

  await network.refuse()
  await desk.keyboard.press('Control+Enter')
  await expect(desk.getByLabel('Codice fiscale')).toBeFocused()
  await desk.getByLabel('Codice fiscale').fill(`${FIFTEEN}${codiceFiscale.endsWith('A') ? 'B' : 'A'}`)
  await desk.getByLabel('Codice fiscale').blur()
  await expect(desk.getByText("L'ultimo carattere non corrisponde agli altri").first()).toBeVisible()
  await desk.getByLabel('Codice fiscale').fill(codiceFiscale.toLowerCase())
  await expect(desk.getByText('Non è in anagrafica: servono i suoi dati.')).toBeVisible()
  await desk.getByLabel('Nome', { exact: true }).fill('Lara')
  await desk.getByLabel('Cognome').fill('Bianchi')
  await choose(desk, 'Tipologia di titolare', 'Impresa')
  await judge(desk)

  // What is written is kept when the screen is left, and gone on with.
  await desk.getByRole('link', { name: 'Torna alle caselle' }).click()
  await desk.getByRole('button', { name: 'Esci e tieni la bozza' }).click()
  await desk.getByRole('link', { name: 'Nuova casella' }).click()
  await desk.getByRole('button', { name: 'Riprendi' }).click()
  await expect(desk.getByLabel('Cognome del referente')).toHaveValue('Bianchi')
  await expect(step(desk, 'Impresa')).toBeVisible()

  await step(desk, 'Indirizzo').click()
  await desk.getByLabel('Via e numero').fill('Via della Prova 3')
  await desk.keyboard.press('Control+Enter')
  await expect(desk.getByRole('alert').first()).toContainText('3 campi da correggere')
  await desk.getByLabel('Comune').pressSequentially('Fiesol')
  await desk.getByRole('option', { name: /^Fiesole/ }).click()
  await expect(desk.getByLabel('Provincia')).toHaveValue('FI')
  await expect(desk.getByLabel('CAP')).toHaveValue('50014')
  await desk.keyboard.press('Control+Enter')
  await desk.getByLabel('Ragione sociale').fill('Provette S.r.l.')
  await desk.getByLabel('Partita IVA').fill('12345678903')
  await desk.keyboard.press('Control+Enter')
  await expect(heading(desk, "Documento d'identità")).toBeVisible()
  await desk.keyboard.press('Control+Enter')

  const main = desk.getByRole('main')
  await expect(main).toContainText('Provette S.r.l.')
  await expect(main).toContainText('Totale a semestre€ 6,80')
  await expect(main).toContainText('Va caricata la richiesta di attivazione firmata')
  await judge(desk)
  await desk.keyboard.press('Alt+ArrowLeft')
  await expect(heading(desk, "Documento d'identità")).toBeVisible()
  await desk.keyboard.press('Alt+ArrowRight')
  await desk.getByRole('button', { name: 'Accoda la nuova casella' }).click()

  await expect(desk.getByText(`${indirizzo}: creazione in coda`)).toBeVisible()
  await expect(detail(desk).getByRole('heading', { name: indirizzo })).toBeVisible()
  await expect(badge(desk)).toHaveText(/^Non in linea dalle \d\d:\d\d, 2 in coda$/)
  expect(await withAddress(other, indirizzo)).toEqual([])

  await network.heal()
  network.loseResponses(/^POST \/titolari /)
  await alignNow(desk)
  // A request is counted as it passes, before the provider has acted on it.
  await expect.poll(() => network.struck()).toBeGreaterThan(0)
  await expect.poll(() => withCodice(other, codiceFiscale)).toHaveLength(1)
  await network.heal()
  await alignNow(desk)
  await expect(detail(desk)).toContainText('In attesa del gestore')
  await expect.poll(() => withAddress(other, indirizzo)).toHaveLength(1)
  const [titolare, ...others] = await withCodice(other, codiceFiscale)
  expect(others).toEqual([])
  expect(titolare).toMatchObject({ nome: 'Lara', cognome: 'Bianchi', tipologia: 'impresa' })
  expect(await withAddress(other, indirizzo)).toMatchObject([{ titolareId: titolare?.id, quotaMb: 3072 }])
})

test.describe('basilicata', () => {
  test.use({ profile: 'basilicata' })
  test('a known codice fiscale fills the holder in, what changes is told, and a known address is named (D48, D51)', async ({
    desk,
    other,
  }) => {
    const { titolareId, dominio } = await activeCasella(other)
    const titolari = z.array(Titolare).parse(await other.list('/titolari?limit=500'))
    const known = titolari.find(({ id }) => id === titolareId)
    const indirizzo = `seconda.casella@${dominio}`
    await openForm(desk, dominio)
    await desk.getByLabel('Denominazione').fill('seconda.casella')
    await expect(desk.getByRole('main')).toContainText("1 GB, durata 12 mesi dall'attivazione")
    await step(desk, 'Titolare').click()
    await desk.getByLabel('Codice fiscale').fill(known?.codiceFiscale ?? '')
    await expect(desk.getByText('Già in anagrafica: la casella va a questo titolare.')).toBeVisible()
    await expect(desk.getByLabel(/^Cognome/)).toHaveValue(known?.cognome ?? '')
    await desk.getByLabel('Cellulare', { exact: true }).fill('')
    await desk.keyboard.press('Control+Enter')
    await expect(desk.getByRole('alert').first()).toContainText('Il gestore richiede il cellulare del titolare.')
    await desk.getByLabel('Cellulare', { exact: true }).fill('333 7654321')
    await expect(desk.getByText(`In anagrafica: ${known?.cellulare ?? ''}`)).toBeVisible()
    await judge(desk)
    await desk.keyboard.press('Control+Enter')
    await expect(desk.getByRole('radio').first()).toBeChecked()
    await step(desk, 'Riepilogo').click()
    const changed = desk.getByRole('table', { name: 'Che cosa cambia nel titolare' })
    await expect(changed.getByRole('row', { name: /Cellulare/ })).toContainText('333 7654321')
    await desk.keyboard.press('Control+Enter')

    await expect(desk.getByText(`${indirizzo}: creazione in coda`)).toBeVisible()
    await expect(detail(desk)).toContainText('In attesa di firma')
    await expect.poll(() => withAddress(other, indirizzo)).toHaveLength(1)
    const [casella] = await withAddress(other, indirizzo)
    expect(casella).toMatchObject({ titolareId })
    expect(casella?.indirizzoId).toMatch(/^I\d+$/)
    expect(await withCodice(other, known?.codiceFiscale ?? '')).toMatchObject([{ cellulare: '+393337654321' }])
  })
})

test.describe('ordine', () => {
  test.use({ profile: 'ordine' })
  test('the identity document is asked for, and one that has expired is refused in words (D61)', async ({
    desk,
    other,
  }) => {
    const { dominio } = await activeCasella(other)
    const indirizzo = `iscritto.nuovo@${dominio}`
    await openForm(desk, dominio)
    await desk.getByLabel('Denominazione').fill('iscritto.nuovo')
    await step(desk, 'Titolare').click()
    await desk.getByLabel('Codice fiscale').fill(codiceFiscale)
    await desk.getByLabel('Nome', { exact: true }).fill('Lara')
    await desk.getByLabel('Cognome').fill('Bianchi')
    await step(desk, 'Documento').click()
    await choose(desk, 'Tipo di documento', "Carta d'identità")
    await desk.getByLabel('Numero').fill('CA12345AA')
    await desk.getByLabel('Rilasciato da').fill('Comune di prova')
    await desk.getByLabel('Rilasciato il').fill('10/05/2010')
    await desk.getByLabel('Scade il').fill('10/05/2020')
    await desk.keyboard.press('Control+Enter')
    await expect(desk.getByRole('alert').first()).toContainText('Il documento è scaduto: servono i dati di uno valido.')
    await desk.getByLabel('Scade il').fill('10/05/2099')
    await judge(desk)
    await desk.keyboard.press('Control+Enter')
    await expect(desk.getByRole('main')).toContainText('valido fino al 10/05/2099')
    await desk.keyboard.press('Control+Enter')
    await expect(detail(desk)).toContainText('In attesa del gestore')
    await expect.poll(() => withAddress(other, indirizzo)).toHaveLength(1)
    expect(await withCodice(other, codiceFiscale)).toMatchObject([{ documentoIdentita: { scadenza: '2099-05-10' } }])
  })
})

test.describe('poste', () => {
  test.use({ profile: 'poste' })
  test('name and communications e-mail are all; several come from a spreadsheet, and only valid rows are made (D55, D56)', async ({
    desk,
    other,
  }) => {
    const { dominio } = await activeCasella(other)
    await openForm(desk, dominio)
    await expect(step(desk, 'Titolare')).toHaveCount(0)
    await desk.getByLabel('Denominazione').fill(`tributi@${dominio}`)
    await expect(desk.getByText('Scrivere solo la parte prima della @')).toBeVisible()
    await desk.getByLabel('Denominazione').fill('tributi')
    await desk.getByLabel('E-mail per le comunicazioni').fill('ufficio@posta.example')
    await desk.keyboard.press('Control+Enter')
    await expect(heading(desk, 'Riepilogo')).toBeVisible()
    await desk.keyboard.press('Control+Enter')
    await expect(detail(desk).getByRole('heading', { name: `tributi@${dominio}` })).toBeVisible()

    await desk.goto(new URL('#/caselle/nuove', desk.url()).href)
    await choose(desk, 'Dominio', dominio)
    const rows =
      'Denominazione\tE-mail per le comunicazioni\nanagrafe\ta@posta.example\nproto collo\tb@posta.example\nragioneria\tc@posta.example'
    await desk.getByRole('textbox', { name: 'Denominazione, riga 1' }).evaluate((cell, text) => {
      const clipboardData = new DataTransfer()
      clipboardData.setData('text/plain', text)
      cell.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }))
    }, rows)
    await expect(desk.getByText('La denominazione non può contenere spazi')).toBeVisible()
    await expect(desk.getByRole('button', { name: 'Accoda 2 caselle' })).toBeEnabled()
    await judge(desk)
    await desk.getByRole('button', { name: 'Accoda 2 caselle' }).click()
    await expect(desk.getByText('2 caselle: creazione in coda')).toBeVisible()
    await expect(desk.getByRole('textbox', { name: 'Denominazione, riga 1' })).toHaveValue('proto collo')
    await expect.poll(() => withAddress(other, `ragioneria@${dominio}`)).toHaveLength(1)
    // Each goes by itself, in no order.
    await expect.poll(() => withAddress(other, `anagrafe@${dominio}`)).toHaveLength(1)
  })
})
