import { z } from 'zod'
import { ErrorCode } from './error.ts'
import { GroupKey, OutboxViewName } from './operation.ts'

/** What can be done with one operation or with many of a kind. */
export const ManyAction = z.enum([
  'retry',
  'cancel',
  'resolve_mine',
  'resolve_theirs',
  'verify',
  'declare_arrived',
  'declare_not_arrived',
  'take_over',
])
export type ManyAction = z.infer<typeof ManyAction>

const MOST_IDS = 10_000

export const OutboxGroup = z.object({
  key: GroupKey,
  count: z.number().int(),
  /** The subject of the oldest one. */
  sample: z.string(),
  /** What can be done with all of them at once. */
  actions: z.array(ManyAction),
})
export type OutboxGroup = z.infer<typeof OutboxGroup>

export const OutboxGroupsRequest = z.object({ view: OutboxViewName.extract(['open', 'needs_you']) })
export const OutboxGroups = z.object({ groups: z.array(OutboxGroup) })

export const ActOnManyRequest = z.object({
  action: ManyAction,
  target: z.union([z.object({ group: GroupKey }), z.object({ ids: z.array(z.string()).min(1).max(MOST_IDS) })]),
})
export type ActOnManyRequest = z.infer<typeof ActOnManyRequest>

/** `ids` null: all that waits for the operator, but for those in `except`. */
export const ReleaseRequest = z.object({
  ids: z.array(z.string()).max(MOST_IDS).nullable(),
  except: z.array(z.string()).max(MOST_IDS).default([]),
})

/** How far work on many operations has come. */
export const ManyProgress = z.object({
  jobId: z.string(),
  state: z.enum(['running', 'stopped', 'finished']),
  total: z.number().int(),
  /** Looked at so far: done, passed over and refused together. */
  handled: z.number().int(),
  done: z.number().int(),
  /** How many were passed over, each code with an example. `operation_changed`: no longer of the kind that was chosen. */
  refused: z.array(z.object({ code: ErrorCode, count: z.number().int(), sample: z.string() })),
  /** How many of those done can be taken back, and until when (ISO 8601); null when none can. */
  undoable: z.number().int(),
  undoUntil: z.string().nullable(),
})
export type ManyProgress = z.infer<typeof ManyProgress>

/** `expected`: the operator that the person was told. Refused with `operation_changed` when it is somebody else's by now. */
export const TakeOverRequest = z.object({ id: z.string(), expected: z.string().max(200) })

/** A person's word on an outcome that is not known; `confirmed` says that it was asked twice. */
export const DeclareRequest = z.object({
  id: z.string(),
  outcome: z.enum(['arrived', 'not_arrived']),
  confirmed: z.literal(true),
})
