import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { tabelleDi, type TabellaReport } from '../../src-main/contract/report-tabelle.ts'
import { tabellaTitles } from '../../src-main/report/tabelle/tabella-columns.ts'
import { demoUsers } from '../../src-main/sandbox/demo-users.ts'
import { csvCells, exported } from '../support/exported.ts'
import { startOffice, type Office } from '../support/office.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

/**
 * Every table of every report, as it leaves in a file, against SQL over the rows of the gestore di prova: none of the
 * statements and sums here is the program's.
 */
const folder = temporaryFolder()
let office: Office
let store: Database.Database
let oggi = ''
let anno = ''
/** The half-year that runs and the one before it, as periods and by their days. */
let ora = { periodo: '', from: '', to: '' }
let prima = { from: '', to: '' }

beforeAll(async () => {
  office = await startOffice(folder)
  // What the gestore di prova makes depends on the day, and some days have no segnalazione of this ente.
  const { client } = office
  const asked = { tipo: 'posta', titolo: 'Ricevuta che manca', descrizione: 'Da ieri', casellaId: null } as const
  await client.call('segnalazioni.create', { ...asked, destinatario: null, allegati: [] })
  const { rows: open } = await client.call('outbox.list', { view: 'open', offset: 0, limit: 10 })
  for (const { id } of open) await client.reaches(id, 'settled')
  await client.call('sync.start', {})
  await client.aligned()
  store = new Database(join(folder, 'gestore', 'gestore-di-prova.sqlite'), { readonly: true })
  oggi = (await office.client.call('report.dati', {})).oggi
  anno = oggi.slice(0, 4)
  const first = { from: `${anno}-01-01`, to: `${anno}-06-30` }
  const second = { from: `${anno}-07-01`, to: `${anno}-12-31` }
  const isFirst = Number(oggi.slice(5, 7)) <= 6
  ora = isFirst ? { periodo: `${anno}-s1`, ...first } : { periodo: `${anno}-s2`, ...second }
  const last = String(Number(anno) - 1)
  prima = isFirst ? { from: `${last}-07-01`, to: `${last}-12-31` } : first
})
afterAll(async () => {
  store.close()
  await office.close()
})

interface More {
  periodo?: string
  assistenteId?: string
  quantita?: Record<string, number>
}
async function table(tabella: TabellaReport, more: More = {}): Promise<string[][]> {
  const subject = { list: 'report', tabella, ...more } as const
  return csvCells((await exported(office.client, { subject, format: 'csv', columns: [], personal: false })).bytes)
}
const numbers = (row: readonly string[] | undefined, from = 1): number[] =>
  (row ?? []).slice(from).map((cell) => Number(cell.replace(',', '.')))
function rows<T>(sql: string, ...params: unknown[]): T[] {
  return store.prepare<unknown[], T>(sql).all(...params)
}
const own = (type: string): string =>
  `FROM resource WHERE type = '${type}' AND data IS NOT NULL AND json_extract(data, '$.enteId') = 'E1'`
const field = (name: string): string => `json_extract(data, '$.${name}')`
const FIGURES = `count(*) AS inserite, sum(${field('ciclo')} IN ('attiva', 'scaduta')) AS attive,
  sum(${field('ciclo')} IN ('in_attesa_firma', 'in_attesa_gestore', 'documenti_errati')) AS inAttesa,
  sum(${field('ciclo')} = 'eliminata') AS eliminate`
interface Figures {
  chiave: string | null
  inserite: number
  attive: number
  inAttesa: number
  eliminate: number
}
const figures = ({ inserite, attive, inAttesa, eliminate }: Figures): number[] => [
  inserite,
  attive,
  inAttesa,
  eliminate,
]
/** The month in Italy of an instant: an hour more than UTC, two in summer. */
const month = (name: string): string =>
  `strftime('%Y-%m', ${field(name)}, CASE WHEN ${field(name)} GLOB '????-0[4-9]*' THEN '+2 hours' ELSE '+1 hour' END)`
