const DEFAULT_MS = 5_000

/**
 * Milliseconds for which an operation can still be undone before it is sent. SPORTELLO_LRA_GRACE_MS replaces the
 * usual five seconds, for rehearsals and tests.
 */
export function gracePeriod(env: NodeJS.ProcessEnv): number {
  const text = env['SPORTELLO_LRA_GRACE_MS'] ?? ''
  return /^\d{1,7}$/.test(text) ? Number(text) : DEFAULT_MS
}
