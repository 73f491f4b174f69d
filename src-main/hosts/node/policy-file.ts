import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs'
import { posix, win32 } from 'node:path'
import { absentPolicy, brokenPolicy, parsePolicy, type Policy } from '../../contract/policy.ts'

const MOST_BYTES = 64 * 1024

/** Where the administrators' file of this machine stands. An empty variable counts as not set. */
export function policyPath(platform: NodeJS.Platform, env: NodeJS.ProcessEnv): string {
  if (platform === 'win32') return win32.join(env['ProgramData'] || 'C:\\ProgramData', 'Sportello LRA', 'policy.json')
  if (platform === 'darwin') return '/Library/Application Support/Sportello LRA/policy.json'
  return posix.join('/etc', 'sportello-lra', 'policy.json')
}

/** Whether others than its owner may write a file (POSIX): then it is not the administrator's word. */
export function isUnprotected(platform: NodeJS.Platform, mode: number): boolean {
  return platform !== 'win32' && (mode & 0o022) !== 0
}

function codeOf(cause: unknown): unknown {
  return cause instanceof Error && 'code' in cause ? cause.code : null
}

/**
 * Reads the policy of this machine. Never throws: only a file that is not there means that nothing is prescribed; any
 * other trouble makes a broken policy.
 */
export function readPolicy(path: string, platform: NodeJS.Platform): Policy {
  let file: number
  try {
    // A pipe in its place must not hold up the start.
    file = openSync(path, constants.O_RDONLY | (platform === 'win32' ? 0 : constants.O_NONBLOCK))
  } catch (cause) {
    const code = codeOf(cause)
    return code === 'ENOENT' || code === 'ENOTDIR'
      ? absentPolicy(path)
      : brokenPolicy(path, { kind: 'unreadable', where: '' })
  }
  try {
    const found = fstatSync(file)
    if (!found.isFile()) return brokenPolicy(path, { kind: 'unreadable', where: '' })
    if (isUnprotected(platform, found.mode)) return brokenPolicy(path, { kind: 'unprotected', where: '' })
    if (found.size > MOST_BYTES) return brokenPolicy(path, { kind: 'too_large', where: '' })
    const bytes = Buffer.alloc(found.size)
    const read = readSync(file, bytes, 0, bytes.length, 0)
    return parsePolicy(path, bytes.toString('utf8', 0, read))
  } catch {
    return brokenPolicy(path, { kind: 'unreadable', where: '' })
  } finally {
    closeSync(file)
  }
}

/** The policy of this machine, for the hosts. */
export function machinePolicy(): Policy {
  return readPolicy(policyPath(process.platform, process.env), process.platform)
}
