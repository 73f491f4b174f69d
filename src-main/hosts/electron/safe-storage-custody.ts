import { createHash } from 'node:crypto'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { SystemCustody } from '../../environment.ts'

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

/** Secrets encrypted by the system and kept as files in `folder`. */
export function safeStorageCustody(storage: SafeStorage, folder: string, platform: NodeJS.Platform): SystemCustody {
  const pathOf = (name: string): string => join(folder, createHash('sha256').update(name).digest('hex').slice(0, 32))

  const write = async (name: string, secret: string): Promise<void> => {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    const path = pathOf(name)
    await writeFile(`${path}.new`, await storage.encryptStringAsync(secret), { mode: 0o600, flush: true })
    await rename(`${path}.new`, path)
  }

  const available = async (): Promise<boolean> => {
    try {
      if (!(await storage.isAsyncEncryptionAvailable())) return false
      return platform !== 'linux' || !noKeyring.includes(storage.getSelectedStorageBackend?.() ?? 'unknown')
    } catch {
      return false
    }
  }

  const load = async (name: string): Promise<string | null> => {
    if (!(await available())) return null
    try {
      const { result, shouldReEncrypt } = await storage.decryptStringAsync(await readFile(pathOf(name)))
      // The system's key has changed: the secret moves under the new one. The old file still serves if that fails.
      if (shouldReEncrypt) await write(name, result).catch(() => undefined)
      return result
    } catch {
      return null
    }
  }

  return {
    available,
    load,
    store: async (name, secret) => {
      if (!(await available())) return false
      try {
        await write(name, secret)
      } catch {
        return false
      }
      return (await load(name)) === secret
    },
  }
}
