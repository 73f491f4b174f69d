import type { Page } from '@playwright/test'
import { z } from 'zod'
import { checkCharacter } from '../../src-main/contract/rules/codice-fiscale.ts'
import type { Casella } from '../../src-main/provider-contract/casella.ts'
import { Titolare } from '../../src-main/provider-contract/titolare.ts'
import type { Colleague } from '../support/provider-colleague.ts'
import { expect, test } from './fixtures.ts'
import { activeCasella, alignNow, badge, choose, detail } from './screens.ts'

const FIFTEEN = 'BNCLRA85M41D612'
const codiceFiscale = FIFTEEN + checkCharacter(FIFTEEN)

async function openForm(page: Page, dominio: string): Promise<void> {
  await page.getByRole('link', { name: 'Nuova casella' }).click()
  await expect(page.getByLabel('Denominazione')).toBeFocused()
  await page.getByRole('combobox', { name: 'Dominio' }).fill(dominio)
  await page.getByRole('option', { name: dominio, exact: true }).click()
  await choose(page, 'Tipologia', /^STANDARD/)
}

const withAddress = async (other: Colleague, indirizzo: string): Promise<Casella[]> =>
  (await other.page(`/caselle?filter=${encodeURIComponent(`indirizzo eq "${indirizzo}"`)}`)).items

async function withCodice(other: Colleague, codice: string): Promise<Titolare[]> {
  const filter = encodeURIComponent(`codiceFiscale eq "${codice}"`)
  return z.array(Titolare).parse(await other.list(`/titolari?filter=${filter}`))
}

test('a casella of a new holder waits without network and arrives once, with its holder, though an answer is lost', async ({
  desk,
  network,
  other,
}) => {
  const existing = await activeCasella(other)
  const { dominio } = existing
  const indirizzo = `protocollo.nuovo@${dominio}`
  await openForm(desk, dominio)

  await desk.getByLabel('Denominazione').fill(existing.denominazione)
  await expect(desk.getByText(`${existing.indirizzo} esiste già: scegliere un'altra denominazione.`)).toBeVisible()
  await desk.getByLabel('Denominazione').fill('protocollo.nuovo')
  await expect(desk.getByText(`${indirizzo} è disponibile.`)).toBeVisible()

  await network.refuse()
  await desk.getByLabel('Codice fiscale').fill(`${FIFTEEN}${codiceFiscale.endsWith('A') ? 'B' : 'A'}`)
  await desk.getByLabel('Codice fiscale').blur()
  await expect(desk.getByText("L'ultimo carattere non corrisponde agli altri")).toBeVisible()
  await desk.getByLabel('Codice fiscale').fill(codiceFiscale.toLowerCase())
  await expect(desk.getByText('Non è in anagrafica: servono i suoi dati.')).toBeVisible()
  await desk.getByLabel('Nome', { exact: true }).fill('Lara')
  await desk.getByLabel('Cognome').fill('Bianchi')
  await desk.getByLabel('Cellulare').fill('333 1234567')
  await expect(desk.getByText("Il gestore non è raggiungibile: il nome verrà verificato all'invio.")).toBeVisible()
  await desk.getByRole('button', { name: 'Accoda la nuova casella' }).click()

  await expect(desk.getByText(`${indirizzo}: creazione in coda`)).toBeVisible()
  await expect(detail(desk).getByRole('heading', { name: indirizzo })).toBeVisible()
  await expect(detail(desk)).toContainText('Da inviare')
  await expect(badge(desk)).toHaveText(/^Non in linea dalle \d\d:\d\d, 2 in coda$/)
  expect(await withAddress(other, indirizzo)).toEqual([])

  await network.heal()
  network.loseResponses(/^POST \/titolari /)
  await alignNow(desk)
  await expect.poll(() => network.struck()).toBeGreaterThan(0)
  expect(await withCodice(other, codiceFiscale)).toHaveLength(1)
  await network.heal()
  await alignNow(desk)
  await expect(detail(desk)).toContainText('In attesa del gestore')
  await expect(badge(desk)).toHaveText(/^Allineato alle \d\d:\d\d$/)

  const [titolare, ...others] = await withCodice(other, codiceFiscale)
  expect(others).toEqual([])
  expect(titolare).toMatchObject({ nome: 'Lara', cognome: 'Bianchi', tipologia: 'persona_fisica' })
  expect(await withAddress(other, indirizzo)).toMatchObject([{ titolareId: titolare?.id, ciclo: 'in_attesa_gestore' }])
})

test('D48: with a known codice fiscale the casella goes to the holder who has it', async ({ desk, other }) => {
  const { titolareId, dominio } = await activeCasella(other)
  const titolari = z.array(Titolare).parse(await other.list('/titolari?limit=500'))
  const known = titolari.find(({ id }) => id === titolareId)
  const indirizzo = `seconda.casella@${dominio}`
  await openForm(desk, dominio)
  await desk.getByLabel('Denominazione').fill('seconda.casella')
  await desk.getByLabel('Codice fiscale').fill(known?.codiceFiscale ?? '')
  await expect(desk.getByText('Già in anagrafica: la casella va a questo titolare.')).toBeVisible()
  await expect(desk.getByRole('main')).toContainText(`${known?.cognome ?? ''} ${known?.nome ?? ''}`)
  await expect(desk.getByLabel('Cognome')).toHaveCount(0)
  await expect(desk.getByText(`${indirizzo} è disponibile.`)).toBeVisible()
  await desk.keyboard.press('Control+Enter')

  await expect(desk.getByText(`${indirizzo}: creazione in coda`)).toBeVisible()
  await expect(detail(desk)).toContainText('In attesa del gestore')
  expect(await withAddress(other, indirizzo)).toMatchObject([{ titolareId }])
  expect(await withCodice(other, known?.codiceFiscale ?? '')).toHaveLength(1)
})
