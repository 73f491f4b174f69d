import { z } from 'zod'
import { ErrorCode, ErrorDetails } from './error.ts'

export const ArchiveTrouble = z.object({ code: ErrorCode, details: ErrorDetails })
export type ArchiveTrouble = z.infer<typeof ArchiveTrouble>

/** Why a copy was made: the day's, before a migration of the schema, or because a person asked. */
export const CopyReason = z.enum(['giornaliera', 'migrazione', 'richiesta'])
export type CopyReason = z.infer<typeof CopyReason>

export const CopyRow = z.object({
  id: z.string(),
  at: z.string(),
  reason: CopyReason,
  /** Version of the schema: one that is higher than the program's cannot be restored by it. */
  schema: z.number().int(),
  bytes: z.number(),
  /** Operations that had not reached their end when the copy was made. */
  unsent: z.number().int(),
  restorable: z.boolean(),
})
export type CopyRow = z.infer<typeof CopyRow>

export const ArchiveState = z.object({
  /** The data folder: what a person looks for when asked where the archive is. */
  folder: z.string(),
  /** Of the archive's database; null where there is none. */
  bytes: z.number().nullable(),
  /** Of the disk; null where the system does not say. */
  freeBytes: z.number().nullable(),
  /** Newest first. */
  copies: z.array(CopyRow),
  /** The copy under way, in bytes. */
  copying: z.object({ done: z.number(), total: z.number() }).nullable(),
  /** Why the last copy was not made; null when it was. */
  copyProblem: z.object({ code: ErrorCode, details: ErrorDetails }).nullable(),
  /** Unsent operations that can be read now, wherever they stand; null when they cannot be read. */
  unsent: z.number().int().nullable(),
  /** True when what can be read may not be all. */
  unsentIncomplete: z.boolean(),
  /** Of the copy of the queue alone. */
  queueCopyAt: z.string().nullable(),
  /** Whether the archive's key can be had. */
  hasKey: z.boolean(),
})
export type ArchiveState = z.infer<typeof ArchiveState>

/** A file that the host hands to the person. */
export const ExportedFile = z.object({
  nomeFile: z.string(),
  mime: z.string(),
  base64: z.string(),
  count: z.number().int(),
})
export type ExportedFile = z.infer<typeof ExportedFile>

/** What is typed before the archive is set aside. */
export const START_ANEW_WORD = 'RICOMINCIA'

export const StartAnewRequest = z.object({
  confirmation: z.string().max(40),
  /** `carry`: goes over into the new archive. `leave`: stays only in the files set aside. */
  unsent: z.enum(['carry', 'leave']),
})

export const RecoverRequest = z.object({
  lines: z.array(z.string().max(60)).length(4),
  /** Where the system keeps no secrets: the key is kept under it from now on. */
  passphrase: z.string().max(200).optional(),
})
