const LOOK_EVERY_MS = 500

/**
 * Ends this program, as SIGTERM would, when the npm that started it has gone: npm passes signals to its shell, and the
 * shell does not pass them on. Ctrl+C needs none of this: a terminal signals the whole group.
 */
export function endWithNpm(): void {
  if (process.env['npm_lifecycle_event'] === undefined || process.platform === 'win32') return
  const parent = process.ppid
  const timer = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(timer)
    process.kill(process.pid, 'SIGTERM')
  }, LOOK_EVERY_MS)
  timer.unref()
}
