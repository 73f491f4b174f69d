/**
 * Milliseconds for which an operation can still be undone before it is sent. SPORTELLO_LRA_GRACE_MS replaces what the
 * operator has set, for rehearsals and tests; null without it.
 */
export function gracePeriod(env: NodeJS.ProcessEnv): number | null {
  const text = env['SPORTELLO_LRA_GRACE_MS'] ?? ''
  return /^\d{1,7}$/.test(text) ? Number(text) : null
}
