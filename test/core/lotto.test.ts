import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import type { CasellaRow } from '../../src-main/contract/casella.ts'
import type { RigaLotto } from '../../src-main/contract/lotto.ts'
import { folderExitCode, uploadFolder } from '../../src-main/hosts/cli/upload-folder.ts'
import { archiveOnDisk } from '../support/archive-on-disk.ts'
import { coreClient } from '../support/core-client.ts'
import * as intake from '../support/lotto-intake.ts'
import type { Chosen } from '../support/lotto-intake.ts'
import { startOffice, type Office } from '../support/office.ts'
import { sha256Of, signedDocuments } from '../support/signed-documents.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { startTestCore } from '../support/test-core.ts'
import { PATIENCE } from '../support/patience.ts'

const folder = temporaryFolder()
let office: Office
let caselle: CasellaRow[]
beforeAll(async () => {
  office = await startOffice(folder)
  // Holders with one casella and a codice fiscale: what names the holder names it.
  const { rows } = await office.client.call('caselle.list', { stato: 'attiva', offset: 0, limit: 200 })
  const times = new Map<string, number>()
  for (const { codiceFiscale } of rows) times.set(codiceFiscale, (times.get(codiceFiscale) ?? 0) + 1)
  caselle = rows.filter(({ codiceFiscale }) => /^[A-Z]{6}/.test(codiceFiscale) && times.get(codiceFiscale) === 1)
})
afterAll(() => office.close())

const { pdf, p7m } = signedDocuments(folder)

const takeIn = (lottoId: string, files: readonly Chosen[], cut = false): Promise<void> =>
  intake.takeIn(office.client, lottoId, files, cut)
const rows = (lottoId: string): Promise<Map<string, RigaLotto>> => intake.righeByName(office.client, lottoId)
const read = (lottoId: string): Promise<Map<string, RigaLotto>> => intake.readRighe(office.client, lottoId)
const atProvider = async (bytes: Buffer): Promise<unknown[]> =>
  (await office.other.list('/documenti?limit=500')).filter(
    (documento) => (documento as { sha256: string }).sha256 === sha256Of(bytes),
  )

