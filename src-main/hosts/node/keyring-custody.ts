import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import type { CustodyState, KeptSecret } from '../../contract/custody.ts'
import type { SystemCustody } from '../../environment.ts'
import { custodyPlace } from './custody-place.ts'
import { KeyringAnswer, type KeyringQuestion } from './keyring-protocol.ts'

/** What became of a question: an answer, no answer in time, or a failure of the keyring or its process. */
export type KeyringReply = { kind: 'answer'; secret: string | null } | { kind: 'silent' } | { kind: 'failed' }
export type AskKeyring = (question: KeyringQuestion) => Promise<KeyringReply>

/**
 * How long the keyring may take, in milliseconds: a closed one asks the person for its password, in a window of the
 * system's own.
 */
const KEYRING_LIMIT_MS = 30_000

/** Asks through `script` (the built `keyring-process.js`). After `limitMs` the question is given up and its process ended. */
export function keyringOf(script: string, limitMs: number): AskKeyring {
  return (question) =>
    new Promise((resolve) => {
      const child = spawn(process.execPath, [script], { stdio: ['pipe', 'pipe', 'ignore'], windowsHide: true })
      let silent = false
      const timer = setTimeout(() => {
        silent = true
        child.kill('SIGKILL')
      }, limitMs)
      let text = ''
      child.stdout.setEncoding('utf8').on('data', (part: string) => {
        text += part
      })
      child.stdin.on('error', () => undefined)
      child.on('error', () => {
        clearTimeout(timer)
        resolve({ kind: 'failed' })
      })
      child.on('close', () => {
        clearTimeout(timer)
        try {
          resolve({ kind: 'answer', ...KeyringAnswer.parse(JSON.parse(text)) })
        } catch {
          resolve({ kind: silent ? 'silent' : 'failed' })
        }
      })
      child.stdin.end(JSON.stringify(question) + '\n')
    })
}

const PROBE = 'prova-del-portachiavi'

const stateOf = (reply: KeyringReply): CustodyState =>
  reply.kind === 'answer' ? 'open' : reply.kind === 'silent' ? 'closed' : 'none'

/** The system's keyring as custody of the hosts that run in plain Node. It is tried with a secret of its own. */
export function keyringCustody(ask: AskKeyring): SystemCustody {
  /** A keyring that has kept once goes on keeping; one that did not may have been unlocked since. */
  let proven = false

  async function probe(): Promise<CustodyState> {
    const secret = randomBytes(16).toString('hex')
    const reply = await ask({ kind: 'store', name: PROBE, secret })
    if (reply.kind !== 'answer') return stateOf(reply)
    if (reply.secret !== secret) return 'none'
    await ask({ kind: 'remove', name: PROBE })
    proven = true
    return 'open'
  }

  async function load(name: string): Promise<KeptSecret> {
    const reply = await ask({ kind: 'load', name })
    if (reply.kind !== 'answer') return { kind: 'closed', state: reply.kind === 'silent' ? 'closed' : 'none' }
    return reply.secret === null ? { kind: 'absent' } : { kind: 'found', secret: reply.secret }
  }

  async function replace(name: string, secret: string): Promise<boolean> {
    await ask({ kind: 'store', name, secret })
    // Read back by a second process, as the next start would.
    const kept = await load(name)
    return kept.kind === 'found' && kept.secret === secret
  }

  return {
    place: custodyPlace('keyring'),
    state: () => (proven ? Promise.resolve('open') : probe()),
    load,
    store: async (name, secret) => {
      if (!proven && (await probe()) !== 'open') return 'failed'
      const kept = await load(name)
      if (kept.kind !== 'absent') return 'exists'
      return (await replace(name, secret)) ? 'stored' : 'failed'
    },
    replace: async (name, secret) => (proven || (await probe()) === 'open') && replace(name, secret),
    remove: async (name) => {
      const kept = await load(name)
      if (kept.kind === 'found') await ask({ kind: 'remove', name })
      return kept.kind === 'absent' || (await load(name)).kind === 'absent'
    },
  }
}

/** The system's keyring, asked through the built process in `folder`. */
export function builtKeyringCustody(folder: string): SystemCustody {
  return keyringCustody(keyringOf(join(folder, 'keyring-process.js'), KEYRING_LIMIT_MS))
}