const fee: Readonly<Record<string, number>> = { STANDARD: 400, 'MASSIVA-BASE': 650, 'MASSIVA-LARGE': 800 }

test('D16, D17: the statistics of the service, of the direct management and of each assistente', async () => {
  const [all, direct, ...assistenti] = await table('statistiche')
  const [one] = rows<Figures>(`SELECT 'x' AS chiave, ${FIGURES} ${own('casella')}`)
  expect(numbers(all, 2)).toEqual(figures(one as Figures))
  expect(Number(all?.[1])).toBe(rows(`SELECT id ${own('dominio')}`).length)
  const by = rows<Figures>(`SELECT ${field('assistenteId')} AS chiave, ${FIGURES} ${own('casella')} GROUP BY 1`)
  expect(numbers(direct, 2)).toEqual(figures(by.find(({ chiave }) => chiave === null) as Figures))
  const codes = new Map(
    rows<{ id: string; codice: string }>(`SELECT id, ${field('codice')} AS codice ${own('assistente')}`).map((row) => [
      row.id,
      row.codice,
    ]),
  )
  for (const group of by.filter(({ chiave }) => chiave !== null)) {
    const row = assistenti.find(([name]) => name?.startsWith(codes.get(group.chiave ?? '') ?? '?') === true)
    expect(numbers(row, 2)).toEqual(figures(group))
  }
})

test('D93: per tipologia, with what was entered, activated and ended in the period and in the one before', async () => {
  const told = await table('tipologie', { periodo: ora.periodo })
  const [from, to] = [ora.from.slice(0, 7), ora.to.slice(0, 7)]
  const [before, until] = [prima.from.slice(0, 7), prima.to.slice(0, 7)]
  const moved = (name: string, a: string, b: string): string =>
    `sum(${field(name)} IS NOT NULL AND ${month(name)} BETWEEN '${a}' AND '${b}')`
  const expected = rows<Figures & Record<string, number>>(
    `SELECT ${field('tipologia')} AS chiave, ${FIGURES}, ${moved('inserita', from, to)} AS i,
       ${moved('inserita', before, until)} AS ip, ${moved('attivata', from, to)} AS a,
       ${moved('attivata', before, until)} AS ap ${own('casella')} GROUP BY 1 ORDER BY 1`,
  )
  expect(told.slice(0, -1).map(([name]) => name)).toEqual(expected.map(({ chiave }) => chiave))
  for (const [at, row] of expected.entries())
    expect(numbers(told[at]).slice(0, 8)).toEqual([...figures(row), row['i'], row['ip'], row['a'], row['ap']])
  const sums = expected.map(figures).reduce((sum, row) => sum.map((n, at) => n + (row[at] ?? 0)))
  expect(told.at(-1)?.[0]).toBe('Totale')
  expect(numbers(told.at(-1)).slice(0, 4)).toEqual(sums)
})

const messages = (by: string, from: string, to: string): { chiave: string; ricevuti: number; inviati: number }[] => {
  const number = (day: string): number => Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7)) - 1
  return rows(
    `SELECT ${by} AS chiave, sum(received) AS ricevuti, sum(sent) AS inviati FROM message_total
     WHERE ente_id = 'E1' AND month BETWEEN ? AND ? GROUP BY 1 ORDER BY 1`,
    number(from),
    number(to),
  )
}

