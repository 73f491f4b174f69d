/**
 * Runs `close` once at SIGINT or SIGTERM (Ctrl+C, also through npm) and ends the process with code 0; a second signal,
 * or a close that takes more than ten seconds, ends it at once with code 1. Answers the same function for other ways out.
 */
export function closeOnSignals(close: () => Promise<void>): (code: number) => void {
  let closing = false
  const end = (code: number): void => {
    if (closing) process.exit(1)
    closing = true
    setTimeout(() => process.exit(1), 10_000).unref()
    close().then(
      () => process.exit(code),
      () => process.exit(1),
    )
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(signal, () => {
      end(0)
    })
  return end
}
