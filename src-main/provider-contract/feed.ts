import { z } from 'zod'
import { Casella } from './casella.ts'
import { Documento } from './documento.ts'
import { Assistente, Dominio } from './dominio.ts'
import { Ente } from './ente.ts'
import { Nota } from './nota.ts'
import { Operation } from './operation.ts'
import { Messaggio, Segnalazione } from './segnalazione.ts'
import { Storico } from './storico.ts'
import { Attivita, Indirizzo, Titolare } from './titolare.ts'

/**
 * The resources of the feed, in the order in which a snapshot sends them: what is named comes before what names it.
 * Titolari come in parts, each with the attivita and caselle of its own after it, so that a list of caselle can be shown
 * from the first part on.
 */
export const resourceTypes = [
  'dominio',
  'assistente',
  'titolare',
  'attivita',
  'casella',
  'indirizzo',
  'documento',
] as const
export const ResourceType = z.enum(resourceTypes)
export type ResourceType = z.infer<typeof ResourceType>

/**
 * Every type that the feed can send, in the order of a snapshot. Those beyond `resourceTypes` come only to a client that
 * names them in `types=` of /changes and /snapshot: without `types` the seven are sent, so that a client which knows
 * those alone goes on working.
 */
export const anyResourceTypes = [
  'ente',
  ...resourceTypes,
  'nota',
  'segnalazione',
  'messaggio',
  'operation',
  'storico',
] as const
export const AnyResourceType = z.enum(anyResourceTypes)
export type AnyResourceType = z.infer<typeof AnyResourceType>

const upsert = { op: z.literal('upsert'), id: z.string(), version: z.number().int() }
const Upsert = z.discriminatedUnion('type', [
  z.object({ type: z.literal('dominio'), ...upsert, data: Dominio }),
  z.object({ type: z.literal('assistente'), ...upsert, data: Assistente }),
  z.object({ type: z.literal('titolare'), ...upsert, data: Titolare }),
  z.object({ type: z.literal('indirizzo'), ...upsert, data: Indirizzo }),
  z.object({ type: z.literal('attivita'), ...upsert, data: Attivita }),
  z.object({ type: z.literal('casella'), ...upsert, data: Casella }),
  z.object({ type: z.literal('documento'), ...upsert, data: Documento }),
])
/** A row that is gone from what this operator may see. A casella that was deleted is an upsert: deleted rows stay visible (D68). */
const Tombstone = z.object({ type: ResourceType, op: z.literal('delete'), id: z.string(), version: z.number().int() })

export const ChangeItem = z.discriminatedUnion('op', [Upsert, Tombstone]).meta({ id: 'ChangeItem' })
export type ChangeItem = z.infer<typeof ChangeItem>
export type UpsertItem = z.infer<typeof Upsert>

const AnyUpsert = z.discriminatedUnion('type', [
  ...Upsert.options,
  z.object({ type: z.literal('ente'), ...upsert, data: Ente }),
  z.object({ type: z.literal('nota'), ...upsert, data: Nota }),
  z.object({ type: z.literal('segnalazione'), ...upsert, data: Segnalazione }),
  z.object({ type: z.literal('messaggio'), ...upsert, data: Messaggio }),
  z.object({ type: z.literal('operation'), ...upsert, data: Operation }),
  z.object({ type: z.literal('storico'), ...upsert, data: Storico }),
])
/** What the feed sends to a client that asks for more than the seven types. */
export const AnyChangeItem = z
  .discriminatedUnion('op', [AnyUpsert, Tombstone.extend({ type: AnyResourceType })])
  .meta({ id: 'AnyChangeItem' })
export type AnyChangeItem = z.infer<typeof AnyChangeItem>
export type AnyUpsertItem = z.infer<typeof AnyUpsert>
export const AnyChangesPage = z
  .object({ items: z.array(AnyChangeItem), nextCursor: z.string(), more: z.boolean() })
  .meta({ id: 'AnyChangesPage' })

export const ChangesPage = z
  .object({ items: z.array(ChangeItem), nextCursor: z.string(), more: z.boolean() })
  .meta({ id: 'ChangesPage' })
export type ChangesPage = z.infer<typeof ChangesPage>

const StartLine = z.object({
  kind: z.literal('start'),
  cursor: z.string(),
  totals: z.record(z.string(), z.number().int()),
})
const MarkLine = z.object({ kind: z.literal('mark'), mark: z.string() })
const EndLine = z.object({ kind: z.literal('end'), rows: z.number().int() })

/**
 * One line of `GET /snapshot` (NDJSON). First `start`, with the cursor from which the change feed goes on afterwards;
 * then rows, each run of them closed by a `mark` from which an interrupted snapshot is resumed; last `end`, whose
 * `rows` counts them all. A resumed snapshot repeats `start`, and its `end` counts the rows before the mark too.
 * A row that changed while the snapshot ran comes again through the feed, with a higher version.
 */
export const SnapshotLine = z.discriminatedUnion('kind', [
  StartLine,
  z.object({ kind: z.literal('row'), item: Upsert }),
  MarkLine,
  EndLine,
])
export type SnapshotLine = z.infer<typeof SnapshotLine>

/** A line for a client that asks for more than the seven types. */
export const AnySnapshotLine = z.discriminatedUnion('kind', [
  StartLine,
  z.object({ kind: z.literal('row'), item: AnyUpsert }),
  MarkLine,
  EndLine,
])
