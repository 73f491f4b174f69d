import { expect, test } from 'vitest'
import { succeeded, sum, summaryLine, tallyOfCheck, tallyOfPlaywright, tallyOfVitest } from '../../scripts/tally.ts'

const vitest = { numPassedTests: 5, numFailedTests: 1, numPendingTests: 2, numTodoTests: 1 }
const playwright = { stats: { expected: 3, unexpected: 1, flaky: 1, skipped: 2 } }

test('the sum of the suites is the last line', () => {
  const total = sum([tallyOfCheck(0), tallyOfVitest(vitest, 1), tallyOfPlaywright(playwright, 1)])
  expect(summaryLine(total)).toBe('8 passed, 3 failed, 5 skipped')
})

test('nothing skipped is not mentioned', () => {
  expect(summaryLine({ passed: 4, failed: 0, skipped: 0 })).toBe('4 passed, 0 failed')
})

test('a failing check counts as one failure and a passing one as nothing', () => {
  expect([tallyOfCheck(2).failed, tallyOfCheck(0)]).toEqual([1, { passed: 0, failed: 0, skipped: 0 }])
})

test('a suite that failed without a failing test counts as one failure', () => {
  expect(tallyOfVitest({ ...vitest, numFailedTests: 0 }, 1).failed).toBe(1)
  expect(tallyOfPlaywright({ stats: { expected: 3, unexpected: 0, flaky: 0, skipped: 0 } }, 1).failed).toBe(1)
})

test('a suite without a report counts as one failure', () => {
  expect([tallyOfVitest(null, 0).failed, tallyOfPlaywright({}, 0).failed]).toEqual([1, 1])
})

test('a test that passed only when repeated has failed', () => {
  expect(tallyOfPlaywright({ stats: { expected: 1, unexpected: 0, flaky: 1, skipped: 0 } }, 0).failed).toBe(1)
})

test('a run without a passing test does not succeed', () => {
  expect(succeeded({ passed: 0, failed: 0, skipped: 9 })).toBe(false)
  expect(succeeded({ passed: 1, failed: 0, skipped: 0 })).toBe(true)
  expect(succeeded({ passed: 9, failed: 1, skipped: 0 })).toBe(false)
})
