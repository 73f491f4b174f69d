import { expect, test } from 'vitest'
import { isMet, markdownOf, median, quantile, rowOf, timesAsFast, type Figure } from './figure.ts'

const figure: Figure = {
  what: 'first copy',
  unit: 'ms',
  rounds: [200, 100, 400],
  against: { name: 'raw insert', rounds: [100, 80, 100] },
  goal: { kind: 'times_as_fast', value: 0.5 },
}

test('the middle of the rounds, and what 95 of 100 stay below', () => {
  expect(median([3, 1, 2])).toBe(2)
  expect(median([4, 1, 2, 3])).toBe(2.5)
  expect(quantile([0, 100], 0.95)).toBe(95)
  expect(median([])).toBeNaN()
})

test('each round is compared with the peer of the same round', () => {
  expect(timesAsFast(figure)).toBe(0.5)
  expect(timesAsFast({ ...figure, against: null })).toBeNull()
})

test('a goal is met or not, and without one nothing is claimed', () => {
  expect(isMet(figure)).toBe(true)
  expect(isMet({ ...figure, goal: { kind: 'times_as_fast', value: 0.6 } })).toBe(false)
  expect(isMet({ ...figure, goal: { kind: 'at_most', value: 199 } })).toBe(false)
  expect(isMet({ ...figure, goal: { kind: 'at_most', value: 200 } })).toBe(true)
  expect(isMet({ ...figure, goal: null })).toBeNull()
  // A peer that could not be taken meets nothing.
  expect(isMet({ ...figure, against: { name: 'raw insert', rounds: [] } })).toBe(false)
})

test('a line tells the median, the spread, the peer and the goal', () => {
  expect(rowOf(figure)).toEqual({
    what: 'first copy',
    median: '200 ms',
    spread: '100-400',
    against: 'raw insert 100 ms',
    'times as fast': '0.5',
    goal: '0.5 times',
    met: 'yes',
  })
})

test('the table of the README has a line for each figure, whatever stands in its words', () => {
  const results = [{ area: 'registro', args: [], figures: [{ ...figure, what: 'a|b', rounds: [100], against: null }] }]
  const machine = { processors: 2, processor: 'x', memoryGb: 24 }
  const table = markdownOf({ at: '2026-11-26T10:00:00.000Z', node: 'v24', machine, results })
  expect(table).toContain('2 processori')
  expect(table.split('\n').at(-1)).toBe('| registro | a/b | 100 ms | 100-100 |  |  | 0.5 times | NO |')
})
