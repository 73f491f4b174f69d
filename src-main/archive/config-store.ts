import { mkdirSync, readFileSync, renameSync } from 'node:fs'
import { dirname } from 'node:path'
import { z } from 'zod'
import { systemCodeOf } from '../command-error.ts'
import { CustodyPlace } from '../contract/custody.ts'
import { writeDurably } from '../db/durable-file.ts'

/** Where the key of an archive is kept. */
export const Custody = z.discriminatedUnion('kind', [
  /** `by`: whose keyring; left out by versions that did not note it. */
  z.object({ kind: z.literal('system'), by: CustodyPlace.optional() }),
  /** Wrapped by a key derived from the person's passphrase (scrypt, RFC 7914; AES-256-GCM). */
  z.object({ kind: z.literal('passphrase'), salt: z.string(), iv: z.string(), wrapped: z.string(), tag: z.string() }),
  /** Beside the archive, in the clear: only for a provider of generated data. */
  z.object({ kind: z.literal('demo_file'), key: z.string() }),
])
export type Custody = z.infer<typeof Custody>

/** What is known before any archive is open. No person's name, address or token stands here. */
export const Config = z.object({
  version: z.literal(1),
  current: z.string().nullable(),
  archives: z.record(z.string(), z.object({ url: z.string(), embedded: z.boolean(), custody: Custody })),
})
export type Config = z.infer<typeof Config>

export interface ConfigStore {
  /** An absent file is an empty configuration; an unreadable one is kept aside, never overwritten. */
  read(): Config
  write(config: Config): void
}

const empty: Config = { version: 1, current: null, archives: {} }

export function configStore(path: string): ConfigStore {
  function load(): Config {
    let text: string
    try {
      text = readFileSync(path, 'utf8')
    } catch (error) {
      if (systemCodeOf(error) === 'ENOENT') return empty
      throw error
    }
    try {
      const parsed = Config.safeParse(JSON.parse(text))
      if (parsed.success) return parsed.data
    } catch {
      // Not JSON: as a shape that is not ours.
    }
    renameSync(path, `${path}.illeggibile`)
    return empty
  }

  // The folder is locked: nobody else writes the file while it is ours.
  let known: Config | null = null
  return {
    read: () => (known ??= load()),
    write: (config) => {
      mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
      writeDurably(path, JSON.stringify(config, null, 2))
      known = config
    },
  }
}
