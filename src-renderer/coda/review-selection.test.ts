import { expect, it } from 'vitest'
import type { OperationView } from '../../src-main/contract/operation.ts'
import { exampleOperation } from './example-operation.ts'
import { afterTick, byCasella, stillLeftOut } from './review-selection.ts'

const row = (id: string, seq: number, casellaId = 'c'): OperationView =>
  exampleOperation({ id, seq, casellaId, subject: `di ${casellaId}`, held: true, unsent: true })
const rows = [row('1', 1), row('2', 2), row('3', 3)]

it('puts the changes of a casella together', () => {
  expect(
    byCasella([row('1', 1), row('2', 2, 'd'), row('3', 3)]).map((group) => group.rows.map(({ id }) => id)),
  ).toEqual([['1', '3'], ['2']])
})

it('leaves out what comes later with what is left out, and takes in what comes before with what is ticked', () => {
  expect([...afterTick(rows, new Set(), '2', false)]).toEqual(['2', '3'])
  expect([...afterTick(rows, new Set(['1', '2', '3']), '2', true)]).toEqual(['3'])
  expect([...afterTick(rows, new Set(['x']), 'unknown', true)]).toEqual(['x'])
})

it('keeps out what was left out and has moved beyond what is read, and forgets what is no more', () => {
  const leftOut = new Set(['3', 'gone'])
  expect(stillLeftOut(rows.slice(0, 2), 3, leftOut)).toEqual(['3', 'gone'])
  expect(stillLeftOut(rows, 3, leftOut)).toEqual(['3'])
})
