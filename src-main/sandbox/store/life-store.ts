import type { Impostazioni } from '../../provider-contract/impostazioni.ts'
import type { Sqlite } from './database.ts'

/**
 * What the life of a casella needs besides its row. Tokens and codes are kept as hashes; of the passwords that a holder
 * chose on the Gestore's own page there is a salted scrypt hash each, so that a used one is refused (D79).
 */
export const lifeTables = `
CREATE TABLE IF NOT EXISTS holder_link (
  hash TEXT PRIMARY KEY, kind TEXT NOT NULL, ente_id TEXT NOT NULL, casella_id TEXT NOT NULL, operation_id TEXT,
  expires INTEGER NOT NULL, used INTEGER, closed INTEGER NOT NULL DEFAULT 0,
  code_hash TEXT, code_expires INTEGER, attempts INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS holder_link_casella ON holder_link (casella_id, kind);
CREATE INDEX IF NOT EXISTS holder_link_open ON holder_link (expires) WHERE closed = 0;
CREATE TABLE IF NOT EXISTS casella_password (casella_id TEXT PRIMARY KEY, day TEXT) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS used_password (
  casella_id TEXT NOT NULL, hash TEXT NOT NULL, PRIMARY KEY (casella_id, hash)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS impostazioni (casella_id TEXT PRIMARY KEY, data TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS richiesta (
  casella_id TEXT PRIMARY KEY, titolare_id TEXT, email TEXT, operation_id TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS due (
  id INTEGER PRIMARY KEY, at INTEGER NOT NULL, kind TEXT NOT NULL, casella_id TEXT NOT NULL, operation_id TEXT
);
CREATE INDEX IF NOT EXISTS due_at ON due (at);
CREATE INDEX IF NOT EXISTS due_casella ON due (casella_id);
`

/** `firma`: the contract; `password`: a new password; `dati`: the activation data; `modulo`: the form on paper. */
export type LinkKind = 'firma' | 'password' | 'dati' | 'modulo'

export interface LinkRow {
  hash: string
  kind: LinkKind
  enteId: string
  casellaId: string
  operationId: string | null
  /** Milliseconds since the epoch, as all times here. */
  expires: number
  used: number | null
  /** Used, replaced or expired: good for nothing more. */
  closed: 0 | 1
  codeHash: string | null
  codeExpires: number | null
  /** Wrong codes given. */
  attempts: number
}

export type DueKind = 'wizard_activation' | 'reset_effective' | 'cessazione'
export interface DueRow {
  id: number
  at: number
  kind: DueKind
  casellaId: string
  operationId: string | null
}

/** What the Gestore has to answer, beyond the flag of the casella. */
export interface RichiestaRow {
  casellaId: string
  titolareId: string | null
  email: string | null
  operationId: string
}

export interface LifeStore {
  saveLink(link: LinkRow): void
  link(hash: string): LinkRow | undefined
  openLinks(casellaId: string, kind?: LinkKind): LinkRow[]
  expiredLinks(now: number, limit: number): LinkRow[]
  /** Undefined: as it was generated; null: never set. */
  passwordDay(casellaId: string): string | null | undefined
  setPasswordDay(casellaId: string, day: string | null): void
  /** Salted hashes of the passwords that the present holder of a casella ever set. */
  usedPasswords(casellaId: string): string[]
  addUsedPassword(casellaId: string, hash: string): void
  forgetUsedPasswords(casellaId: string): void
  impostazioni(casellaId: string): Impostazioni | undefined
  saveImpostazioni(impostazioni: Impostazioni): void
  richiesta(casellaId: string): RichiestaRow | undefined
  saveRichiesta(richiesta: RichiestaRow): void
  /** Who was to take over is now known as another titolare. */
  replaceNewHolder(titolareId: string, by: string): void
  removeRichiesta(casellaId: string): void
  addDue(due: Omit<DueRow, 'id'>): void
  due(now: number, limit: number): DueRow[]
  dueOf(casellaId: string): DueRow[]
  removeDue(id: number): void
}

const linkColumns = `hash, kind, ente_id AS enteId, casella_id AS casellaId, operation_id AS operationId, expires, used,
  closed, code_hash AS codeHash, code_expires AS codeExpires, attempts`
const dueColumns = 'id, at, kind, casella_id AS casellaId, operation_id AS operationId'

