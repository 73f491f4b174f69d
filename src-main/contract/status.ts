import { z } from 'zod'
import { Operatore, Scope } from '../provider-contract/session.ts'
import { ArchiveTrouble } from './archive.ts'

/**
 * `screen_locked`: the archive is open, and a PIN hides it. `first_run`: nothing is configured. `locked`: the archive waits for its passphrase.
 * `blocked`: the archive cannot be opened, or the data folder cannot be worked in: `trouble` says why.
 * `signed_out`: a provider is configured, nobody has signed in. `ready`: the archive is open and the screens work,
 * with or without network, also while the session is expired.
 */
export const Phase = z.enum(['first_run', 'locked', 'blocked', 'signed_out', 'screen_locked', 'ready'])
export type Phase = z.infer<typeof Phase>

/** The one true thing that the badge says (ui.md). */
export const ConnectionState = z.enum([
  'aligned',
  'aligning',
  'offline',
  /** Something between here and the provider answers in its place: the queue waits. */
  'intercepted',
  'session_expired',
  'never_aligned',
  'error',
])
export type ConnectionState = z.infer<typeof ConnectionState>

export const SyncProgress = z.object({
  stage: z.enum(['snapshot', 'changes', 'search_index']),
  /** Rows received so far, and how many are expected where that is known. */
  done: z.number().int(),
  total: z.number().int().nullable(),
  cancellable: z.boolean(),
})
export type SyncProgress = z.infer<typeof SyncProgress>

export const Status = z.object({
  phase: Phase,
  connection: ConnectionState,
  /** The last moment at which the cache was known to equal the provider; null before the first. */
  lastAlignedAt: z.string().nullable(),
  offlineSince: z.string().nullable(),
  /** When the next alignment begins by itself; null while one runs, and while nobody is signed in. */
  nextAlignmentAt: z.string().nullable(),
  /** Error code of the last attempt, for the badge's details. */
  lastError: z.string().nullable(),
  sync: SyncProgress.nullable(),
  /** Operations that will go by themselves (pending, in flight, acknowledged). */
  pending: z.number().int(),
  /** Operations that wait for a person (conflict, uncertain and undecidable, rejected, needs_review). */
  needsYou: z.number().int(),
  /** What others changed and this operator has not looked at yet (`activity.seen`). */
  unseenActivity: z.number().int(),
  operatore: Operatore.nullable(),
  scope: Scope.nullable(),
  provider: z
    .object({ url: z.string(), nome: z.string(), environment: z.enum(['prova', 'esercizio']), embedded: z.boolean() })
    .nullable(),
  /**
   * The lock of the screen; null where the operator has no PIN. `since`: when it was shut, null while it is open.
   * `waitUntil`: before then no PIN is tried. `withSystem`: the system's own unlocking opens it too.
   */
  lock: z
    .object({ since: z.string().nullable(), waitUntil: z.string().nullable(), withSystem: z.boolean() })
    .nullable(),
  /** Where the archive's key is kept: the screens say it honestly. */
  custody: z.enum(['system', 'passphrase', 'demo_file']).nullable(),
  /** What is wrong with the archive or its disk: in `blocked` why nothing opens, in `ready` what the last writing met. */
  trouble: ArchiveTrouble.nullable(),
  /** `offered`: the key can be printed and has not been yet. `not_applicable`: generated data, or no archive open. */
  recoveryKey: z.enum(['not_applicable', 'offered', 'printed']),
  counts: z.object({ caselle: z.number().int(), titolari: z.number().int(), domini: z.number().int() }),
  host: z.enum(['electron', 'browser', 'cli']),
  version: z.string(),
})
export type Status = z.infer<typeof Status>
