import { z } from 'zod'
import { FieldValue } from './operation.ts'

/**
 * What can be told of a change that came in, `<what it is about>.<what happened>`; the words are in the locale under
 * `novita.fatto`. One list for each thing: a new type of the feed is one more.
 */
export const activityKinds = [
  'casella.nuova',
  'casella.attivata',
  'casella.in_attesa',
  'casella.documenti_errati',
  'casella.scaduta',
  'casella.rinnovata',
  'casella.eliminata',
  'casella.disabilitata',
  'casella.riabilitata',
  'casella.sospesa',
  'casella.ripristinata',
  'casella.titolare_cambiato',
  'casella.richiesta',
  'casella.richiesta_conclusa',
  'casella.password_scaduta',
  'casella.cambiata',
  'casella.rimossa',
  'titolare.nuovo',
  'titolare.cambiato',
  'titolare.indirizzo',
  'titolare.attivita',
  'titolare.rimosso',
  'documento.arrivato',
  'documento.accettato',
  'documento.respinto',
  'documento.cambiato',
  'documento.rimosso',
  'nota.nuova',
  'nota.cambiata',
  'nota.rimossa',
  'richiesta.nuova',
  'richiesta.avanzata',
  'richiesta.conclusa',
  'richiesta.respinta',
  'segnalazione.nuova',
  'segnalazione.presa_in_carico',
  'segnalazione.attesa_operatore',
  'segnalazione.chiusa',
  'segnalazione.riaperta',
  'segnalazione.cambiata',
  'segnalazione.rimossa',
  'messaggio.arrivato',
  'dominio.nuovo',
  'dominio.cambiato',
  'dominio.rimosso',
  'assistente.nuovo',
  'assistente.cambiato',
  'assistente.rimosso',
] as const
export const ActivityKind = z.enum(activityKinds)
export type ActivityKind = z.infer<typeof ActivityKind>

export const ActivityField = z.object({ field: z.string(), from: FieldValue, to: FieldValue })
export type ActivityField = z.infer<typeof ActivityField>

/** One change that came in from the provider. */
export const ActivityEntry = z.object({
  seq: z.number().int(),
  /** The alignment it came with. */
  group: z.number().int(),
  /** When it came in (ISO 8601). */
  at: z.string(),
  kind: ActivityKind,
  id: z.string(),
  /** An address, a name, a file name. */
  subject: z.string(),
  /** Of the casella that it belongs to; null for what belongs to none, or to one that is not here any more. */
  casella: z.object({ id: z.string(), indirizzo: z.string() }).nullable(),
  titolareId: z.string().nullable(),
  /** Who changed it last, as the provider names them; null where it does not say. */
  who: z.string().nullable(),
  /** The operator who is signed in made this change, from another place or before the answer was lost. */
  own: z.boolean(),
  /** How many changes the provider counts since what was known here; the last of them is by `who`. */
  steps: z.number().int(),
  fields: z.array(ActivityField),
})
export type ActivityEntry = z.infer<typeof ActivityEntry>

/** How many changes of one kind somebody made, in one alignment. */
export const ActivityCount = z.object({
  kind: ActivityKind,
  who: z.string().nullable(),
  own: z.boolean(),
  n: z.number().int(),
})
export type ActivityCount = z.infer<typeof ActivityCount>

export const ActivityGroup = z.object({ group: z.number().int(), at: z.string(), counts: z.array(ActivityCount) })
export type ActivityGroup = z.infer<typeof ActivityGroup>

export const ActivityListRequest = z.object({
  view: z.enum(['all', 'others']).default('all'),
  casellaId: z.string().nullable().default(null),
  offset: z.number().int().min(0),
  limit: z.number().int().min(1).max(200),
})
export type ActivityListRequest = z.infer<typeof ActivityListRequest>

export const ActivityList = z.object({
  total: z.number().int(),
  /** Newest first. */
  rows: z.array(ActivityEntry),
  /** The alignments that the rows came with. */
  groups: z.array(ActivityGroup),
  /** Entries after this one are new to the operator. */
  seenUpTo: z.number().int(),
})
export type ActivityList = z.infer<typeof ActivityList>
