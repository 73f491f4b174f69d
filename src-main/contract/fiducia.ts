import { z } from 'zod'

/** Why the trusted lists could not be renewed, or not be believed; the screen has a sentence and a next step for each. */
export const MotivoElenco = z.enum([
  'offline',
  'answer_wrong',
  'too_large',
  'address_refused',
  'xml_unreadable',
  'signature_missing',
  'signature_invalid',
  'signer_unexpected',
  'content_unexpected',
  'older_sequence',
  'disk',
])
export type MotivoElenco = z.infer<typeof MotivoElenco>

/** One of the lists in use: the European list of lists (`EU`) or a country's. */
export const ElencoFiducia = z.object({
  territory: z.string(),
  sequence: z.number().int(),
  /** ISO 8601: when it was issued, and by when its issuer promised the next. */
  issued: z.string(),
  nextUpdate: z.string().nullable(),
  outdated: z.boolean(),
  url: z.string(),
})
export type ElencoFiducia = z.infer<typeof ElencoFiducia>

/** How it stands with the trusted lists of this computer (ETSI TS 119 612). */
export const ElenchiFiducia = z.object({
  /** `off`: by SPORTELLO_LRA_ELENCHI. `none`: never had, so no trust is known. */
  state: z.enum(['off', 'none', 'current', 'outdated']),
  lists: z.array(ElencoFiducia),
  /** Services that issue certificates or timestamps, all statuses. */
  services: z.number().int(),
  /** ISO 8601: when it was last confirmed online that these are the newest. */
  checkedAt: z.string().nullable(),
  /** The last attempt, where it failed. */
  trouble: z.object({ at: z.string(), list: z.string(), reason: MotivoElenco }).nullable(),
  refreshing: z.boolean(),
  /** Certificates that the administrator has added, and files among them that cannot be read. */
  anchors: z.number().int(),
  unreadableAnchors: z.array(z.string()),
})
export type ElenchiFiducia = z.infer<typeof ElenchiFiducia>
