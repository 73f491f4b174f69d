import { expect, test } from 'vitest'
import { rebase, type LaneUpdate } from '../../src-main/outbox/rebase.ts'

const update = (changes: Partial<LaneUpdate>): LaneUpdate => ({
  opId: 'a',
  state: 'pending',
  fields: { quotaMb: 2000 },
  seen: { quotaMb: 1000 },
  deletes: false,
  ackVersion: null,
  ...changes,
})

test('a pending change is shown over the value that the operator saw', () => {
  const { shown, verdicts } = rebase({ version: 3, fields: { quotaMb: 1000, disabilitata: false } }, [update({})])
  expect(shown).toEqual({ quotaMb: 2000, disabilitata: false })
  expect(verdicts.size).toBe(0)
})

test('another field that a colleague changed is no conflict', () => {
  const { verdicts } = rebase({ version: 4, fields: { quotaMb: 1000, disabilitata: true } }, [update({})])
  expect(verdicts.size).toBe(0)
})

test('a value that is neither seen nor ours is a conflict, with what the provider says now', () => {
  const { verdicts } = rebase({ version: 4, fields: { quotaMb: 1500 } }, [update({})])
  expect(verdicts.get('a')).toEqual({ kind: 'conflict', fields: ['quotaMb'], current: { quotaMb: 1500 } })
})

test('a colleague who set the very same value makes no conflict', () => {
  expect(rebase({ version: 4, fields: { quotaMb: 2000 } }, [update({})]).verdicts.size).toBe(0)
})

test('a conflict dissolves when the provider is back at the value that was seen', () => {
  const { verdicts } = rebase({ version: 5, fields: { quotaMb: 1000 } }, [update({ state: 'conflict' })])
  expect(verdicts.get('a')).toEqual({ kind: 'pending' })
})

test('a later change builds on the earlier one of the same lane', () => {
  const second = update({ opId: 'b', fields: { quotaMb: 3000 }, seen: { quotaMb: 2000 } })
  const { shown, verdicts } = rebase({ version: 3, fields: { quotaMb: 1000 } }, [update({}), second])
  expect(shown['quotaMb']).toBe(3000)
  expect(verdicts.size).toBe(0)
})

test('a later change that built on a rejected one is a conflict', () => {
  const second = update({ opId: 'b', fields: { quotaMb: 3000 }, seen: { quotaMb: 2000 } })
  const { verdicts } = rebase({ version: 3, fields: { quotaMb: 1000 } }, [update({ state: 'rejected' }), second])
  expect(verdicts.get('b')?.kind).toBe('conflict')
})

test.each(['in_flight', 'uncertain'] as const)('an outcome that is not known (%s) is shown and not judged', (state) => {
  const { shown, verdicts } = rebase({ version: 9, fields: { quotaMb: 1500 } }, [update({ state })])
  expect(shown['quotaMb']).toBe(2000)
  expect(verdicts.size).toBe(0)
})

test('an acknowledged change is settled once the provider has said its version, and not before', () => {
  const acknowledged = update({ state: 'acknowledged', ackVersion: 7 })
  expect(rebase({ version: 6, fields: { quotaMb: 1000 } }, [acknowledged]).shown['quotaMb']).toBe(2000)
  const after = rebase({ version: 8, fields: { quotaMb: 1800 } }, [acknowledged])
  expect(after.verdicts.get('a')).toEqual({ kind: 'settled' })
  expect(after.shown['quotaMb']).toBe(1800)
})

test('a cleared value is a value: null seen, and something there now, is a conflict', () => {
  const cleared = update({ fields: { comunicazioniEmail: 'a@example.it' }, seen: { comunicazioniEmail: null } })
  const { verdicts } = rebase({ version: 2, fields: { comunicazioniEmail: 'b@example.it' } }, [cleared])
  expect(verdicts.get('a')?.kind).toBe('conflict')
})
