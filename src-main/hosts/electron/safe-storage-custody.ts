import { createHash, randomBytes } from 'node:crypto'
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { CustodyState, KeptSecret } from '../../contract/custody.ts'
import type { SystemCustody } from '../../environment.ts'
import { custodyPlace } from '../node/custody-place.ts'

/** The part of Electron's safeStorage that is used. */
export interface SafeStorage {
  isAsyncEncryptionAvailable(): Promise<boolean>
  encryptStringAsync(plain: string): Promise<Buffer>
  decryptStringAsync(encrypted: Buffer): Promise<{ shouldReEncrypt: boolean; result: string }>
  /** Linux only. */
  getSelectedStorageBackend?(): string
}

/** Linux: what stands for "no password manager"; secrets would be encrypted under a key that everyone knows. */
const noKeyring = ['basic_text', 'unknown']
/** Linux: how Chromium marks what it has encrypted under that key, also where a password manager is there but shut. */
const KNOWN_KEY = 'v10'

/** Secrets encrypted by the system and kept as files in `folder`. */
export function safeStorageCustody(storage: SafeStorage, folder: string, platform: NodeJS.Platform): SystemCustody {
  const pathOf = (name: string): string => join(folder, createHash('sha256').update(name).digest('hex').slice(0, 32))

  async function encrypted(secret: string): Promise<Buffer | null> {
    const bytes = await storage.encryptStringAsync(secret)
    return platform === 'linux' && bytes.subarray(0, KNOWN_KEY.length).toString('latin1') === KNOWN_KEY ? null : bytes
  }

  async function state(): Promise<CustodyState> {
    try {
      if (platform === 'linux' && noKeyring.includes(storage.getSelectedStorageBackend?.() ?? 'unknown'))
        return 'unprotected'
      if (!(await storage.isAsyncEncryptionAvailable())) return 'closed'
      // Only what can be read again says that the keyring is open: its errors do not tell why.
      const secret = randomBytes(8).toString('hex')
      const bytes = await encrypted(secret)
      return bytes !== null && (await storage.decryptStringAsync(bytes)).result === secret ? 'open' : 'closed'
    } catch {
      return 'closed'
    }
  }

  /** Null: there is no such file. Throws for one that the disk does not give. */
  async function fileOf(name: string): Promise<Buffer | null> {
    try {
      return await readFile(pathOf(name))
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
      throw error
    }
  }

  async function write(name: string, secret: string): Promise<boolean> {
    const bytes = await encrypted(secret)
    if (bytes === null) return false
    await mkdir(folder, { recursive: true, mode: 0o700 })
    const path = pathOf(name)
    await writeFile(`${path}.new`, bytes, { mode: 0o600, flush: true })
    await rename(`${path}.new`, path)
    return true
  }

  async function load(name: string): Promise<KeptSecret> {
    let bytes: Buffer | null
    try {
      bytes = await fileOf(name)
    } catch {
      return { kind: 'closed', state: 'closed' }
    }
    // That no file is there is known without the keyring.
    if (bytes === null) return { kind: 'absent' }
    try {
      const { result, shouldReEncrypt } = await storage.decryptStringAsync(bytes)
      // The system's key has changed: the secret moves under the new one. The old file still serves if that fails.
      if (shouldReEncrypt) await write(name, result).catch(() => false)
      return { kind: 'found', secret: result }
    } catch {
      // A keyring that opens its own and not this one is another machine's, another user's or one made anew.
      const now = await state()
      return now === 'open' ? { kind: 'foreign' } : { kind: 'closed', state: now }
    }
  }

  async function isKept(name: string, secret: string): Promise<boolean> {
    const kept = await load(name)
    return kept.kind === 'found' && kept.secret === secret
  }

  return {
    place: custodyPlace('safe_storage'),
    state,
    load,
    store: async (name, secret) => {
      try {
        if ((await state()) !== 'open') return 'failed'
        if ((await fileOf(name)) !== null) return 'exists'
        return (await write(name, secret)) && (await isKept(name, secret)) ? 'stored' : 'failed'
      } catch {
        return 'failed'
      }
    },
    replace: async (name, secret) => {
      try {
        if ((await state()) !== 'open') return false
        // What this keyring does not open may be another's, to whom the folder returns.
        if ((await load(name)).kind === 'foreign') await rename(pathOf(name), `${pathOf(name)}.messo-da-parte`)
        return (await write(name, secret)) && (await isKept(name, secret))
      } catch {
        return false
      }
    },
    remove: async (name) => {
      try {
        await rm(pathOf(name), { force: true })
        return true
      } catch {
        return false
      }
    },
  }
}
