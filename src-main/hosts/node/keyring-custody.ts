import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import type { SystemCustody } from '../../environment.ts'
import { KeyringAnswer, type KeyringQuestion } from './keyring-protocol.ts'

/** Answers what the keyring said, or null for any failure, a keyring that does not answer in time included. */
export type AskKeyring = (question: KeyringQuestion) => Promise<KeyringAnswer | null>

/**
 * Asks through `script` (the built `keyring-process.js`). A locked keyring may show a prompt that nobody sees: after
 * `limitMs` the question is given up and its process ended.
 */
export function keyringOf(script: string, limitMs: number): AskKeyring {
  return (question) =>
    new Promise((resolve) => {
      const child = spawn(process.execPath, [script], { stdio: ['pipe', 'pipe', 'ignore'], windowsHide: true })
      const timer = setTimeout(() => child.kill('SIGKILL'), limitMs)
      let text = ''
      child.stdout.setEncoding('utf8').on('data', (part: string) => {
        text += part
      })
      child.stdin.on('error', () => undefined)
      child.on('error', () => {
        clearTimeout(timer)
        resolve(null)
      })
      child.on('close', () => {
        clearTimeout(timer)
        try {
          resolve(KeyringAnswer.parse(JSON.parse(text)))
        } catch {
          resolve(null)
        }
      })
      child.stdin.end(JSON.stringify(question) + '\n')
    })
}

const PROBE = 'prova-del-portachiavi'

/** The system's keyring as custody of the hosts that run in plain Node. It is tried once, with a secret of its own. */
export function keyringCustody(ask: AskKeyring): SystemCustody {
  let verdict: Promise<boolean> | null = null
  const probe = async (): Promise<boolean> => {
    const secret = randomBytes(16).toString('hex')
    const stored = await ask({ kind: 'store', name: PROBE, secret })
    if (stored?.secret !== secret) return false
    await ask({ kind: 'remove', name: PROBE })
    return true
  }
  const available = (): Promise<boolean> => (verdict ??= probe())
  return {
    available,
    async load(name) {
      return (await available()) ? ((await ask({ kind: 'load', name }))?.secret ?? null) : null
    },
    async store(name, secret) {
      if (!(await available())) return false
      await ask({ kind: 'store', name, secret })
      // Read back by a second process, as the next start would.
      return (await ask({ kind: 'load', name }))?.secret === secret
    },
  }
}
