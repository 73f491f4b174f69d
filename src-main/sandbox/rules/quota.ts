import type { FieldProblem } from '../../provider-contract/problem.ts'

/** D69: the soft limit that a quota (MB) brings with it, 80% rounded down. */
export function softLimitFor(quotaMb: number): number {
  return Math.max(1, Math.floor((quotaMb * 4) / 5))
}

/** D69: a quota outside the plan's bounds, or a soft limit above the quota, is refused. */
export function quotaProblems(
  { quotaMb, softLimitMb }: { quotaMb: number; softLimitMb: number },
  plan: { quotaMinMb: number; quotaMaxMb: number },
): FieldProblem[] {
  const problems: FieldProblem[] = []
  const { quotaMinMb: min, quotaMaxMb: max } = plan
  if (quotaMb < min) problems.push({ pointer: '/quotaMb', code: 'quota_below_minimum', params: { min, max } })
  if (quotaMb > max) problems.push({ pointer: '/quotaMb', code: 'quota_above_maximum', params: { min, max } })
  if (softLimitMb > quotaMb) {
    problems.push({ pointer: '/softLimitMb', code: 'soft_limit_over_quota', params: { quotaMb } })
  }
  return problems
}
