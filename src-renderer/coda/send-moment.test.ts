import { expect, it } from 'vitest'
import type { OperationView } from '../../src-main/contract/operation.ts'
import { exampleOperation } from './example-operation.ts'
import { sendMomentOf } from './send-moment.ts'

const now = Date.parse('2026-03-02T09:00:00Z')
const keyOf = (changes: Partial<OperationView>): unknown => sendMomentOf(exampleOperation(changes), now, null)

it('counts down to the next attempt in seconds, minutes and hours, and never below zero', () => {
  expect(keyOf({ nextAt: '2026-03-02T09:00:24Z' })).toEqual({ key: 'secondi', params: { n: 24 } })
  expect(keyOf({ nextAt: '2026-03-02T09:03:01Z' })).toEqual({ key: 'minuti', params: { n: 4 } })
  expect(keyOf({ nextAt: '2026-03-02T11:00:00Z' })).toEqual({ key: 'ore', params: { n: 2 } })
  expect(keyOf({ nextAt: '2026-03-02T08:00:00Z' })).toEqual({ key: 'ora', params: {} })
})

it('promises no moment for what waits for another operation or another operator', () => {
  const nextAt = '2026-03-02T09:00:24Z'
  expect(keyOf({ nextAt, waitsFor: 'p' })).toEqual({ key: 'dopo', params: {} })
  expect(keyOf({ nextAt, foreign: true, operator: 'collega' })).toEqual({
    key: 'accesso',
    params: { operator: 'collega' },
  })
  expect(keyOf({ held: true })).toEqual({ key: 'tuo', params: {} })
  expect(keyOf({ state: 'conflict' })).toEqual({ text: '–' })
})

it('tells the newest figures of an upload', () => {
  const uploading = exampleOperation({ state: 'in_flight', upload: { nomeFile: 'a.pdf', sent: 10, total: 100 } })
  expect(sendMomentOf(uploading, now, { sent: 59.9, total: 100 })).toEqual({ key: 'percentuale', params: { n: 59 } })
})
