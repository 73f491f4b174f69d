import { readFileSync } from 'node:fs'

/** Megabytes resident at most so far, of a process of Linux. NaN elsewhere. */
export function peakMegabytes(pid: number | 'self'): number {
  if (process.platform !== 'linux') return Number.NaN
  const found = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1]
  return Number(found) / 1024
}