test('files are read, judged and matched; what is not sure waits for a person, over a restart as well; only then they are sent', async () => {
  const [one, two, three] = caselle
  if (one === undefined || two === undefined || three === undefined) throw new Error('too few caselle')
  const sure = await p7m('primo', one.codiceFiscale)
  const foreign = await p7m('secondo', three.codiceFiscale)
  const broken = Buffer.from(await p7m('terzo', two.codiceFiscale))
  broken[Math.floor(broken.length / 3)] = (broken[Math.floor(broken.length / 3)] ?? 0) ^ 1
  const lost = await p7m('quarto', two.codiceFiscale)
  const { id } = await office.client.call('lotti.create', { nome: 'Prova' })
  await takeIn(
    id,
    [
      { nome: `attivazione ${one.indirizzo}.pdf.p7m`, bytes: sure },
      { nome: 'attivazione copia.p7m', bytes: sure },
      { nome: `attivazione ${two.indirizzo}.pdf.p7m`, bytes: foreign },
      { nome: `attivazione_${two.codiceFiscale}.p7m`, bytes: broken },
      { nome: 'vuoto.pdf', bytes: Buffer.alloc(0) },
      { nome: 'fattura.pdf', bytes: Buffer.from('4d5a900003000000', 'hex') },
      { nome: 'troncato.pdf', bytes: (await pdf('x')).subarray(0, -40) },
      { nome: 'cessazione.p7m', bytes: lost },
    ],
    true,
  )
  // A power cut while documents are read: what the disk holds at that moment goes on by itself.
  cpSync(join(folder, 'dati'), join(folder, 'ucciso'), { recursive: true })
  const after = await startTestCore(folder, { dataDir: join(folder, 'ucciso') })
  const revived = coreClient(after)
  await vi.waitFor(async () => {
    const { conteggi } = await revived.call('lotti.get', { id })
    if (conteggi.daLeggere > 0) throw new Error(`${conteggi.daLeggere} to read`)
    expect(conteggi).toMatchObject({ totale: 8, inArrivo: 1, pronte: 1, daDecidere: 2, nonValide: 4 })
  }, PATIENCE)
  await after.close()

  await office.restart()
  const found = await read(id)
  const of = (name: string): RigaLotto => {
    const riga = found.get(name)
    if (riga === undefined) throw new Error(name)
    return riga
  }
  expect(of(`attivazione ${one.indirizzo}.pdf.p7m`)).toMatchObject({
    stato: 'pronta',
    giudizio: 'valid_trust_unknown',
    casellaId: one.id,
    tipo: 'attivazione',
    confronto: 'titolare',
    motivi: [{ motivo: 'indirizzo_nome' }, { motivo: 'cf_firma' }, { motivo: 'cognome_nome' }],
  })
  expect(of('attivazione copia.p7m')).toMatchObject({ stato: 'da_decidere', duplicato: { dove: 'lotto' } })
  const other = of(`attivazione ${two.indirizzo}.pdf.p7m`)
  expect(other).toMatchObject({ stato: 'da_decidere', casellaId: two.id, confronto: 'altro' })
  expect(other.mancanze).toEqual(expect.arrayContaining(['firmatario']))
  expect(other.contraddizioni).toContain('firma_di_altri')
  expect(of(`attivazione_${two.codiceFiscale}.p7m`)).toMatchObject({ stato: 'non_valida', giudizio: 'invalid' })
  expect([of('vuoto.pdf'), of('fattura.pdf'), of('troncato.pdf')].map(({ problema }) => problema?.code)).toEqual([
    'file_empty',
    'file_is_program',
    'file_truncated',
  ])
  expect(of('cessazione.p7m').stato).toBe('in_arrivo')

  const decide = (name: string, decisione: Parameters<typeof office.client.call<'lotti.decide'>>[1]['decisione']) =>
    office.client.call('lotti.decide', { lottoId: id, righe: [of(name).id], decisione })
  // Neither a threshold nor a confirmation lets through what is invalid.
  await office.client.call('lotti.threshold', { id, soglia: 0 })
  await decide(`attivazione_${two.codiceFiscale}.p7m`, { kind: 'conferma' })
  await decide('attivazione copia.p7m', { kind: 'scarta' })
  expect(
    await office.client.codeOf('lotti.decide', {
      lottoId: id,
      righe: [other.id],
      decisione: { kind: 'consenso', motivo: ' ' },
    }),
  ).toBe('invalid_body')
  expect((await office.client.call('lotti.get', { id })).conteggi).toMatchObject({
    pronte: 1,
    nonValide: 4,
    scartate: 1,
  })

  await decide(other.nomeFile, { kind: 'conferma' })
  await decide(other.nomeFile, { kind: 'firmatario', titolo: 'delegato' })
  await decide(`attivazione_${two.codiceFiscale}.p7m`, { kind: 'consenso', motivo: 'Originale cartaceo agli atti' })
  await office.client.call('lotti.send', { id })
  const sent = await vi.waitFor(async () => {
    const lotto = await office.client.call('lotti.get', { id })
    if (lotto.conteggi.arrivate < 3) throw new Error(JSON.stringify(lotto.conteggi))
    return lotto
  }, PATIENCE)
  expect(sent.conteggi).toMatchObject({ inviate: 3, respinte: 0 })
  for (const bytes of [sure, foreign, broken]) expect(await atProvider(bytes)).toHaveLength(1)
  expect(await atProvider(lost)).toHaveLength(0)

  // What the provider has by now is told of the same bytes in another lotto.
  const again = await office.client.call('lotti.create', { nome: 'Di nuovo' })
  await takeIn(again.id, [{ nome: `attivazione ${one.indirizzo}.p7m`, bytes: sure }])
  const [twice] = [...(await read(again.id)).values()]
  expect(twice).toMatchObject({ stato: 'da_decidere', duplicato: { dove: 'gestore', nome: one.indirizzo } })

  const { base64 } = await office.client.call('lotti.report', { id, formato: 'csv' })
  const csv = Buffer.from(base64, 'base64').toString('utf8')
  expect(csv.split('\r\n')).toHaveLength(10)
  expect(csv).toContain('Originale cartaceo agli atti')
})

