import { deepStrictEqual } from 'node:assert'
import { join } from 'node:path'
import { Casella } from '../../src-main/provider-contract/casella.ts'
import { type Sqlite, openDatabase } from '../../src-main/sandbox/store/database.ts'
import { type CasellaHistory, unpackMonths } from '../../src-main/sandbox/store/history-store.ts'
import { type ReportStore, createReportStore } from '../../src-main/sandbox/store/report-store.ts'

type Counted = Casella & { history: CasellaHistory | undefined }

/**
 * Compares what the reports add up from running totals with a plain count of the rows, and the invariants of D18 and
 * D57 with the rows. Throws an AssertionError. It reads the data of a sandbox, running or closed.
 */
export function checkTotals(folder: string): void {
  const db = openDatabase(join(folder, 'gestore-di-prova.sqlite'))
  try {
    const caselle = rowsOf(db)
    checkInvariants(caselle)
    const reports = createReportStore(db)
    for (const enteId of new Set(caselle.map((casella) => casella.enteId))) {
      const own = caselle.filter((casella) => casella.enteId === enteId)
      checkScope(reports, enteId, null, own)
      for (const assistenteId of new Set(own.map((casella) => casella.assistenteId))) {
        const theirs = own.filter((casella) => casella.assistenteId === assistenteId)
        if (assistenteId !== null) checkScope(reports, enteId, assistenteId, theirs)
      }
      checkService(reports, enteId, own)
    }
  } finally {
    db.close()
  }
}

function rowsOf(db: Sqlite): Counted[] {
  const select = db.prepare<[], { data: string; firstMonth: number | null; months: Buffer | null; archiveMb: number }>(
    `SELECT data, first_month AS firstMonth, months, coalesce(archive_mb, 0) AS archiveMb
     FROM resource LEFT JOIN message_history ON message_history.casella_id = resource.id
     WHERE type = 'casella' AND data IS NOT NULL`,
  )
  return select.all().map(({ data, firstMonth, months, archiveMb }) => ({
    ...Casella.parse(JSON.parse(data)),
    history:
      firstMonth === null || months === null ? undefined : { firstMonth, archiveMb, months: unpackMonths(months) },
  }))
}

const activated = ['attiva', 'scaduta']
const waiting = ['in_attesa_firma', 'in_attesa_gestore', 'documenti_errati']

function checkInvariants(caselle: readonly Counted[]): void {
  const ofCicli = (cicli: readonly string[]) => caselle.filter(({ ciclo }) => cicli.includes(ciclo))
  const [attive, inAttesa, eliminate] = [ofCicli(activated), ofCicli(waiting), ofCicli(['eliminata'])]
  deepStrictEqual(attive.length + inAttesa.length + eliminate.length, caselle.length, 'D18')
  for (const { attivata, scadenza, contratto } of inAttesa) {
    deepStrictEqual([attivata, scadenza, contratto], [null, null, false], 'D57')
  }
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)

/** How many there are with each key, in the order of the keys. */
function counted(keys: readonly string[]): [string, number][] {
  const counts = new Map<string, number>()
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1)
  return sorted([...counts])
}

const sorted = (entries: [string, number][]) => entries.sort(([one], [other]) => (one < other ? -1 : 1))

function checkScope(reports: ReportStore, enteId: string, assistenteId: string | null, own: readonly Counted[]): void {
  const groups = reports.groups({ enteId, assistenteId })
  const keyOf = (each: { assistenteId: string | null; tipologia: string; ciclo: string }) =>
    JSON.stringify([each.assistenteId, each.tipologia, each.ciclo])
  deepStrictEqual(sorted(groups.map((group) => [keyOf(group), group.caselle])), counted(own.map(keyOf)))
  const lastMonth = Math.max(0, ...own.map(({ history }) => (history?.firstMonth ?? 0) + (history?.months.length ?? 0)))
  for (const months of [
    { from: 0, to: Number.MAX_SAFE_INTEGER },
    { from: lastMonth - 7, to: lastMonth - 3 },
  ]) {
    const exchanged = own.flatMap(({ history }) =>
      (history?.months ?? []).filter((_messages, index) => {
        const month = (history?.firstMonth ?? 0) + index
        return month >= months.from && month <= months.to
      }),
    )
    const traffic = reports.traffic({ enteId, assistenteId }, months)
    deepStrictEqual(
      {
        received: sum(traffic.map(({ received }) => received)),
        sent: sum(traffic.map(({ sent }) => sent)),
        usatoMb: sum(traffic.map(({ usatoMb }) => usatoMb)),
        archiveMb: sum(traffic.map(({ archiveMb }) => archiveMb)),
      },
      {
        received: sum(exchanged.map(({ received }) => received)),
        sent: sum(exchanged.map(({ sent }) => sent)),
        usatoMb: sum(own.map(({ usatoMb }) => usatoMb)),
        archiveMb: sum(own.map(({ usatoMb, history }) => Math.min(usatoMb, history?.archiveMb ?? 0))),
      },
    )
  }
}

const FIRST_YEAR = 2016
const YEARS = 14

function checkService(reports: ReportStore, enteId: string, own: readonly Counted[]): void {
  for (let half = 0; half < YEARS * 2; half += 1) {
    const year = FIRST_YEAR + Math.floor(half / 2)
    const isFirst = half % 2 === 0
    const [from, to] = isFirst ? [`${year}-01-01`, `${year}-06-30`] : [`${year}-07-01`, `${year}-12-31`]
    const served = own.filter(
      ({ attivata, ciclo, updatedAt, scadenza }) =>
        attivata !== null &&
        attivata.slice(0, 10) <= to &&
        (ciclo !== 'eliminata' || updatedAt.slice(0, 10) >= from) &&
        (scadenza === null || scadenza >= from),
    )
    const groups = reports.inService(enteId, `${year}-${isFirst ? 1 : 2}`)
    const keyOf = (each: { tipologia: string; quotaMb: number }) => JSON.stringify([each.tipologia, each.quotaMb])
    deepStrictEqual(sorted(groups.map((group) => [keyOf(group), group.caselle])), counted(served.map(keyOf)), from)
  }
}
