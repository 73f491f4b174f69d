import { spawn, type ChildProcessByStdio } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { z } from 'zod'

export const repository = join(import.meta.dirname, '..', '..')
const Scripts = z.object({ scripts: z.object({ start: z.string() }) })
/** What `npm start` gives the runtime. */
export const startFlags = Scripts.parse(JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8')))
  .scripts.start.split(' ')
  .filter((part) => part.startsWith('--'))

export interface ChildProgram {
  pid: number
  /** Everything written so far. */
  stdout(): string
  stderr(): string
  /** Fulfils with the first match on the standard output; rejects when the program ends without it. */
  line(pattern: RegExp): Promise<RegExpExecArray>
  /** Ends it as Ctrl+C would; fulfils with its exit code. */
  stop(signal?: NodeJS.Signals): Promise<number | null>
  ended: Promise<number | null>
}

/** Starts a Node program of the repository under the Node that runs the tests. */
export function startProgram(
  script: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
  flags: readonly string[] = [],
): ChildProgram {
  const child: ChildProcessByStdio<null, Readable, Readable> = spawn(
    process.execPath,
    [...flags, join(repository, script), ...args],
    {
      cwd: repository,
      stdio: ['ignore', 'pipe', 'pipe'],
      // No test asks the servers of the Union.
      env: { SPORTELLO_LRA_ELENCHI: 'off', ...process.env, ...env },
      windowsHide: true,
    },
  )
  let out = ''
  let err = ''
  const waiting = new Set<() => void>()
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text
    for (const look of waiting) look()
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    err += text
  })
  const ended = new Promise<number | null>((resolve) => {
    child.on('close', resolve)
  })
  return {
    pid: child.pid ?? 0,
    stdout: () => out,
    stderr: () => err,
    line: (pattern) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const found = pattern.exec(out)
          if (found === null) return
          waiting.delete(look)
          resolve(found)
        }
        waiting.add(look)
        look()
        void ended.then((code) => {
          reject(new Error(`${script} ended with code ${code ?? 'none'}: ${err}`))
        })
      }),
    stop: (signal = 'SIGINT') => {
      child.kill(signal)
      return ended
    },
    ended,
  }
}
