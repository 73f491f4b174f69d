import { expect, test } from 'vitest'
import { effectOf, type ActionFacts } from '../../src-main/outbox/operation-actions.ts'
import { anOperation } from '../support/an-operation.ts'

const facts: ActionFacts = {
  operator: { id: 'demo', nome: 'Demo' },
  now: 1000,
  schedule: { graceMs: () => 5000, momentOf: () => ({ nextAt: 6000, held: false }) },
  isBusy: () => false,
  quietUntil: () => 0,
  resolvedFields: (_operation, kept, edited) => ({ ...kept, ...edited }),
}

test('what is tried again with time to think does not leave sooner because the network is back', () => {
  const waiting = anOperation({ reason: { code: 'offline', params: {} }, nextAt: 90_000 })
  expect(effectOf('retry', waiting, facts, true)).toMatchObject({ kind: 'move', move: { nextAt: 6000, reason: null } })
})

test('an uncertain one keeps its reason and its key when it is tried again', () => {
  const uncertain = anOperation({
    state: 'uncertain',
    maybeApplied: true,
    generation: 2,
    reason: { code: 'no_answer', params: {} },
  })
  expect(effectOf('retry', uncertain, facts)).toEqual({ kind: 'move', move: { nextAt: 1000 } })
})

test('of somebody else nothing is decided', () => {
  const foreign = anOperation({ operator: 'collega' })
  expect(() => effectOf('cancel', foreign, facts)).toThrow(expect.objectContaining({ code: 'operation_foreign' }))
})
