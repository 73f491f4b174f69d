import type { BenchApplication } from './bench-application.ts'
import { quantile, type Figure } from './figure.ts'

const timed = async (work: () => Promise<unknown>): Promise<number> => {
  const started = performance.now()
  await work()
  return performance.now() - started
}
const atMost = (what: string, rounds: readonly number[], value: number | null): Figure => ({
  what,
  unit: 'ms',
  rounds,
  against: null,
  goal: value === null ? null : { kind: 'at_most', value },
})
type Asked = Pick<BenchApplication, 'get'>

/** What a clerk types: beginnings, parts and the whole of addresses, holders and codes, of rows from all over the list. */
async function typed({ get }: Asked, caselle: number): Promise<string[]> {
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

interface Searches {
  plain: number[]
  /** With three filters. */
  filtered: number[]
}

/** The 95th of a hundred searches in each round (ms). */
async function searches(office: Asked, caselle: number, rounds: number): Promise<Searches> {
  const texts = await typed(office, caselle)
  const filters = { stato: 'attiva', tipologia: 'STANDARD', piene: '90' } as const
  const all: Searches = { plain: [], filtered: [] }
  for (let round = 0; round < rounds; round += 1) {
    const plain: number[] = []
    const filtered: number[] = []
    for (const search of texts) {
      const asked = { offset: 0, limit: 50, search, atLeast: true }
      plain.push(await timed(() => office.get('caselle.list', asked)))
      filtered.push(await timed(() => office.get('caselle.list', { ...asked, ...filters })))
    }
    all.plain.push(quantile(plain, 0.95))
    all.filtered.push(quantile(filtered, 0.95))
  }
  return all
}

/** What a search costs the core itself. */
export async function searchesInCore(core: Asked, caselle: number, rounds: number): Promise<Figure[]> {
  const { plain, filtered } = await searches(core, caselle, rounds)
  return [
    atMost(`search as one types in ${caselle}, p95, in the core`, plain, 5),
    atMost('the same with three filters, p95, in the core', filtered, 5),
  ]
}

/** What a search, an order and a jump to the end cost, asked over HTTP; `goalMs` of a search, where it has one there. */
export async function listAnswers(
  office: Asked,
  caselle: number,
  rounds: number,
  goalMs: number | null,
): Promise<Figure[]> {
  const { plain, filtered } = await searches(office, caselle, rounds)
  const sorted: number[] = []
  const jumps: number[] = []
  for (let round = 0; round < rounds; round += 1) {
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
    atMost(`search as one types in ${caselle}, p95, over HTTP`, plain, goalMs),
    atMost('the same with three filters, p95, over HTTP', filtered, goalMs),
    atMost('order by a column, p95', sorted, 50),
    atMost('jump to the end, p95', jumps, 50),
  ]
}