test('D94: messages and space per assistente, of the period, with their total', async () => {
  const told = await table('assistenti', { periodo: anno })
  const sent = messages('assistente_id', `${anno}-01-01`, `${anno}-12-31`)
  const [total] = messages("'x'", `${anno}-01-01`, `${anno}-12-31`)
  // A year that has just begun has none.
  expect(numbers(told.at(-1)).slice(1, 3)).toEqual([total?.ricevuti ?? 0, total?.inviati ?? 0])
  const unassigned = sent.find(({ chiave }) => chiave === '')
  expect(numbers(told[0]).slice(1, 3)).toEqual([unassigned?.ricevuti ?? 0, unassigned?.inviati ?? 0])
  const [space] = rows<{ usato: number; archivio: number }>(
    `SELECT sum(${field('usatoMb')}) AS usato, sum(min(coalesce(archive_mb, 0), ${field('usatoMb')})) AS archivio
     FROM resource LEFT JOIN message_history ON message_history.casella_id = id
     WHERE type = 'casella' AND data IS NOT NULL AND ${field('enteId')} = 'E1'`,
  )
  const [inbox = 0, archive = 0] = numbers(told.at(-1)).slice(3)
  expect([inbox + archive, archive]).toEqual([space?.usato, space?.archivio])
  const spazio = await table('spazioAssistenti', { periodo: anno })
  const column = (at: number): number => spazio.reduce((sum, row) => sum + (numbers(row)[at] ?? 0), 0)
  expect([column(0), column(1)]).toEqual([inbox, archive])
})

test('D97: messages of the period and of the one before it, and month by month', async () => {
  const told = await table('messaggi', { periodo: anno })
  const [now] = messages("'x'", `${anno}-01-01`, `${anno}-12-31`)
  const [before] = messages("'x'", `${Number(anno) - 1}-01-01`, `${Number(anno) - 1}-12-31`)
  const [a = 0, b = 0] = [now?.ricevuti, before?.ricevuti]
  expect(numbers(told[0])).toEqual([a, b, a - b])
  expect(numbers(told[1]).slice(0, 2)).toEqual([now?.inviati ?? 0, before?.inviati ?? 0])
  const months = messages('month', `${Number(anno) - 1}-01-01`, `${anno}-12-31`)
  const name = (n: number): string => `${Math.floor(n / 12)}-${String((n % 12) + 1).padStart(2, '0')}`
  expect(await table('messaggiMese', { periodo: anno })).toEqual(
    months.map(({ chiave, ricevuti, inviati }) => [name(Number(chiave)), String(ricevuti), String(inviati)]),
  )
})

/** In service in some part of a half-year that begins on a day. */
const inService = (from: string, to: string): string =>
  `${field('attivata')} IS NOT NULL AND substr(${field('attivata')}, 1, 10) <= '${to}'
   AND coalesce(${field('scadenza')}, '9999') >= '${from}'
   AND (${field('ciclo')} <> 'eliminata' OR ${field('updatedAt')} >= '${from}')`
interface Service {
  tipologia: string
  dominio: string
  n: number
  gb: number
}
function service(from: string, to: string, ente = 'E1'): Service[] {
  const included = `CASE ${field('tipologia')} WHEN 'STANDARD' THEN 1024 WHEN 'MASSIVA-BASE' THEN 2048 WHEN 'MASSIVA-LARGE' THEN 5120 END`
  return rows(
    `SELECT ${field('tipologia')} AS tipologia, ${field('dominioId')} AS dominio, count(*) AS n,
       sum(max(0, (${field('quotaMb')} - ${included} + 1023) / 1024)) AS gb
     FROM resource WHERE type = 'casella' AND data IS NOT NULL AND ${field('enteId')} = '${ente}'
       AND ${inService(from, to)} GROUP BY 1, 2`,
  )
}
const sum = <T>(all: readonly T[], of: (each: T) => number): number => all.reduce((n, each) => n + of(each), 0)
const cents = (groups: readonly Service[]): number =>
  sum(groups, ({ tipologia, n, gb }) => n * (fee[tipologia] ?? 0) + gb * 140)