test('a pause holds what has not gone in, over a restart as well, and a copy that was changed on the disk is sent by nobody', async () => {
  const [, , , four, five] = caselle
  if (four === undefined || five === undefined) throw new Error('too few caselle')
  const files = [await p7m('quattro', four.codiceFiscale), await p7m('cinque', five.codiceFiscale)] as const
  const { id } = await office.client.call('lotti.create', { nome: 'Manomesso' })
  await takeIn(id, [
    { nome: `attivazione ${four.indirizzo}.p7m`, bytes: files[0] },
    { nome: `attivazione ${five.indirizzo}.p7m`, bytes: files[1] },
  ])
  const found = [...(await read(id)).values()]
  expect(found.map(({ stato }) => stato)).toEqual(['pronta', 'pronta'])
  const copy = join(archiveOnDisk(join(folder, 'dati')).deposit, `${found[0]?.depositoId ?? ''}.bin`)
  const bytes = readFileSync(copy)
  bytes[100] = (bytes[100] ?? 0) ^ 1
  writeFileSync(copy, bytes)

  // Both at once: the pause is there before the copies have been read again.
  await Promise.all([office.client.call('lotti.send', { id }), office.client.call('lotti.pause', { id })])
  await office.restart()
  expect(await office.client.call('lotti.get', { id })).toMatchObject({ stato: 'in_pausa', conteggi: { inviate: 2 } })
  expect([...(await rows(id)).values()].map(({ operationId }) => operationId)).toEqual([null, null])

  await office.client.call('lotti.send', { id })
  const after = await vi.waitFor(async () => {
    const { conteggi } = await office.client.call('lotti.get', { id })
    if (conteggi.arrivate < 1) throw new Error(JSON.stringify(conteggi))
    return rows(id)
  }, PATIENCE)
  expect([...after.values()].map(({ stato, problema }) => [stato, problema?.code])).toEqual([
    ['non_valida', 'file_changed'],
    ['inviata', undefined],
  ])
  expect(await atProvider(files[0])).toHaveLength(0)
  expect(await atProvider(files[1])).toHaveLength(1)
})

test('from the command line a folder is tried, then sent as far as it is sure, and never twice', async () => {
  const six = caselle[5]
  if (six === undefined) throw new Error('too few caselle')
  const sure = await p7m('sei', six.codiceFiscale)
  const below = join(folder, 'cartella', 'dentro')
  mkdirSync(below, { recursive: true })
  writeFileSync(join(folder, 'cartella', 'scansione.pdf'), await pdf('chi sa'))
  writeFileSync(join(below, `attivazione ${six.indirizzo}.p7m`), sure)
  const run = async (dryRun: boolean, minConfidence = 85) => {
    const request = { folder: join(folder, 'cartella'), dryRun, minConfidence }
    const { files } = await uploadFolder(office.client.core, request, 20_000)
    return [folderExitCode(files, dryRun), ...files.map(({ file, outcome }) => `${file} ${outcome}`)]
  }
  const name = join('dentro', `attivazione ${six.indirizzo}.p7m`)
  const lotti = (await office.client.call('lotti.list', {})).lotti.length
  expect(await run(true)).toEqual([5, `${name} ready`, 'scansione.pdf invalid'])
  expect(await run(true, 100)).toEqual([5, `${name} needs_person`, 'scansione.pdf invalid'])
  expect((await office.client.call('lotti.list', {})).lotti).toHaveLength(lotti)
  expect(await atProvider(sure)).toHaveLength(0)
  expect(await run(false)).toEqual([5, `${name} sent`, 'scansione.pdf invalid'])
  expect(await atProvider(sure)).toHaveLength(1)
  expect(await run(false)).toEqual([5, `${name} already_there`, 'scansione.pdf invalid'])
  expect(await atProvider(sure)).toHaveLength(1)
})

