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
    lane: 'casella 0',
    removes: null,
    fields: { quotaMb: 2000 },
    known: { quotaMb: [1000] },
    cancelledFrom: null,
    insisted: false,
    forgotten: false,
    restored: false,
  }
  const effect: Effect = {
    opId: 'a',
    operator: 'demo',
    method: 'PATCH',
    path: '/caselle/C1',
    made: null,
    body: { quotaMb: 2000 },
    before: { quotaMb: 1000 },
  }
  const settled: Outcome = { seq: 1, state: 'settled', reason: null, scheduled: false, blocked: false }
  const seen = (changes: Partial<Observations>): Observations => ({
    keyless: false,
    asked: [asked],
    effects: [effect],
    refusals: new Map(),
    removed: new Set(),
    changed: new Set(),
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

  describe('of a deletion', () => {
    const known = { quotaMb: [1000] }
    const removal: Asked = { ...asked, kind: 'casella.delete', removes: '/caselle/C1', fields: {}, known }
    const gone: Effect = { ...effect, method: 'DELETE', body: {} }

    test('is content where a colleague was quicker, and not where the row still stands', () => {
      const settledWithout = { asked: [removal], effects: [] }
      expect(brokenPromise(seen({ ...settledWithout, removed: new Set(['/caselle/C1']) }))).toBeNull()
      expect(brokenPromise(seen(settledWithout))).toContain('settled without effect')
    })

    test('is not content where the row held what nobody saw', () => {
      expect(brokenPromise(seen({ asked: [removal], effects: [gone] }))).toBeNull()
      const changed = { ...gone, before: { quotaMb: 3000 } }
      expect(brokenPromise(seen({ asked: [removal], effects: [changed] }))).toContain('unseen')
    })
  })

  test('is not content with a whole that takes a value back which it was not asked to change', () => {
    const whole: Effect = {
      ...effect,
      method: 'PUT',
      body: { quotaMb: 2000, altro: 'prima' },
      before: { quotaMb: 1000, altro: 'del collega' },
    }
    expect(brokenPromise(seen({ effects: [whole] }))).toContain('nobody asked')
    expect(brokenPromise(seen({ effects: [{ ...whole, body: { quotaMb: 2000, altro: 'del collega' } }] }))).toBeNull()
  })

  test('is content with a second creation only without keys, when the first was changed or taken away meanwhile', () => {
    const creation: Asked = { ...asked, kind: 'nota.create', fields: {}, known: {} }
    const made: Effect = { ...effect, method: 'POST', path: '/note', made: '/note/N1', body: {}, before: null }
    const twice = { asked: [creation], effects: [made, { ...made, made: '/note/N2' }] }
    expect(brokenPromise(seen({ ...twice, keyless: true, removed: new Set(['/note/N1']) }))).toBeNull()
    expect(brokenPromise(seen({ ...twice, keyless: true, changed: new Set(['/note/N1']) }))).toBeNull()
    expect(brokenPromise(seen({ ...twice, keyless: true, removed: new Set(['/note/N2']) }))).toContain('2 times')
    expect(brokenPromise(seen({ ...twice, removed: new Set(['/note/N1']) }))).toContain('2 times')
    const ofCasella = { ...twice, asked: [{ ...creation, kind: 'casella.create' as const }] }
    expect(brokenPromise(seen({ ...ofCasella, keyless: true, changed: new Set(['/note/N1']) }))).toContain('2 times')
  })

  test('is content with a request that no key tells from its like, and only without keys', () => {
    const first: Asked = { ...asked, kind: 'casella.richiesta', fields: {}, known: {} }
    const second: Asked = { ...first, opId: 'b' }
    const both = {
      asked: [first, second],
      effects: [{ ...effect, method: 'POST', body: {}, before: null }],
      outcomes: new Map([
        ['a', settled],
        ['b', { ...settled, seq: 2 }],
      ]),
    }
    expect(brokenPromise(seen({ ...both, keyless: true }))).toBeNull()
    expect(brokenPromise(seen(both))).toContain('settled without effect')
    // A restored archive does not ask the key of a request (verification.ts).
    expect(brokenPromise(seen({ ...both, asked: [first, { ...second, restored: true }] }))).toBeNull()
    const elsewhere = { ...both, asked: [first, { ...second, lane: 'casella 1' }], keyless: true }
    expect(brokenPromise(seen(elsewhere))).toContain('settled without effect')
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
