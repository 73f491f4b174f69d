import { indexes, openDatabase } from './database.ts'
import { type IdempotencyStore, createIdempotencyStore } from './idempotency-store.ts'
import { type MetaStore, createMetaStore } from './meta-store.ts'
import { type NameStore, createNameStore } from './name-store.ts'
import { type ResourceStore, createResourceStore } from './resource-store.ts'
import { type SessionStore, createSessionStore } from './session-store.ts'
import { type UploadStore, createUploadStore } from './upload-store.ts'

export interface Store {
  meta: MetaStore
  resources: ResourceStore
  names: NameStore
  sessions: SessionStore
  idempotency: IdempotencyStore
  uploads: UploadStore
  /** Runs in one write transaction; inside another one, in a savepoint of it. */
  transaction<T>(work: () => T): T
  /** Before the data are generated: faster, and not proof against a crash. */
  beginFilling(): void
  /** After: the indexes are made and every write is kept again. */
  endFilling(): void
  close(): void
}

export function openStore(file: string): Store {
  const db = openDatabase(file)
  const meta = createMetaStore(db)
  return {
    meta,
    resources: createResourceStore(db, meta.feedStart),
    names: createNameStore(db),
    sessions: createSessionStore(db),
    idempotency: createIdempotencyStore(db),
    uploads: createUploadStore(db),
    transaction: (work) => db.transaction(work).immediate(),
    beginFilling: () => {
      db.pragma('synchronous = OFF')
    },
    endFilling: () => {
      db.exec(indexes)
      db.pragma('synchronous = NORMAL')
      db.pragma('wal_checkpoint(TRUNCATE)')
    },
    close: () => {
      db.close()
    },
  }
}
