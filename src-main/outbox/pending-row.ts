import type { PendingField } from '../contract/casella.ts'
import { fieldsOfRow, rowWith, type RowOf } from './editable-rows.ts'
import { changeOf, rowOf, type Fields, type Operation, type RowKind } from './operation.ts'
import { laneUpdates, rebase } from './rebase.ts'

/** What the screens show of a row's fields: the provider's values with what waits on top. Pure. */
export function shownFields<K extends RowKind>(
  kind: K,
  row: RowOf[K] & { version: number },
  visible: readonly Operation[],
): Fields {
  return rebase({ version: row.version, fields: fieldsOfRow(kind, row) }, laneUpdates(visible, kind)).shown
}

/** The row as the screens show it. Pure. */
export function shownRow<K extends RowKind>(
  kind: K,
  row: RowOf[K] & { version: number },
  visible: readonly Operation[],
): RowOf[K] {
  return visible.length === 0 ? row : rowWith(kind, row, shownFields(kind, row, visible))
}

/** The fields of which the screens show another value than the provider's, each with the last operation that changes it. */
export function pendingFields<K extends RowKind>(
  kind: K,
  row: RowOf[K],
  visible: readonly Operation[],
  timeOfDay: (steady: number) => string,
): PendingField[] {
  const server = fieldsOfRow(kind, row)
  const latest = new Map<string, PendingField>()
  for (const { opId, state, args, nextAt } of visible) {
    const change = changeOf(args)
    if (change?.kind !== 'update' || rowOf(args)?.kind !== kind) continue
    for (const field of Object.keys(change.fields))
      latest.set(field, {
        field,
        operationId: opId,
        state,
        serverValue: server[field] ?? null,
        sendsAt: nextAt === null ? null : timeOfDay(nextAt),
      })
  }
  return [...latest.values()]
}

/** The deletion of the row that waits; undefined where none does. */
export function pendingDeletion(kind: RowKind, visible: readonly Operation[]): Operation | undefined {
  return visible.find(
    ({ args, state }) =>
      changeOf(args)?.kind === 'delete' &&
      rowOf(args)?.kind === kind &&
      state !== 'rejected' &&
      state !== 'needs_review',
  )
}
