import { z } from 'zod'
import { createRandom } from '../generate/random.ts'

/**
 * What can go wrong between a client and a provider, and whether the request takes effect all the same:
 * `latency` it takes effect, later; `reset_before` it does not, the connection is reset; `reset_after` it does, and no
 * byte of the answer arrives; `bad_gateway_after` it does, and the answer is a proxy's 502 page; `unauthorized` (401),
 * `gone` (410, an expired cursor) and `proxy_not_found` (a proxy's 404 page) it does not; `slow_body` it does, the
 * answer comes in pieces; `truncated_body` it does, the answer ends half way; `duplicate` a request that may change
 * something is processed twice, and the answer is that of the second time.
 */
export const faultKinds = [
  'latency',
  'reset_before',
  'reset_after',
  'bad_gateway_after',
  'unauthorized',
  'gone',
  'proxy_not_found',
  'slow_body',
  'truncated_body',
  'duplicate',
] as const
export type FaultKind = (typeof faultKinds)[number]

export const FaultRule = z.strictObject({
  kind: z.enum(faultKinds),
  /** A path; `:name` stands for one part of it, a final `*` for whatever follows. */
  route: z
    .string()
    .max(200)
    .regex(/^(?:\/[^?#\s*]*)?\*?$/)
    .min(1),
  /** Left out: every method. */
  method: z.enum(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']).optional(),
  /** Of each request that matches. */
  probability: z.number().min(0).max(1).default(1),
  /** How many matching requests pass first. */
  skip: z.number().int().min(0).default(0),
  /** After so many strikes the rule is spent; left out: never. */
  count: z.number().int().min(1).optional(),
  /** Milliseconds: of `latency` in all, of `slow_body` from the first piece to the last. */
  ms: z.number().int().min(0).max(600_000).default(1000),
})
export type FaultRule = z.output<typeof FaultRule>
export type FaultRuleInput = z.input<typeof FaultRule>

/** A file of `--faults`, and the body of `POST /console/faults`. */
export const FaultPlan = z.strictObject({
  seed: z.number().int().min(0).max(2_147_483_647).default(1),
  rules: z.array(FaultRule).max(100),
})
export type FaultPlan = z.output<typeof FaultPlan>

/** What a rule has done since it was set. */
export interface Tally {
  /** Requests that matched it. */
  met: number
  struck: number
}

/** Faults are switched on and off here: this must always be reachable. */
const EXEMPT = /^\/console(?:\/|$)/
const SAFE = new Set(['GET', 'HEAD', 'OPTIONS'])

/** `path` without its query. */
export function matches({ kind, route, method }: FaultRule, request: { method: string; path: string }): boolean {
  if (EXEMPT.test(request.path)) return false
  if (method !== undefined && method !== request.method) return false
  if (kind === 'duplicate' && SAFE.has(request.method)) return false
  const wanted = route.split('/')
  const given = request.path.split('/')
  for (const [index, part] of wanted.entries()) {
    const isLast = index === wanted.length - 1
    if (isLast && part.endsWith('*')) {
      return given.slice(index).join('/').startsWith(part.slice(0, -1))
    }
    const here = given[index]
    if (here === undefined) return false
    if (part.startsWith(':') ? here === '' : here !== part) return false
  }
  return wanted.length === given.length
}

/** Whether the next request that matches meets the fault: the same for the same seed, place of the rule and turn. */
export function strikes(rule: FaultRule, { met, struck }: Tally, seed: number, place: number): boolean {
  if (met < rule.skip || (rule.count !== undefined && struck >= rule.count)) return false
  const mixed = Math.imul(seed + 1, 0x9e3779b1) ^ Math.imul(place + 1, 0x85ebca6b) ^ Math.imul(met + 1, 0xc2b2ae35)
  return createRandom(mixed).next() < rule.probability
}
