import { readFileSync, writeFileSync } from 'node:fs'

/** Megabytes resident at most so far, of a process of Linux. NaN elsewhere. */
export function peakMegabytes(pid: number | 'self'): number {
  if (process.platform !== 'linux') return Number.NaN
  const found = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1]
  return Number(found) / 1024
}

/** From now on only what comes after counts. On Linux a process begins with the peak of the one that started it. */
export function forgetPeak(pid: number | 'self'): void {
  if (process.platform === 'linux') writeFileSync(`/proc/${pid}/clear_refs`, '5')
}
