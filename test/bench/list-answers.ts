import type { BenchApplication } from './bench-application.ts'
import { quantile, type Figure } from './figure.ts'

const timed = async (work: () => Promise<unknown>): Promise<number> => {
  const started = performance.now()
  await work()
  return performance.now() - started
}
const atMost = (what: string, rounds: readonly number[], value: number): Figure => ({
  what,
  unit: 'ms',
  rounds,
  against: null,
  goal: { kind: 'at_most', value },
})

/** What a clerk types: beginnings, parts and the whole of addresses, holders and codes, of rows from all over the list. */
async function typed({ get }: BenchApplication, caselle: number): Promise<string[]> {
  const texts: string[] = []
  for (let at = 0; at < 20; at += 1) {
    const { rows } = await get('caselle.list', { offset: Math.floor((caselle / 20) * at), limit: 1 })
    const row = rows[0]
    if (row === undefined) continue
    for (const length of [1, 2, 3, 5])
      texts.push(row.titolare.slice(0, length), row.indirizzo.slice(0, length), row.codiceFiscale.slice(0, length))
    texts.push(
      row.titolare,
      row.codiceFiscale,
      row.titolare.split(' ').toReversed().join(' '),
      row.indirizzo.slice(3, 9),
      row.indirizzo,
      row.titolare.slice(1, 5),
      row.codiceFiscale.slice(6, 12),
    )
  }
  return texts
}

/** What a search, an order and a jump to the end cost the core, over HTTP. */
export async function listAnswers(office: BenchApplication, caselle: number, rounds: number): Promise<Figure[]> {
  const texts = await typed(office, caselle)
  const searches: number[] = []
  const filtered: number[] = []
  const sorted: number[] = []
  const jumps: number[] = []
  for (let round = 0; round < rounds; round += 1) {
    const took: number[] = []
    const tookFiltered: number[] = []
    for (const text of texts) {
      took.push(await timed(() => office.get('caselle.list', { offset: 0, limit: 50, search: text, atLeast: true })))
      tookFiltered.push(
        await timed(() =>
          office.get('caselle.list', {
            offset: 0,
            limit: 50,
            search: text,
            atLeast: true,
            stato: 'attiva',
            tipologia: 'STANDARD',
            piene: '90',
          }),
        ),
      )
    }
    searches.push(quantile(took, 0.95))
    filtered.push(quantile(tookFiltered, 0.95))
    const orders: number[] = []
    const ends: number[] = []
    for (const sort of ['indirizzo', 'titolare', 'stato', 'scadenza'] as const) {
      await office.get('caselle.list', { offset: 0, limit: 50, sort, descending: round % 2 === 0 })
      orders.push(await timed(() => office.get('caselle.list', { offset: 0, limit: 50, sort })))
      ends.push(await timed(() => office.get('caselle.list', { offset: caselle - 60, limit: 50, sort })))
    }
    sorted.push(quantile(orders, 0.95))
    jumps.push(quantile(ends, 0.95))
  }
  return [
    atMost(`search as one types in ${caselle}, p95, over HTTP`, searches, 5),
    atMost('the same with three filters, p95, over HTTP', filtered, 5),
    atMost('order by a column, p95', sorted, 50),
    atMost('jump to the end, p95', jumps, 50),
  ]
}
