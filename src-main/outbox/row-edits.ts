import { CommandError } from '../command-error.ts'
import type { ArchiveDb } from '../db/database.ts'
import type { Operatore } from '../provider-contract/session.ts'
import { fieldsOfRow, type RowOf } from './editable-rows.ts'
import { changedFields, type About, type Enqueue } from './enqueue.ts'
import type { Fields, OperationArgs, RowKind } from './operation.ts'
import type { OperationStore } from './operation-store.ts'
import { pendingDeletion, shownFields } from './pending-row.ts'
import type { Projection } from './projection.ts'
import type { ServerRows } from './server-rows.ts'

type ChangedKind = Exclude<RowKind, 'casella' | 'documento' | 'messaggio'>
type DeletedKind = 'casella' | 'titolare' | 'indirizzo' | 'attivita' | 'nota' | 'documento'
type RowAbout = Omit<About, 'seen'>

/** Changes and deletions of rows that stand at the provider, into the outbox. */
export interface RowEdits {
  /**
   * Queues the wanted values that differ from those on the screen (`seen`, over what the archive shows). `about` says of
   * the row what the operation is about, and may refuse it. Throws CommandError `not_found`, `not_yet_sent` for a row
   * whose creation has not arrived, `deletion_pending`, `nothing_changed`.
   */
  update<K extends ChangedKind>(
    edit: { kind: K; id: string; wanted: Fields; seen: Fields; unsent?: RowOf[K] | undefined },
    about: (row: RowOf[K], operator: Operatore) => RowAbout,
  ): { operationId: string }
  /** Queues a deletion. Throws as `update`. */
  remove<K extends DeletedKind>(
    edit: { kind: K; id: string; seen: Fields },
    about: (row: RowOf[K], operator: Operatore) => RowAbout,
  ): { operationId: string }
  /** Queues anything else: what it makes, or asks. */
  add(work: (operator: Operatore) => { args: OperationArgs; about: Omit<About, 'seen'> & Partial<About> }[]): {
    operationIds: string[]
  }
}

export function rowEdits(dependencies: {
  db: ArchiveDb
  rows: ServerRows
  operations: OperationStore
  projection: Projection
  enqueue: Enqueue
  /** Throws CommandError `not_signed_in` or `read_only`. */
  writer(): Operatore
  queued(opIds: readonly string[]): void
}): RowEdits {
  const { db, rows, operations, projection, enqueue } = dependencies

  function existing<K extends RowKind>(kind: K, given: string, unsent: RowOf[K] | undefined) {
    const id = operations.serverIdOf(given) ?? given
    const row = rows.get(kind, id) ?? unsent
    if (row !== undefined) return { id, row, visible: operations.visibleOfRow(kind, id) }
    throw operations.creatorOf(id) === undefined
      ? new CommandError('not_found', `no such ${kind}`)
      : new CommandError('not_yet_sent', `the ${kind} is not at the provider yet`)
  }

  function queue(work: () => readonly { args: OperationArgs; about: About; operator: Operatore }[]): string[] {
    const ids = db.transaction(() =>
      work().map(({ args, about, operator }) => {
        const operation = enqueue(operator, args, about)
        projection.of(operation)
        return operation.opId
      }),
    )
    // Only what is on the disk is told and sent (rule 2).
    dependencies.queued(ids)
    return ids
  }

  return {
    update: ({ kind, id: given, wanted, seen, unsent }, about) => {
      const operator = dependencies.writer()
      const [operationId = ''] = queue(() => {
        const { id, row, visible } = existing(kind, given, unsent)
        if (pendingDeletion(kind, visible) !== undefined)
          throw new CommandError('deletion_pending', 'a deletion of it waits')
        const change = changedFields(wanted, { ...shownFields(kind, row, visible), ...seen })
        if (Object.keys(change.fields).length === 0)
          throw new CommandError('nothing_changed', 'the values are those on the screen')
        const args: OperationArgs = { type: `${kind}.update`, id, fields: change.fields }
        return [{ operator, args, about: { ...about(row, operator), seen: change.seen } }]
      })
      return { operationId }
    },
    remove: ({ kind, id: given, seen }, about) => {
      const operator = dependencies.writer()
      const [operationId = ''] = queue(() => {
        const { id, row, visible } = existing(kind, given, undefined)
        if (pendingDeletion(kind, visible) !== undefined)
          throw new CommandError('deletion_pending', 'a deletion of it waits')
        const onScreen = { ...fieldsOfRow(kind, row), ...shownFields(kind, row, visible), ...seen }
        const args: OperationArgs = { type: `${kind}.delete`, id }
        return [{ operator, args, about: { ...about(row, operator), seen: onScreen } }]
      })
      return { operationId }
    },
    add: (work) => {
      const operator = dependencies.writer()
      return {
        operationIds: queue(() =>
          work(operator).map(({ args, about }) => ({ operator, args, about: { ...about, seen: about.seen ?? {} } })),
        ),
      }
    },
  }
}