test('D101: the costs of a half-year by price, tipologia, dominio and half-year are the prices times what is in service', async () => {
  const { from, to } = ora
  const groups = service(from, to)
  const dedicated = rows<{ id: string; nome: string }>(
    `SELECT id, ${field('nome')} AS nome ${own('dominio')} AND ${field('dedicato')}`,
  )
  const total = cents(groups) + dedicated.length * 200
  const voci = await table('costiVoce', { periodo: ora.periodo })
  expect(numbers(voci.at(-1), 3)).toEqual([total / 100])
  const standard = voci.find(([name]) => name === 'Casella STANDARD')
  expect(numbers(standard)[0]).toBe(sum(groups, ({ tipologia, n }) => (tipologia === 'STANDARD' ? n : 0)))
  const tipologie = await table('costiTipologia', { periodo: ora.periodo })
  for (const [name = '', ...cells] of tipologie.slice(0, -1)) {
    const theirs = groups.filter(({ tipologia }) => tipologia === name)
    expect(numbers(cells, 0)).toEqual([
      sum(theirs, ({ n }) => n),
      (sum(theirs, ({ n }) => n) * (fee[name] ?? 0)) / 100,
      sum(theirs, ({ gb }) => gb),
      (sum(theirs, ({ gb }) => gb) * 140) / 100,
      cents(theirs) / 100,
    ])
  }
  expect(numbers(tipologie.at(-1), 5)).toEqual([cents(groups) / 100])
  const names = new Map(
    rows<{ id: string; nome: string }>(`SELECT id, ${field('nome')} AS nome ${own('dominio')}`).map((row) => [
      row.nome,
      row.id,
    ]),
  )
  const domini = await table('costiDominio', { periodo: ora.periodo })
  for (const [name = '', , amount] of domini.slice(0, -1)) {
    const id = names.get(name) ?? '?'
    const fees = dedicated.some((each) => each.id === id) ? 200 : 0
    expect([name, numbers([amount ?? ''], 0)[0]]).toEqual([
      name,
      (cents(groups.filter(({ dominio }) => dominio === id)) + fees) / 100,
    ])
  }
  const semestri = await table('costiSemestri')
  expect(numbers(semestri[0])).toEqual([sum(groups, ({ n }) => n), total / 100])
  const earlier = service(prima.from, prima.to)
  expect(numbers(semestri[1])).toEqual([sum(earlier, ({ n }) => n), (cents(earlier) + dedicated.length * 200) / 100])
  const previsione = await table('costiPrevisione')
  expect(numbers(previsione[0])).toEqual([total / 100, total / 100])
  expect(previsione.at(-2)?.[0]).toBe('I semestre 2028')
  const later = service('2028-01-01', '2028-06-30')
  expect(numbers(previsione.at(-2))).toEqual([total / 100, (cents(later) + dedicated.length * 200) / 100])
  expect(await table('costiIpotesi', { quantita: { STANDARD: 100, CONSULENZA_ESPERTO: 3 } })).toEqual([
    ['Casella STANDARD', '100', '4', '400'],
    [expect.any(String), '3', '250', '750'],
    ['Totale', '', '', '1150'],
  ])
})

test('D15: availability of the period and of each month, and the times of the help desk and of activations', async () => {
  const told = await table('disponibilita', { periodo: anno })
  const months = await table('disponibilitaMesi', { periodo: anno })
  expect(months.map(([mese]) => mese)).toEqual(
    Array.from({ length: Number(oggi.slice(5, 7)) }, (_, n) => `${anno}-${String(n + 1).padStart(2, '0')}`).flatMap(
      (mese) => [mese, mese, mese, mese],
    ),
  )
  for (const [servizio, garantita, , fermo] of told) {
    const theirs = months.filter((row) => row[1] === servizio)
    expect(sum(theirs, (row) => Number(row[4]))).toBe(Number(fermo))
    expect(garantita).toBe('99,8')
  }
  const [times] = rows<{ aperte: number; inTempo: number }>(
    `SELECT count(*) AS aperte, total(coalesce(${field('presaInCarico')} <= ${field('presaEntro')}, 0)) AS inTempo
     ${own('segnalazione')} AND ${field('aperta')} >= '${Number(anno) - 1}-12-31T23:00' AND ${field('aperta')} < '${anno}-12-31T23:00'`,
  )
  expect(times?.aperte).toBeGreaterThan(0)
  const assistenza = await table('assistenza', { periodo: anno })
  expect(assistenza.slice(0, 2).map((row) => Number(row[1]))).toEqual([times?.aperte, times?.inTempo])
  const waited = rows<{ giorni: number }>(
    `SELECT CAST(julianday(date(${field('attivata')})) - julianday(date(${field('inserita')})) AS INTEGER) AS giorni
     ${own('casella')} AND ${field('attivata')} IS NOT NULL AND ${month('attivata')} BETWEEN '${anno}-01' AND '${anno}-12'`,
  )
  const attivazioni = await table('attivazioni', { periodo: anno })
  expect(Number(attivazioni[0]?.[1])).toBe(waited.length)
  expect(attivazioni[1]?.[0]).toBe('Entro 5 giorni')
})

