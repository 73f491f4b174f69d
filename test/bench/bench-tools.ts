import { spawnSync } from 'node:child_process'
import { installDebianPackages, isDebianRoot } from '../../scripts/debian-packages.ts'

/** The programs that figures are compared with, each with its Debian package. */
const packages = { curl: 'curl', openssl: 'openssl', pdfsig: 'poppler-utils', sqlite3: 'sqlite3' } as const
export type BenchTool = keyof typeof packages

const isThere = (tool: BenchTool): boolean =>
  spawnSync(tool, [tool === 'pdfsig' ? '-v' : '--version'], { stdio: 'ignore', windowsHide: true }).error === undefined

/** Whether it is there, installed now where that can be done; else it is named as left out on the error stream. */
export function hasTool(tool: BenchTool): boolean {
  if (isThere(tool)) return true
  if (isDebianRoot()) installDebianPackages(packages[tool])
  if (isThere(tool)) return true
  process.stderr.write(`left out, not installed: ${tool}\n`)
  return false
}

/** Milliseconds of a program that must succeed. */
export function timedProgram(tool: BenchTool | 'sh', ...args: string[]): number {
  const started = performance.now()
  const { status, stderr, error } = spawnSync(tool, args)
  if (status !== 0) throw error ?? new Error(`${tool}: ${stderr.toString()}`)
  return performance.now() - started
}
