import { randomBytes } from 'node:crypto'
import type { Sqlite } from './database.ts'

/** What is known of the whole installation. */
export interface MetaStore {
  get: (key: string) => string | undefined
  set: (key: string, value: string) => void
  /** The same for the life of the data folder. */
  installation: () => string
  /** The secret with which cursors and marks are signed. */
  signingKey: () => Buffer
  /** The first place of the feed that is still kept: cursors before it are expired. */
  feedStart: () => number
  setFeedStart: (seq: number) => void
}

export function createMetaStore(db: Sqlite): MetaStore {
  const select = db.prepare<[string], { value: string }>('SELECT value FROM meta WHERE key = ?')
  const insert = db.prepare<[string, string]>('INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)')
  const get = (key: string) => select.get(key)?.value
  const set = (key: string, value: string) => {
    insert.run(key, value)
  }
  const secret = (key: string, bytes: number) => {
    const known = get(key)
    if (known !== undefined) return known
    const made = randomBytes(bytes).toString('hex')
    set(key, made)
    return made
  }
  return {
    get,
    set,
    installation: () => secret('installation', 12),
    signingKey: () => Buffer.from(secret('signing_key', 32), 'hex'),
    feedStart: () => Number(get('feed_start') ?? '0'),
    setFeedStart: (seq) => {
      set('feed_start', String(seq))
    },
  }
}