export function createLifeStore(db: Sqlite): LifeStore {
  const saveLink = db.prepare<[object]>(`INSERT OR REPLACE INTO holder_link
    (hash, kind, ente_id, casella_id, operation_id, expires, used, closed, code_hash, code_expires, attempts)
    VALUES (@hash, @kind, @enteId, @casellaId, @operationId, @expires, @used, @closed, @codeHash, @codeExpires, @attempts)`)
  const selectLink = db.prepare<[string], LinkRow>(`SELECT ${linkColumns} FROM holder_link WHERE hash = ?`)
  const selectOpen = db.prepare<[object], LinkRow>(
    `SELECT ${linkColumns} FROM holder_link
     WHERE casella_id = @casellaId AND (@kind IS NULL OR kind = @kind) AND closed = 0`,
  )
  const selectExpired = db.prepare<[number, number], LinkRow>(
    `SELECT ${linkColumns} FROM holder_link WHERE closed = 0 AND expires <= ? LIMIT ?`,
  )
  const selectDay = db.prepare<[string], { day: string | null }>(
    'SELECT day FROM casella_password WHERE casella_id = ?',
  )
  const saveDay = db.prepare<[string, string | null]>(
    'INSERT OR REPLACE INTO casella_password (casella_id, day) VALUES (?, ?)',
  )
  const selectUsed = db.prepare<[string], { hash: string }>('SELECT hash FROM used_password WHERE casella_id = ?')
  const insertUsed = db.prepare<[string, string]>('INSERT INTO used_password (casella_id, hash) VALUES (?, ?)')
  const deleteUsed = db.prepare<[string]>('DELETE FROM used_password WHERE casella_id = ?')
  const selectSettings = db.prepare<[string], { data: string }>('SELECT data FROM impostazioni WHERE casella_id = ?')
  const saveSettings = db.prepare<[string, string]>(
    'INSERT OR REPLACE INTO impostazioni (casella_id, data) VALUES (?, ?)',
  )
  const selectRichiesta = db.prepare<[string], RichiestaRow>(
    `SELECT casella_id AS casellaId, titolare_id AS titolareId, email, operation_id AS operationId
     FROM richiesta WHERE casella_id = ?`,
  )
  const saveRichiesta = db.prepare<[object]>(`INSERT OR REPLACE INTO richiesta
    (casella_id, titolare_id, email, operation_id) VALUES (@casellaId, @titolareId, @email, @operationId)`)
  const replaceHolder = db.prepare<[string, string]>('UPDATE richiesta SET titolare_id = ? WHERE titolare_id = ?')
  const deleteRichiesta = db.prepare<[string]>('DELETE FROM richiesta WHERE casella_id = ?')
  const insertDue = db.prepare<[object]>(
    'INSERT INTO due (at, kind, casella_id, operation_id) VALUES (@at, @kind, @casellaId, @operationId)',
  )
  const selectDue = db.prepare<[number, number], DueRow>(
    `SELECT ${dueColumns} FROM due WHERE at <= ? ORDER BY at, id LIMIT ?`,
  )
  const selectDueOf = db.prepare<[string], DueRow>(`SELECT ${dueColumns} FROM due WHERE casella_id = ? ORDER BY at`)
  const deleteDue = db.prepare<[number]>('DELETE FROM due WHERE id = ?')
  return {
    saveLink: (link) => {
      saveLink.run(link)
    },
    link: (hash) => selectLink.get(hash),
    openLinks: (casellaId, kind) => selectOpen.all({ casellaId, kind: kind ?? null }),
    expiredLinks: (now, limit) => selectExpired.all(now, limit),
    passwordDay: (casellaId) => selectDay.get(casellaId)?.day,
    setPasswordDay: (casellaId, day) => {
      saveDay.run(casellaId, day)
    },
    usedPasswords: (casellaId) => selectUsed.all(casellaId).map(({ hash }) => hash),
    addUsedPassword: (casellaId, hash) => {
      insertUsed.run(casellaId, hash)
    },
    forgetUsedPasswords: (casellaId) => {
      deleteUsed.run(casellaId)
    },
    impostazioni: (casellaId) => {
      const row = selectSettings.get(casellaId)
      return row === undefined ? undefined : (JSON.parse(row.data) as Impostazioni)
    },
    saveImpostazioni: (impostazioni) => {
      saveSettings.run(impostazioni.casellaId, JSON.stringify(impostazioni))
    },
    richiesta: (casellaId) => selectRichiesta.get(casellaId),
    replaceNewHolder: (titolareId, by) => {
      replaceHolder.run(by, titolareId)
    },
    saveRichiesta: (richiesta) => {
      saveRichiesta.run(richiesta)
    },
    removeRichiesta: (casellaId) => {
      deleteRichiesta.run(casellaId)
    },
    addDue: (due) => {
      insertDue.run(due)
    },
    due: (now, limit) => selectDue.all(now, limit),
    dueOf: (casellaId) => selectDueOf.all(casellaId),
    removeDue: (id) => {
      deleteDue.run(id)
    },
  }
}
