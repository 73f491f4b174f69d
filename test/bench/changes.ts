import { pageOf } from '../../src-main/provider-contract/page.ts'
import { Casella } from '../../src-main/provider-contract/casella.ts'
import { colleague } from '../support/provider-colleague.ts'
import type { BenchApplication } from './bench-application.ts'
import type { Figure } from './figure.ts'

const CHANGES = 1000
const AT_ONCE = 8
const Page = pageOf(Casella)

/** Colleagues change 1,000 of the provider's caselle: until the archive of so many has them all. */
export async function changesOfColleagues(
  office: BenchApplication,
  provider: string,
  caselle: number,
  rounds: number,
): Promise<Figure> {
  const other = await colleague(provider)
  const filter = encodeURIComponent('ciclo eq "attiva"')
  const { items } = Page.parse(JSON.parse((await other.bytes(`/caselle?limit=${CHANGES}&filter=${filter}`)).toString()))
  const align = async (): Promise<number> => {
    const started = performance.now()
    await office.get('sync.start', {})
    while ((await office.get('app.status', {})).sync !== null) await Promise.resolve()
    return performance.now() - started
  }
  const deltas: number[] = []
  for (let round = 0; round < rounds; round += 1) {
    // The next alignment by itself is half a minute away.
    await align()
    const waiting = items.map(({ id }) => id)
    await Promise.all(
      Array.from({ length: AT_ONCE }, async () => {
        for (let id = waiting.pop(); id !== undefined; id = waiting.pop())
          await other.patch(id, { comunicazioniEmail: `misura${round}@posta.example` })
      }),
    )
    deltas.push(await align())
    const last = items.at(-1)?.id ?? ''
    const { values } = await office.get('caselle.get', { id: last })
    if (values.comunicazioniEmail !== `misura${round}@posta.example`) throw new Error('the changes are not there')
  }
  return {
    what: `${items.length} changes of colleagues into ${caselle}`,
    unit: 'ms',
    rounds: deltas,
    against: null,
    goal: { kind: 'at_most', value: 300 },
  }
}
