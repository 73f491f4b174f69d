import { expect, test } from 'vitest'
import { brokenPromise, type Observations } from '../property/oracle.ts'
import type { KillPlan } from './kill-plan.ts'
import { killTest, verdictOf } from './kill-test.ts'

const LIMIT_MS = 240_000
const said: string[] = []
const options = {
  msBetween: 1000,
  caselle: 600,
  said: (line: string) => {
    said.push(line)
  },
}

/** What the last whole run saw, for the proofs that the check can fail. */
async function observed(): Promise<Observations> {
  const { rounds, broken } = await killTest({ ...options, kills: 10, seed: 20 })
  expect(broken, said.join('\n')).toBe(null)
  const observations = rounds[0]?.observations
  if (observations === undefined) throw new Error('no round')
  return observations
}

test(
  'killed ten times at any moment, the application loses nothing, repeats nothing and opens again',
  async () => {
    const seen = await observed()
    expect(seen.asked.length).toBeGreaterThan(0)
    expect(seen.effects.length).toBeGreaterThan(0)
    const [effect] = seen.effects
    if (effect === undefined) throw new Error('no effect')

    // The same observations, falsified: each lie is told.
    const twice = { ...seen, effects: [...seen.effects, effect] }
    expect(brokenPromise(twice)).toContain('took effect 2 times')
    const without = new Map([...seen.outcomes].filter(([opId]) => opId !== effect.opId))
    expect(brokenPromise({ ...seen, outcomes: without })).toContain('vanished')
    const unmade = { ...seen, effects: seen.effects.filter((each) => each !== effect) }
    expect(brokenPromise(unmade)).toContain('without effect')
    expect(verdictOf({ observations: seen, faults: ['integrity_check: damaged'] })).toContain('integrity_check')
  },
  LIMIT_MS,
)

test(
  'killed while an envelope of many changes is on its way, it loses none of them and repeats none',
  async () => {
    const plans: KillPlan[] = [
      { when: 'request', path: '/batches', skip: 0, lost: false },
      { when: 'request', path: '/batches', skip: 0, lost: true },
      { when: 'effect', path: '/batches', skip: 0, ms: 0 },
      { when: 'answered', path: '/batches', skip: 0, ms: 0 },
    ]
    const { broken, rounds } = await killTest({ ...options, kills: plans.length, seed: 5, plans })
    expect(broken, said.join('\n')).toBe(null)
    expect(rounds[0]?.envelopes).toBeGreaterThanOrEqual(3)
  },
  LIMIT_MS,
)

test(
  'where the provider does not know a repeated request again, a kill between effect and answer is told',
  async () => {
    const plan: KillPlan = { when: 'effect', path: '/titolari', skip: 0, ms: 0 }
    const { broken } = await killTest({ ...options, kills: 1, seed: 3, forgetsKeys: true, plans: [plan] })
    expect(broken, said.join('\n')).toMatch(/took effect 2 times|and yet in effect/)
  },
  LIMIT_MS,
)
