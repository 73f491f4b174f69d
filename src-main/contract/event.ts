import { z } from 'zod'
import { ActivityGroup } from './activity.ts'
import { Status } from './status.ts'

export const ChangedEntity = z.enum([
  'casella',
  'titolare',
  'dominio',
  'assistente',
  'documento',
  'operation',
  'nota',
  'segnalazione',
  'richiesta',
  'impostazioni',
  'activity',
  'bozza',
  'lotto',
  'modulo',
  'accesso',
])
export type ChangedEntity = z.infer<typeof ChangedEntity>

/** What the core tells the screens. `changed` names ids (null: too many to name); the renderer reads again what it shows. */
export const CoreEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('status'), status: Status }),
  z.object({ type: z.literal('changed'), entity: ChangedEntity, ids: z.array(z.string()).nullable() }),
  /** An alignment brought something that others changed. */
  z.object({ type: z.literal('news'), group: ActivityGroup }),
  /** What `archive.state` answers has changed: the copy under way, its end, or what is kept. */
  z.object({ type: z.literal('archive') }),
  /** What `trust.state` answers has changed. */
  z.object({ type: z.literal('trust') }),
  z.object({ type: z.literal('upload'), operationId: z.string(), sent: z.number(), total: z.number() }),
])
export type CoreEvent = z.infer<typeof CoreEvent>
