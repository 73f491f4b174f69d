// Documents that are chosen one by one: what is proposed for them, and what a person has to consent to.
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { CasellaRow } from '../../src-main/contract/casella.ts'
import { signedPdf } from '../signatures/signed-pdf.ts'
import { makeSigner } from '../signatures/small-cms.ts'
import { startOffice, type Office } from '../support/office.ts'
import { signedDocuments } from '../support/signed-documents.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const folder = temporaryFolder()
const { p7m } = signedDocuments(folder)
let office: Office
let caselle: CasellaRow[]
beforeAll(async () => {
  office = await startOffice(join(folder, 'ufficio'))
  const { rows } = await office.client.call('caselle.list', { stato: 'attiva', offset: 0, limit: 200 })
  caselle = rows.filter(({ codiceFiscale }) => /^[A-Z]{6}/.test(codiceFiscale))
})
afterAll(() => office.close())

async function inspected(nome: string, bytes: Buffer, casellaId: string | null = null) {
  const { id } = await office.client.deposit(nome, bytes)
  return { id, found: await office.client.call('documenti.inspect', { depositoId: id, casellaId }) }
}

test('the signed copy of a form that was printed here names its casella and its type, and is noted when it leaves', async () => {
  const [one] = caselle
  if (one === undefined) throw new Error('too few caselle')
  const { call } = office.client
  const printed = await call('moduli.print', { kind: 'adesione', casellaId: one.id })
  const { rows } = await call('moduli.list', { casellaId: one.id })
  const bytes = signedPdf(Buffer.from(printed.base64, 'base64'), makeSigner('Anna Prova'))
  const { id, found } = await inspected('scansione0001.pdf', bytes)
  expect(found).toMatchObject({
    tipo: 'attivazione',
    motivoTipo: 'modulo',
    ambiguo: false,
    giudizio: 'valid_trust_unknown',
  })
  expect(found.candidati[0]).toMatchObject({ casellaId: one.id })
  expect(found.candidati[0]?.motivi).toContainEqual({ motivo: 'codice_modulo', valore: rows[0]?.code })
  expect(found.candidati[0]?.confidenza).toBeGreaterThan(90)

  await call('documenti.attach', { casellaId: one.id, tipo: 'attivazione', depositoIds: [id] })
  expect((await call('moduli.list', { casellaId: one.id })).rows[0]?.returnedAt).not.toBeNull()
})

test('a form that is sent for another casella than its own is not noted as come back', async () => {
  const [, one, two] = caselle
  if (one === undefined || two === undefined) throw new Error('too few caselle')
  const { call } = office.client
  const printed = await call('moduli.print', { kind: 'cessazione', casellaId: one.id })
  const { id } = await inspected('cessazione.pdf', signedPdf(Buffer.from(printed.base64, 'base64'), makeSigner('Anna')))
  await call('documenti.attach', { casellaId: two.id, tipo: 'cessazione', depositoIds: [id] })
  expect((await call('moduli.list', { casellaId: one.id })).rows[0]?.returnedAt).toBeNull()
})

test('what does not hold is queued by nobody without a consent, whose reason stays with it and is not sent', async () => {
  const [, , one] = caselle
  if (one === undefined) throw new Error('too few caselle')
  const { call, codeOf } = office.client
  const broken = Buffer.from(await p7m('guasto', one.codiceFiscale))
  broken[Math.floor(broken.length / 3)] = (broken[Math.floor(broken.length / 3)] ?? 0) ^ 1
  const { id, found } = await inspected(`attivazione ${one.indirizzo}.p7m`, broken, one.id)
  expect(found).toMatchObject({ giudizio: 'invalid', cfFirma: [] })
  const request = { casellaId: one.id, tipo: 'attivazione' as const, depositoIds: [id] }
  expect(await codeOf('documenti.attach', request)).toBe('consent_required')
  const decided = (consenso: string) => ({
    ...request,
    decisioni: [{ depositoId: id, consenso, titoloFirmatario: 'delegato' as const }],
  })
  expect(await codeOf('documenti.attach', decided(' no '))).toBe('invalid_body')
  const { operationIds } = await call('documenti.attach', decided('Originale cartaceo agli atti'))
  const operation = await office.client.reaches(operationIds[0] ?? '', 'settled')
  expect(operation.changes).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ field: 'consenso', mine: 'Originale cartaceo agli atti' }),
      expect.objectContaining({ field: 'titoloFirmatario', mine: 'delegato' }),
    ]),
  )
  expect(JSON.stringify(operation.sent)).not.toContain('agli atti')
})

test('whoever signs for somebody else is told apart by the certificate', async () => {
  const [, , , one, two] = caselle
  if (one === undefined || two === undefined) throw new Error('too few caselle')
  const { found } = await inspected('adesione.p7m', await p7m('altro', two.codiceFiscale), one.id)
  expect(found).toMatchObject({ cfFirma: [two.codiceFiscale], confronto: 'altro' })
  expect(found.candidati[0]?.motivi.map(({ motivo }) => motivo)).toContain('cf_firma')
})
