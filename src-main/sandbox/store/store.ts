import { type Sqlite, openDatabase } from './database.ts'
import { type IdempotencyStore, createIdempotencyStore } from './idempotency-store.ts'
import { type MetaStore, createMetaStore } from './meta-store.ts'
import { type NameStore, createNameStore } from './name-store.ts'
import { type ResourceStore, createResourceStore } from './resource-store.ts'
import { type SessionStore, createSessionStore } from './session-store.ts'
import { type UploadStore, createUploadStore } from './upload-store.ts'

export interface Store {
  db: Sqlite
  meta: MetaStore
  resources: ResourceStore
  names: NameStore
  sessions: SessionStore
  idempotency: IdempotencyStore
  uploads: UploadStore
  /** Runs in one write transaction; inside another one, in a savepoint of it. */
  transaction<T>(work: () => T): T
  close(): void
}

export function openStore(file: string): Store {
  const db = openDatabase(file)
  const meta = createMetaStore(db)
  return {
    db,
    meta,
    resources: createResourceStore(db, meta.feedStart),
    names: createNameStore(db),
    sessions: createSessionStore(db),
    idempotency: createIdempotencyStore(db),
    uploads: createUploadStore(db),
    transaction: (work) => db.transaction(work).immediate(),
    close: () => {
      db.close()
    },
  }
}