test('forecasts: expiries and activations by month, and no figure that does not add up (D18)', async () => {
  const expected = rows<{ mese: string; n: number }>(
    `SELECT substr(${field('scadenza')}, 1, 7) AS mese, count(*) AS n ${own('casella')} AND ${field('ciclo')} <> 'eliminata'
     AND ${field('scadenza')} >= ? GROUP BY 1 ORDER BY 1 LIMIT 24`,
    oggi,
  )
  expect(await table('scadenzeMese')).toEqual(expected.map(({ mese, n }) => [mese, String(n)]))
  const here = oggi.slice(0, 7)
  const entered = rows<{ n: number }>(`SELECT count(*) AS n ${own('casella')} AND ${month('inserita')} = ?`, here)
  expect((await table('attivazioniMese')).at(-1)?.slice(0, 2)).toEqual([here, String(entered[0]?.n)])
  expect(await table('siRiempiono')).toEqual([])
  expect(await table('verifiche')).toEqual([])
  const over = await table('nelTempo', { periodo: anno })
  const [active] = rows<{ n: number }>(
    `SELECT count(*) AS n ${own('casella')} AND ${field('attivata')} IS NOT NULL AND ${month('attivata')} <= ?
     AND substr(coalesce(${field('scadenza')}, '9999'), 1, 7) > ?
     AND (${field('ciclo')} <> 'eliminata' OR ${month('updatedAt')} > ?)`,
    here,
    here,
    here,
  )
  expect(over.at(-1)).toEqual([here, String(active?.n)])
})

test('D95: the detail of a row leaves whole, with codes as they are, and is recorded', async () => {
  const [assistente] = rows<{ id: string }>(`SELECT id ${own('assistente')} ORDER BY id LIMIT 1`)
  const told = await table('dettaglio', { periodo: anno, assistenteId: assistente?.id ?? '' })
  const expected = rows<{ indirizzo: string }>(
    `SELECT ${field('indirizzo')} AS indirizzo ${own('casella')} AND ${field('assistenteId')} = ?`,
    assistente?.id,
  )
  expect(told.map(([indirizzo]) => indirizzo).sort()).toEqual(expected.map(({ indirizzo }) => indirizzo).sort())
  const { rows: records } = await office.client.call('accessi.list', { offset: 0, limit: 1 })
  expect(records[0]).toMatchObject({ kind: 'report', formato: 'csv', righe: told.length, recapiti: false })
})

/** Read by others: it is sound, and says its title, of when it is, and its columns. */
function checkPdf(tabella: TabellaReport, bytes: Buffer): void {
  const path = join(folder, 'tabella.pdf')
  writeFileSync(path, bytes)
  execFileSync('qpdf', ['--check', path])
  const text = execFileSync('pdftotext', ['-layout', path, '-']).toString()
  expect(text).toContain(tabellaTitles[tabella])
  expect(text).toMatch(/Semestre: II? semestre|Dal \d\d\/\d\d\/\d{4} al|Al \d\d\/\d\d\/\d{4}/)
  expect(text).toContain('Pagina 1 di 1')
  if (tabella.startsWith('costi')) expect(text).toContain('CIG PROVA00000')
}

