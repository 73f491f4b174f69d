import type { OperationView } from '../../src-main/contract/operation.ts'

export interface ReviewGroup {
  subject: string
  rows: OperationView[]
}

/** What waits for the operator, under the casella that it is about, in the order of the list. Pure. */
export function byCasella(rows: readonly OperationView[]): ReviewGroup[] {
  const groups = new Map<string, ReviewGroup>()
  for (const row of rows) {
    const key = row.casellaId ?? row.subject
    const group = groups.get(key)
    if (group === undefined) groups.set(key, { subject: row.subject, rows: [row] })
    else group.rows.push(row)
  }
  return [...groups.values()]
}

/**
 * What is left out after a tick: what comes later on the same casella goes only after what comes before it. So leaving one
 * out leaves the later ones out, and ticking one ticks the earlier ones. Pure.
 */
export function afterTick(
  group: readonly OperationView[],
  leftOut: ReadonlySet<string>,
  id: string,
  ticked: boolean,
): Set<string> {
  const next = new Set(leftOut)
  const seq = group.find((row) => row.id === id)?.seq
  if (seq === undefined) return next
  for (const row of group) {
    if (ticked && row.seq <= seq) next.delete(row.id)
    if (!ticked && row.seq >= seq) next.add(row.id)
  }
  return next
}

/**
 * What must not go though all the rest does. While the list is longer than what has been read of it, one that was left out
 * may have moved beyond the end and still counts. Pure.
 */
export function stillLeftOut(
  read: readonly Pick<OperationView, 'id'>[],
  total: number,
  leftOut: ReadonlySet<string>,
): string[] {
  if (read.length < total) return [...leftOut]
  return read.filter(({ id }) => leftOut.has(id)).map(({ id }) => id)
}
