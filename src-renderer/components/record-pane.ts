import type { PendingField } from '../../src-main/contract/casella.ts'
import type { FieldsRequest, FieldValues } from './field-edit.ts'

/** One row of a pane: its texts, and what waits on top of them. */
export interface PaneRecord {
  id: string
  /** What tells it from the others of its pane; null where it is the only one. */
  heading: string | null
  values: FieldValues
  pendingFields: readonly PendingField[]
  /** The operation that makes it, or takes it away, while that waits. */
  createdBy: string | null
  deletedBy: string | null
}

type Queued = Promise<{ operationId: string }>

/** What a pane can do with its rows. Each queues, and throws CommandError. */
export interface PaneActions {
  save: (id: string, request: FieldsRequest) => Queued
  add?: ((values: FieldValues, overrideReason: string | null) => Queued) | undefined
  remove?: ((record: PaneRecord) => Queued) | undefined
}

/** The words of a pane, as they are shown. */
export interface PaneWords {
  title: string
  empty: string
  saved: string
  add?: string
  added?: string
  remove?: string
  removeTitle?: string
  removeText?: string
  removed?: string
}

/** What a pane lets its panel do. */
export interface PaneHandle {
  readonly dirty: boolean
  readonly isOpen: boolean
  begin: () => Promise<void>
  /** Unlocks, with a row that is not there yet. */
  beginNew: () => Promise<void>
  /** Leaves the editing; what was written is dropped. */
  stop: () => void
  /** Esc. Answers whether there was something to leave. */
  escape: () => boolean
}
