import { FaultPlan, type FaultRule, type FaultRuleInput, type Tally, matches, strikes } from './fault-rule.ts'

/** What a request meets: a wait, and perhaps one more fault. */
export interface Struck {
  latencyMs: number
  fault: FaultRule | null
}

/** The faults of one sandbox, set for the time that it runs. */
export interface Faults {
  /** Replaces all rules and begins counting again. Throws a ZodError for what is no rule. */
  set(rules: readonly FaultRuleInput[], seed?: number): void
  clear(): void
  /** The rules as set, with the requests that each has met and struck. */
  report(): { seed: number; rules: (FaultRule & Tally)[] }
  /**
   * What the next request meets, in the order of the rules: every latency that strikes, and the first other fault.
   * `path` without its query.
   */
  strike(method: string, path: string): Struck
}

export function createFaults(): Faults {
  let seed = 1
  let rules: { rule: FaultRule; tally: Tally }[] = []
  const set: Faults['set'] = (given, wanted = 1) => {
    const plan = FaultPlan.parse({ rules: given, seed: wanted })
    seed = plan.seed
    rules = plan.rules.map((rule) => ({ rule, tally: { met: 0, struck: 0 } }))
  }
  return {
    set,
    clear: () => {
      set([])
    },
    report: () => ({ seed, rules: rules.map(({ rule, tally }) => ({ ...rule, ...tally })) }),
    strike: (method, path) => {
      let latencyMs = 0
      for (const [place, { rule, tally }] of rules.entries()) {
        if (!matches(rule, { method, path })) continue
        const isStruck = strikes(rule, tally, seed, place)
        tally.met += 1
        if (!isStruck) continue
        tally.struck += 1
        if (rule.kind !== 'latency') return { latencyMs, fault: rule }
        latencyMs += rule.ms
      }
      return { latencyMs, fault: null }
    },
  }
}