test('what is given up in the queue is put aside with its copy, and can be taken up and sent again', async () => {
  const seven = caselle[6]
  if (seven === undefined) throw new Error('too few caselle')
  const bytes = await p7m('sette', seven.codiceFiscale)
  const { call } = office.client
  const { id } = await call('lotti.create', { nome: 'Ripensato' })
  await takeIn(id, [{ nome: `attivazione ${seven.indirizzo}.p7m`, bytes }])
  const [riga] = [...(await read(id)).values()]
  await office.network.refuse()
  await office.client.goesOffline()
  await call('lotti.send', { id })
  const operationId = await vi.waitFor(async () => {
    const queued = [...(await rows(id)).values()][0]?.operationId
    if (queued == null) throw new Error('not queued')
    return queued
  }, PATIENCE)
  await call('outbox.cancel', { id: operationId })
  expect([...(await rows(id)).values()][0]).toMatchObject({ stato: 'scartata', operationId: null })
  await call('lotti.decide', { lottoId: id, righe: [riga?.id ?? ''], decisione: { kind: 'riprendi' } })
  expect([...(await rows(id)).values()][0]).toMatchObject({ stato: 'pronta' })
  await office.network.heal()
  await call('sync.start', {})
  await call('lotti.send', { id })
  await vi.waitFor(async () => {
    if ((await atProvider(bytes)).length !== 1) throw new Error('not arrived')
  }, PATIENCE)
})

test('a file over the limit is refused by its size alone, before a byte of it is copied', async () => {
  const { call } = office.client
  const { id } = await call('lotti.create', { nome: 'Enorme' })
  const files = [{ nome: 'video.pdf', bytes: 2 * 1024 ** 3 }]
  expect(await call('lotti.addFiles', { lottoId: id, files })).toEqual({ righe: [null] })
  expect([...(await rows(id)).values()][0]).toMatchObject({
    stato: 'non_valida',
    problema: { code: 'file_too_large', details: { maxBytes: 100 * 1024 * 1024 } },
  })
})

test('a copy that has arrived goes at once or stays as many days as were chosen; what the provider has can be looked at again', async () => {
  const eight = caselle[7]
  if (eight === undefined) throw new Error('too few caselle')
  const { call, codeOf } = office.client
  const bytes = await p7m('otto', eight.codiceFiscale)
  const deposito = await office.client.deposit('otto.pdf.p7m', bytes)
  const seen = await call('documenti.inspect', { depositoId: deposito.id, casellaId: eight.id })
  expect(seen).toMatchObject({ giudizio: 'valid_trust_unknown', confronto: 'titolare', pagine: 1 })
  const part = { depositoId: deposito.id, contenuto: true, offset: 0, length: 512 * 1024 }
  const content = await call('documenti.part', part)
  expect(Buffer.from(content.base64, 'base64').subarray(0, 5).toString()).toBe('%PDF-')
  const middle = await call('documenti.part', { ...part, contenuto: false, offset: 100, length: 50 })
  expect(Buffer.from(middle.base64, 'base64')).toEqual(bytes.subarray(100, 150))
  expect(await codeOf('documenti.part', { ...part, length: 2 ** 24 })).toBe('invalid_body')

  const attach = { casellaId: eight.id, tipo: 'altro' as const, depositoIds: [deposito.id] }
  const { operationIds } = await call('documenti.attach', attach)
  await office.client.reaches(operationIds[0] ?? '', 'settled')
  expect(await codeOf('documenti.part', part)).toBe('deposito_not_found')

  await call('documenti.keepCopies', { giorni: 30 })
  const arrived = (await call('documenti.all', { search: eight.indirizzo, offset: 0, limit: 50 })).rows
  const documento = arrived.find(({ sha256 }) => sha256 === sha256Of(bytes))
  const again = await call('documenti.fetch', { id: documento?.id ?? '' })
  expect(again).toMatchObject({ sha256: sha256Of(bytes), formato: 'p7m' })
  expect(await call('documenti.copies', {})).toMatchObject({ giorni: 30, n: 1 })
  expect(await call('documenti.purgeCopies', {})).toMatchObject({ giorni: 30, n: 0 })
  expect(await codeOf('documenti.part', { ...part, depositoId: again.id })).toBe('deposito_not_found')
  await call('documenti.keepCopies', { giorni: 0 })

  const report = { depositoId: (await call('documenti.fetch', { id: documento?.id ?? '' })).id, casellaId: eight.id }
  const pdfReport = await call('documenti.verificationReport', { ...report, formato: 'pdf' })
  expect(Buffer.from(pdfReport.base64, 'base64').subarray(0, 5).toString()).toBe('%PDF-')
  const json = await call('documenti.verificationReport', { ...report, formato: 'json' })
  expect(JSON.parse(Buffer.from(json.base64, 'base64').toString())).toMatchObject({ giudizio: 'valid_trust_unknown' })
})
