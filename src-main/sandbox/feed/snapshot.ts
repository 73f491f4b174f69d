import type { Principal } from '../auth/sessions.ts'
import { scopeIdOf } from '../auth/sessions.ts'
import { type AnyResourceType, type SnapshotLine, anyResourceTypes } from '../../provider-contract/feed.ts'
import type { ResourceStore } from '../store/resource-store.ts'
import type { Cursors, Mark } from './cursors.ts'

const ROWS_BETWEEN_MARKS = 1000
/** Titolari of a part, with which come the two and a half times as many attivita and caselle of theirs. */
const TITOLARI_BETWEEN_MARKS = 400
/** What hangs on titolari and is shown in a list beside them comes with them. */
const hanging = ['attivita', 'casella'] as const
/** After every id. */
const END = '\u{10FFFF}'

const line = (value: Exclude<SnapshotLine, { kind: 'row' }>) => `${JSON.stringify(value)}\n`

/**
 * The lines of a snapshot, a chunk for each page of rows. Each page is a query of its own, so that writes go on
 * meanwhile; what they change comes again through the feed, from the cursor of `start`.
 * Titolari come with their attivita and caselle, so that a list of these can be shown from the first part on.
 * A snapshot resumed from a mark begins with the same `start`; `end` counts the rows since the very first one.
 */
export function* snapshotChunks(
  resources: ResourceStore,
  cursors: Cursors,
  principal: Principal,
  mark: Mark | undefined,
  asked: readonly AnyResourceType[],
): Generator<string | Buffer> {
  const scope = scopeIdOf(principal)
  const seq = mark?.seq ?? resources.lastSeq()
  const types = anyResourceTypes.filter((type) => asked.includes(type))
  const totals = Object.fromEntries(types.map((type) => [type, resources.count(principal, type)]))
  yield line({ kind: 'start', cursor: cursors.feed(scope, seq), totals })
  let rows = mark?.rows ?? 0
  const together = types.includes('titolare') ? hanging.filter((type) => types.includes(type)) : []
  const steps = types.filter((type) => !together.some((each) => each === type))
  const first = mark === undefined ? 0 : Math.max(0, steps.indexOf(mark.type))
  for (const type of steps.slice(first)) {
    const most = type === 'titolare' ? TITOLARI_BETWEEN_MARKS : ROWS_BETWEEN_MARKS
    for (let after = mark?.type === type ? mark.after : ''; after !== END;) {
      const page = resources.snapshotPage(principal, type, after, most)
      const until = page === undefined || page.rows < most ? END : page.last
      const hung = type === 'titolare' ? together : []
      const parts = [page, ...hung.map((each) => resources.snapshotOf(principal, each, after, until))]
      // What has meanwhile passed to a titolare whose part was before comes again with the last one.
      if (until === END) parts.push(...hung.map((each) => resources.snapshotSince(principal, each, seq)))
      after = until
      const found = parts.filter((part) => part !== undefined)
      if (found.length === 0) break
      rows += found.reduce((sum, part) => sum + part.rows, 0)
      const marked = Buffer.from(markLine(cursors, scope, { seq, type, after, rows }))
      yield Buffer.concat([...found.map(({ lines }) => lines), marked])
    }
  }
  yield line({ kind: 'end', rows })
}

function markLine(
  cursors: Cursors,
  scope: string,
  mark: { seq: number; type: AnyResourceType; after: string; rows: number },
) {
  return line({ kind: 'mark', mark: cursors.mark(scope, mark) })
}
