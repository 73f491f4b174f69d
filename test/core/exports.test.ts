import { existsSync, readFileSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { readXlsx } from 'hucre/xlsx'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { orderedLines } from '../../src-main/archive/ordered-lines.ts'
import { casellaCsvStore } from '../../src-main/caselle/casella-csv-store.ts'
import { casellaStore } from '../../src-main/caselle/casella-store.ts'
import { CaselleFilter, StatoCasella } from '../../src-main/contract/casella.ts'
import type { ExportFormat, ExportSubject } from '../../src-main/contract/esportazione.ts'
import { openDatabase } from '../../src-main/db/database.ts'
import { metaStore } from '../../src-main/db/meta-store.ts'
import { casellaIndex } from '../../src-main/db/casella-index.ts'
import { sql } from '../../src-main/db/sql.ts'
import { csvRow } from '../../src-main/export/export-csv.ts'
import { OMITTED } from '../../src-main/export/export-table.ts'
import { caselleColumns } from '../../src-main/export/list-columns.ts'
import { richiestaWords, statoWords } from '../../src-main/export/words.ts'
import { exportList } from '../../src-main/hosts/cli/export-list.ts'
import { startOffice, type Office } from '../support/office.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const folder = temporaryFolder()
let office: Office

beforeAll(async () => {
  office = await startOffice(folder)
  await office.signIn('demo')
})
afterAll(() => office.close())

const caselle = (filter: Partial<CaselleFilter> = {}): ExportSubject & { list: 'caselle' } => ({
  ...CaselleFilter.parse(filter),
  list: 'caselle',
  sort: 'indirizzo',
  descending: false,
  target: null,
})

async function file(
  subject: ExportSubject,
  format: ExportFormat,
  more: { columns?: string[]; personal?: boolean } = {},
): Promise<Buffer> {
  const request = {
    subject,
    format,
    columns: more.columns ?? [],
    personal: more.personal ?? false,
    filter: 'cerca Bianchi',
  }
  const { jobId } = await office.client.call('esporta.begin', request)
  const pieces: Buffer[] = []
  for (;;) {
    const { base64, ended } = await office.client.call('esporta.part', { jobId })
    pieces.push(Buffer.from(base64, 'base64'))
    if (ended) return Buffer.concat(pieces)
  }
}
const linesOf = (bytes: Buffer): string[] => bytes.toString().trimEnd().split('\r\n')

test('a list leaves in its filter, order and columns; personal data only when they are asked for', async () => {
  const subject = { ...caselle({ stato: 'attivate' }), sort: 'titolare', descending: true } as const
  const { rows, total } = await office.client.call('caselle.list', { ...subject, offset: 0, limit: 200 })
  const columns = ['titolare', 'codiceFiscale', 'indirizzo']
  const [head, ...lines] = linesOf(await file(subject, 'csv', { columns }))
  expect(head).toBe('\uFEFFTitolare;Codice fiscale;Casella')
  expect(lines).toEqual(rows.map((row) => `${row.titolare};${OMITTED};${row.indirizzo}`))
  expect(lines).toHaveLength(total)
  const [, first] = linesOf(await file(subject, 'csv', { columns, personal: true }))
  expect(first).toContain(rows[0]?.codiceFiscale ?? 'no row')
  const sheet = (await readXlsx(await file(subject, 'xlsx', { columns }))).sheets[0]
  expect(sheet?.rows.slice(1)).toEqual(rows.map((row) => [row.titolare, OMITTED, row.indirizzo]))
  const { rows: records } = await office.client.call('accessi.list', { offset: 0, limit: 3 })
  expect(records).toMatchObject([
    { kind: 'elenco_caselle', formato: 'xlsx', righe: total, recapiti: false, titolareId: null },
    { formato: 'csv', recapiti: true },
    { formato: 'csv', recapiti: false },
  ])
  expect(JSON.stringify(records)).not.toContain('Bianchi')
})

test('a selection leaves in the order of its list, and every list can leave in every format', async () => {
  const { ids } = await office.client.call('caselle.ids', { sort: 'scadenza', offset: 5, limit: 9 })
  const chosen: ExportSubject = { ...caselle(), sort: 'scadenza', target: { ids: ids.toReversed() } }
  expect(linesOf(await file(chosen, 'csv', { columns: ['id'] })).slice(1)).toEqual(ids)
  const subjects: ExportSubject[] = [
    { list: 'titolari', search: '', filters: {} as never, sort: 'cognome', descending: false },
    { list: 'domini' },
    { list: 'assistenti' },
    { list: 'scadenze', kind: 'caselle', dominioId: null, from: null, to: null },
    { list: 'novita', view: 'all', casellaId: null },
    { list: 'coda', view: 'open' },
    { list: 'documenti', stato: null, tipo: null, search: '' },
  ]
  for (const subject of subjects) {
    const lines = linesOf(await file(subject, 'csv'))
    const { columns } = await office.client.call('esporta.columns', { list: subject.list })
    expect(lines[0]).toBe(`\uFEFF${columns.map(({ title }) => title).join(';')}`)
    const rows = (await readXlsx(await file(subject, 'xlsx'))).sheets[0]?.rows
    expect([subject.list, rows?.length]).toEqual([subject.list, lines.length])
    expect((await file(subject, 'pdf')).subarray(0, 5).toString()).toBe('%PDF-')
  }
})

test('one that was stopped is no file and is not recorded; a column that is not there is refused', async () => {
  const before = (await office.client.call('accessi.list', { offset: 0, limit: 1 })).total
  const request = { subject: caselle(), format: 'xlsx' as const, columns: [], personal: true, filter: '' }
  const { jobId } = await office.client.call('esporta.begin', request)
  await office.client.call('esporta.stop', { jobId })
  expect(await office.client.codeOf('esporta.part', { jobId })).toBe('not_found')
  const running = await office.client.call('esporta.begin', request)
  const part = office.client.codeOf('esporta.part', { jobId: running.jobId })
  await office.client.call('esporta.stop', { jobId: running.jobId })
  expect(await part).toBe('not_found')
  expect((await office.client.call('accessi.list', { offset: 0, limit: 1 })).total).toBe(before)
  expect(await office.client.codeOf('esporta.begin', { ...request, columns: ['server'] })).toBe('invalid_field')
})

test('the command line writes a whole file, and none where the disk is full', async () => {
  const asked = { list: 'caselle', format: 'csv', search: '', filters: [], personal: false } as const
  const out = join(folder, 'intere.csv')
  const count = await exportList(office.client.core, { ...asked, out })
  expect(linesOf(readFileSync(out))).toHaveLength(count + 1)
  expect(existsSync(`${out}.parte`)).toBe(false)
  const full = join(folder, 'pieno.csv')
  // What is written there meets a full disk, as the system says it.
  symlinkSync('/dev/full', `${full}.parte`)
  const failure = exportList(office.client.core, { ...asked, out: full })
  await expect(failure).rejects.toMatchObject({
    code: 'file_not_written',
    message: expect.stringContaining('pieno') as unknown,
  })
  expect([existsSync(full), existsSync(`${full}.parte`)]).toEqual([false, false])
  const nowhere = exportList(office.client.core, { ...asked, out: join(folder, 'manca', 'a.csv') })
  await expect(nowhere).rejects.toMatchObject({ message: expect.stringContaining('non esiste') as unknown })
})

test('the lines that the database writes are those of the rows, sign by sign, whatever is in them', async () => {
  const db = openDatabase(join(folder, 'righe.db'), 'ab'.repeat(32))
  const texts = [
    '=1',
    '+a',
    '-a',
    '@a',
    '\ta',
    '\ra',
    'a;b',
    'a"b',
    '"',
    'a\nb',
    'a\rb',
    '',
    ' a',
    'é😀',
    "'",
    '[=',
    ']',
    'a-b',
    '^',
  ]
  const codes = [
    '007',
    '0',
    '12345678901',
    '123456789012',
    '01a',
    'RSSMRA80A01H501U',
    '=0',
    '',
    '0;1',
    '٠١',
    '1E5',
    '3-4',
    '1/2',
    '2026-11',
    '1e',
    '9:30',
    '1x2',
  ]
  // Every hour around the nights in which clocks are set, and around the years' ends.
  const instants = ['2024-03-30', '2024-10-26', '2025-03-29', '2025-10-25', '2025-06-30', '2025-12-31'].flatMap((day) =>
    Array.from({ length: 72 }, (_each, hour) =>
      new Date(Date.parse(`${day}T00:30:00Z`) + hour * 3_600_000).toISOString(),
    ),
  )
  for (let at = 0; at < instants.length; at += 1) {
    const text = texts[at % texts.length] ?? ''
    const stato = StatoCasella.options[at % StatoCasella.options.length] ?? 'attiva'
    db.run(sql`INSERT INTO casella(id, version, indirizzo, dominio_id, dominio, titolare_id, titolare, codice_fiscale,
      ragione_sociale, stato, tipologia, usato_mb, quota_mb, soft_limit_mb, scadenza, inserita, in_coda, richiesta,
      contratto, sospesa, password_scaduta, comunicazioni_email)
      VALUES (${`${codes[at % codes.length] ?? ''}#${at}`}, 1, ${`${text}${at}@pec.it`}, 'd', ${text}, 't', ${text}, ${codes[at % codes.length] ?? ''},
      ${at % 3 === 0 ? null : text}, ${stato}, ${text}, ${at}, 1024, 819, ${at % 2 === 0 ? null : (instants[at] ?? '').slice(0, 10)},
      ${instants[at] ?? null}, 0, ${at % 2 === 0 ? 'nessuna' : 'rinnovo'}, ${at % 2}, 0, 0, ${at % 4 === 0 ? null : text})`)
  }
  const store = casellaStore(db, casellaIndex(db, metaStore(db)))
  const pks = db.column(sql`SELECT pk FROM casella ORDER BY pk DESC`)
  const records = casellaCsvStore(db, { stato: statoWords, richiesta: richiestaWords }).records(caselleColumns, null)
  if (records === null) throw new Error('a column is not known')
  const ofDatabase = async (keys: readonly number[]): Promise<string> => {
    const parts: Uint8Array[] = []
    for await (const { bytes } of orderedLines(Int32Array.from(keys), caselleColumns, records)) parts.push(bytes)
    return Buffer.concat(parts).toString()
  }
  const ofRows = (keys: readonly number[]): string =>
    store
      .rows(keys)
      .map((row) =>
        csvRow(
          caselleColumns.map((column) => column.of(row)),
          caselleColumns,
        ),
      )
      .join('')
  expect(pks).toHaveLength(instants.length)
  expect(await ofDatabase(pks)).toBe(ofRows(pks))
  db.run(
    sql`UPDATE casella SET titolare = ${'nul\u0000la'}, tipologia = ${'\u00ff\ufffd\u{10ffff}\u001f'} WHERE pk = ${pks[9] ?? 0}`,
  )
  expect(await ofDatabase(pks)).toBe(ofRows(pks))
  // What has gone since the list was ordered.
  expect(await ofDatabase([pks.length + 2, ...pks, pks.length + 1])).toBe(ofRows(pks))
  expect(await ofDatabase([pks.length + 2, pks.length + 1])).toBe('')
  db.close()
})
