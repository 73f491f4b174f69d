import { z } from 'zod'

export interface Tally {
  passed: number
  failed: number
  skipped: number
}

const count = z.number().int().min(0)
const VitestReport = z.object({
  numPassedTests: count,
  numFailedTests: count,
  numPendingTests: count,
  numTodoTests: count,
})
const PlaywrightReport = z.object({
  stats: z.object({ expected: count, unexpected: count, flaky: count, skipped: count }),
})

/** A run that failed although no test did (a file that does not load, an unhandled error, no report) is one failure. */
function withExit(tally: Tally, exitCode: number): Tally {
  return exitCode !== 0 && tally.failed === 0 ? { ...tally, failed: 1 } : tally
}

export function tallyOfCheck(exitCode: number): Tally {
  return { passed: 0, failed: exitCode === 0 ? 0 : 1, skipped: 0 }
}

/** From Vitest's JSON report; null when it wrote none. */
export function tallyOfVitest(report: unknown, exitCode: number): Tally {
  const parsed = VitestReport.safeParse(report)
  if (!parsed.success) return { passed: 0, failed: 1, skipped: 0 }
  const { numPassedTests, numFailedTests, numPendingTests, numTodoTests } = parsed.data
  return withExit({ passed: numPassedTests, failed: numFailedTests, skipped: numPendingTests + numTodoTests }, exitCode)
}

/** From Playwright's JSON report; null when it wrote none. A test that passed only when repeated has failed. */
export function tallyOfPlaywright(report: unknown, exitCode: number): Tally {
  const parsed = PlaywrightReport.safeParse(report)
  if (!parsed.success) return { passed: 0, failed: 1, skipped: 0 }
  const { expected, unexpected, flaky, skipped } = parsed.data.stats
  return withExit({ passed: expected, failed: unexpected + flaky, skipped }, exitCode)
}

export function sum(tallies: readonly Tally[]): Tally {
  return tallies.reduce(
    (total, { passed, failed, skipped }) => ({
      passed: total.passed + passed,
      failed: total.failed + failed,
      skipped: total.skipped + skipped,
    }),
    { passed: 0, failed: 0, skipped: 0 },
  )
}

export function summaryLine({ passed, failed, skipped }: Tally): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`
}

/** A run without a test that passed proves nothing. */
export function succeeded({ passed, failed }: Tally): boolean {
  return failed === 0 && passed > 0
}