test('every table leaves in every format, named after itself and its period; without a network as it was last read', async () => {
  const tables = Object.entries(tabelleDi)
    .filter(([report]) => !['enti', 'dettaglio'].includes(report))
    .flatMap(([, each]) => each)
    .filter((each) => each !== 'costiEnti')
  const before = new Map<string, string>()
  for (const tabella of tables)
    for (const format of ['csv', 'xlsx', 'pdf'] as const) {
      const subject = { list: 'report', tabella, periodo: ora.periodo } as const
      const { bytes, nomeFile } = await exported(office.client, { subject, format, columns: [], personal: false })
      expect(nomeFile).toMatch(new RegExp(`^[a-z0-9-]+-${anno}(-s[12]|-\\d\\d-\\d\\d)\\.${format}$`))
      expect(bytes.subarray(0, 2).toString('hex')).toBe({ csv: 'efbb', xlsx: '504b', pdf: '2550' }[format])
      if (format === 'csv') before.set(tabella, bytes.toString())
      if (format === 'pdf') checkPdf(tabella, bytes)
    }
  await office.network.refuse()
  await office.client.goesOffline()
  for (const tabella of tables) {
    const subject = { list: 'report', tabella, periodo: ora.periodo } as const
    const { bytes } = await exported(office.client, { subject, format: 'csv', columns: [], personal: false })
    expect([tabella, bytes.toString()]).toEqual([tabella, before.get(tabella)])
  }
  const never = { list: 'report', tabella: 'messaggi', periodo: '2021' } as const
  expect(
    await office.client.codeOf('esporta.begin', { subject: never, format: 'csv', columns: [], personal: false }),
  ).toBe('provider_unreachable')
  await office.network.heal()
})

test('D96 to D99: an aggregatore has each ente that joined, what it counts and what it costs', async () => {
  await office.signIn('aggregatore')
  const { enteId } = demoUsers.aggregatore
  const joined = rows<{ id: string; nome: string }>(
    `SELECT id, ${field('nome')} AS nome FROM resource WHERE type = 'ente' AND data IS NOT NULL
     AND (id = ? OR ${field('aggregatoreId')} = ?)`,
    enteId,
    enteId,
  )
  const { from, to } = ora
  const enti = await table('enti', { periodo: anno })
  const costi = await table('costiEnti', { periodo: ora.periodo })
  expect(
    enti
      .slice(0, -1)
      .map(([nome]) => nome)
      .sort(),
  ).toEqual(joined.map(({ nome }) => nome).sort())
  let all = 0
  for (const { id, nome } of joined) {
    const [counted] = rows<Figures>(
      `SELECT 'x' AS chiave, ${FIGURES} FROM resource WHERE type = 'casella' AND data IS NOT NULL AND ${field('enteId')} = ?`,
      id,
    )
    const row = enti.find(([name]) => name === nome)
    expect([nome, numbers(row, 5).slice(0, 4)]).toEqual([nome, figures(counted as Figures)])
    expect(row?.[1]).toBe('[omesso]')
    const [dedicated] = rows<{ n: number }>(
      `SELECT count(*) AS n FROM resource WHERE type = 'dominio' AND data IS NOT NULL AND ${field('enteId')} = ? AND ${field('dedicato')}`,
      id,
    )
    const groups = service(from, to, id)
    const amount = cents(groups) + (dedicated?.n ?? 0) * 200
    all += amount
    expect([nome, ...numbers(costi.find(([name]) => name === nome))]).toEqual([
      nome,
      sum(groups, ({ n }) => n),
      dedicated?.n,
      amount / 100,
    ])
  }
  expect(numbers(costi.at(-1), 3)).toEqual([all / 100])
})
