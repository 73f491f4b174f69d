import { z } from 'zod'
import { CaselleFilter } from './casella.ts'

/** The most caselle that are named one by one; more are all of a filter. */
export const MOST_NAMED = 20_000
const Ids = z.array(z.string().max(200)).max(MOST_NAMED)

/**
 * The caselle that something is done with: those named, or all of a filter but those in `except`. `expected` is how many
 * the person was told of: when they are not so many any more, nothing is done (`selection_changed`).
 */
export const CaselleTarget = z.union([
  z.object({ ids: Ids.min(1) }),
  z.object({ filter: CaselleFilter, except: Ids, expected: z.number().int().min(0) }),
])
export type CaselleTarget = z.infer<typeof CaselleTarget>

export const CaselleAction = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('disabilita') }),
  z.object({ kind: z.literal('abilita') }),
  /** D59, D75, D81. */
  z.object({ kind: z.literal('azione'), azione: z.enum(['reset_link', 'contract_resend', 'activation_data']) }),
  /** MB (D69). */
  z.object({ kind: z.literal('quota'), quotaMb: z.number().int() }),
  /** D117: only where the profile offers it. */
  z.object({ kind: z.literal('conservazione'), conservazione: z.boolean() }),
  z.object({ kind: z.literal('nota'), testo: z.string().max(4000) }),
])
export type CaselleAction = z.infer<typeof CaselleAction>

export const CaselleActRequest = z.object({ action: CaselleAction, target: CaselleTarget })
