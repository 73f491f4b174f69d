import { indexes, openDatabase } from './database.ts'
import { type HistoryStore, createHistoryStore } from './history-store.ts'
import { type IdempotencyStore, createIdempotencyStore } from './idempotency-store.ts'
import { type GestoreStore, createGestoreStore } from './gestore-store.ts'
import { type LifeStore, createLifeStore } from './life-store.ts'
import { type MailStore, createMailStore } from './mail-store.ts'
import { type MetaStore, createMetaStore } from './meta-store.ts'
import { type NameStore, createNameStore } from './name-store.ts'
import { type ReportStore, createReportStore } from './report-store.ts'
import { type ResourceStore, createResourceStore } from './resource-store.ts'
import { type SessionStore, createSessionStore } from './session-store.ts'
import { createTotalsStore } from './totals-store.ts'
import { type TotpStore, createTotpStore } from './totp-store.ts'
import { type UploadStore, createUploadStore } from './upload-store.ts'

export interface Store {
  meta: MetaStore
  resources: ResourceStore
  names: NameStore
  sessions: SessionStore
  idempotency: IdempotencyStore
  uploads: UploadStore
  mail: MailStore
  totp: TotpStore
  reports: ReportStore
  life: LifeStore
  gestore: GestoreStore
  history: HistoryStore
  /** Runs in one write transaction; inside another one, in a savepoint of it. */
  transaction<T>(work: () => T): T
  /** Before the data are generated: faster, and not proof against a crash. */
  beginFilling(): void
  /** After: the indexes are made and every write is kept again. */
  endFilling(): void
  close(): void
}

/** Of SQLite's pages; more while the data are generated, for the keys that come in no order. */
const CACHE_KIB = 16_384
const FILLING_CACHE_KIB = 49_152

export function openStore(file: string): Store {
  const db = openDatabase(file)
  db.pragma(`cache_size = -${CACHE_KIB}`)
  const meta = createMetaStore(db)
  const totals = createTotalsStore(db)
  const history = createHistoryStore(db, totals)
  const resources = createResourceStore(db, { feedStart: meta.feedStart, history, totals })
  const inTransaction = db.transaction((work: () => unknown) => work())
  return {
    meta,
    resources,
    names: createNameStore(db),
    sessions: createSessionStore(db),
    idempotency: createIdempotencyStore(db),
    uploads: createUploadStore(db),
    mail: createMailStore(db),
    totp: createTotpStore(db),
    reports: createReportStore(db),
    life: createLifeStore(db),
    gestore: createGestoreStore(db),
    history,
    transaction: <T>(work: () => T) => inTransaction.immediate(work) as T,
    beginFilling: () => {
      db.pragma('journal_mode = OFF')
      db.pragma('synchronous = OFF')
      db.pragma(`cache_size = -${FILLING_CACHE_KIB}`)
      resources.filling(true)
      totals.filling(true)
    },
    endFilling: () => {
      db.exec(indexes)
      resources.filling(false)
      totals.filling(false)
      db.pragma(`cache_size = -${CACHE_KIB}`)
      db.pragma('synchronous = NORMAL')
      db.pragma('journal_mode = WAL')
    },
    close: () => {
      db.close()
    },
  }
}
