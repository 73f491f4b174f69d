import type { Principal } from '../auth/sessions.ts'
import { scopeIdOf } from '../auth/sessions.ts'
import { type AnyResourceType, type SnapshotLine, anyResourceTypes } from '../../provider-contract/feed.ts'
import type { ResourceStore } from '../store/resource-store.ts'
import type { Cursors, Mark } from './cursors.ts'

const ROWS_BETWEEN_MARKS = 1000

const line = (value: Exclude<SnapshotLine, { kind: 'row' }>) => `${JSON.stringify(value)}\n`

/**
 * The lines of a snapshot, a chunk for each page of rows. Each page is a query of its own, so that writes go on
 * meanwhile; what they change comes again through the feed, from the cursor of `start`.
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
  const first = mark === undefined ? 0 : Math.max(0, types.indexOf(mark.type))
  for (const type of types.slice(first)) {
    for (let after = mark?.type === type ? mark.after : ''; ;) {
      const page = resources.snapshotPage(principal, type, after, ROWS_BETWEEN_MARKS)
      if (page === undefined) break
      after = page.last
      rows += page.rows
      yield Buffer.concat([page.lines, Buffer.from(markLine(cursors, scope, { seq, type, after, rows }))])
      if (page.rows < ROWS_BETWEEN_MARKS) break
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
