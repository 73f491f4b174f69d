import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { brokenPromise, type Asked, type Effect, type Observations, type Outcome } from './oracle.ts'
import { sabotages } from './sabotages.ts'

/** The program of this folder in a process of its own: Node's own module hooks are what breaks a rule. */
function run(...args: string[]): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [join(import.meta.dirname, 'run.ts'), ...args])
    let output = ''
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text
      })
    child.on('close', (code) => {
      resolve({ code, output })
    })
  })
}

const MINUTES = 60_000

// The same schedules each time: `npm run soak` looks for others.
test.concurrent(
  'whatever fails, each change takes effect once or is visibly unresolved, in order, in the right name, over nothing unseen',
  async () => {
    const { code, output } = await run('--runs', '300', '--seed', '11')
    expect(code, output).toBe(0)
    expect(output).toMatch(/^300 schedules/m)
  },
  10 * MINUTES,
)

test.concurrent(
  'with any of the rules broken the suite turns red',
  async () => {
    const { code, output } = await run('--sabotage', 'all', '--runs', '40', '--seed', '1')
    expect(code, output).toBe(0)
    for (const { name } of sabotages) expect(output).toContain(`${name}: caught`)
    expect(sabotages.length).toBeGreaterThanOrEqual(12)
  },
  10 * MINUTES,
)

describe('the oracle', () => {
  const asked: Asked = {
    opId: 'a',
    kind: 'casella.update',
    operator: 'demo',
    casella: 0,
    fields: { quotaMb: 2000 },
    known: { quotaMb: [1000] },
    cancelledFrom: null,
    forgotten: false,
  }
  const effect: Effect = { opId: 'a', operator: 'demo', body: { quotaMb: 2000 }, before: { quotaMb: 1000 } }
  const settled: Outcome = { seq: 1, state: 'settled', reason: null, scheduled: false, blocked: false }
  const seen = (changes: Partial<Observations>): Observations => ({
    keyless: false,
    asked: [asked],
    effects: [effect],
    refusals: new Map(),
    outcomes: new Map([['a', settled]]),
    differences: [],
    ...changes,
  })
  const outcome = (changes: Partial<Outcome>) => new Map([['a', { ...settled, ...changes }]])

  test('is content with what took effect once', () => {
    expect(brokenPromise(seen({}))).toBeNull()
  })

  test.each<[string, Partial<Observations>]>([
    ['twice', { effects: [effect, effect] }],
    ['never, though settled', { effects: [] }],
    ['in the name of another', { effects: [{ ...effect, operator: 'collega' }] }],
    ['with another value', { effects: [{ ...effect, body: { quotaMb: 1 } }] }],
    ['over a value that nobody saw', { effects: [{ ...effect, before: { quotaMb: 3000 } }] }],
    ['and vanished', { outcomes: new Map() }],
    ['and is still tried', { outcomes: outcome({ state: 'pending' }), effects: [] }],
    [
      'though taken back',
      { asked: [{ ...asked, cancelledFrom: 'pending' }], outcomes: outcome({ state: 'cancelled' }) },
    ],
    ['though refused', { outcomes: outcome({ state: 'rejected' }), refusals: new Map([['a', ['rule_violated']]]) }],
    ['nowhere, refused by nobody', { outcomes: outcome({ state: 'rejected' }), effects: [] }],
    ['while the list shows something else', { differences: ['casella 0 shows quotaMb 1'] }],
  ])('is not content with what took effect %s', (_what, changes) => {
    expect(brokenPromise(seen(changes))).not.toBeNull()
  })

  test('is not content with effects out of order', () => {
    const later = { ...asked, opId: 'b' }
    const effects = [
      { ...effect, opId: 'b' },
      { ...effect, before: { quotaMb: 1000 } },
    ]
    const outcomes = new Map([
      ['a', settled],
      ['b', { ...settled, seq: 2 }],
    ])
    expect(brokenPromise(seen({ asked: [asked, later], effects, outcomes }))).toContain('asked for later')
  })
})
