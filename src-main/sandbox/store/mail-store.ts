import type { Sqlite } from './database.ts'

/** Outgoing mail: written in the transaction of what it tells, delivered afterwards. */
export const mailTables = `
CREATE TABLE IF NOT EXISTS mail (
  id INTEGER PRIMARY KEY, at TEXT NOT NULL, recipient TEXT NOT NULL, subject TEXT NOT NULL, text TEXT NOT NULL,
  html TEXT, kind TEXT NOT NULL, casella_id TEXT, state TEXT NOT NULL, attempts INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX IF NOT EXISTS mail_queued ON mail (id) WHERE state = 'queued';
CREATE INDEX IF NOT EXISTS mail_casella ON mail (casella_id);
`

export interface MailRow {
  id: number
  /** ISO 8601, UTC, by the sandbox's clock. */
  at: string
  recipient: string
  subject: string
  text: string
  html: string | null
  /** What it tells, as a code. */
  kind: string
  casellaId: string | null
  state: 'queued' | 'sent' | 'failed'
  attempts: number
}

export interface MailStore {
  add(mail: Omit<MailRow, 'id' | 'state' | 'attempts'>): number
  get(id: number): MailRow | undefined
  /** Newest first; `before` is the id from which to go back. */
  list(page: { before: number; limit: number; casellaId?: string }): MailRow[]
  /** Oldest first. */
  queued(limit: number): MailRow[]
  setState(id: number, state: MailRow['state'], attempts: number): void
  /** Those given up are tried again. */
  requeueFailed(): void
  count(): number
}

const columns = 'id, at, recipient, subject, text, html, kind, casella_id AS casellaId, state, attempts'

export function createMailStore(db: Sqlite): MailStore {
  const insert = db.prepare<[object]>(`INSERT INTO mail (at, recipient, subject, text, html, kind, casella_id, state)
    VALUES (@at, @recipient, @subject, @text, @html, @kind, @casellaId, 'queued')`)
  const selectOne = db.prepare<[number], MailRow>(`SELECT ${columns} FROM mail WHERE id = ?`)
  const selectPage = db.prepare<[object], MailRow>(
    `SELECT ${columns} FROM mail WHERE id < @before ORDER BY id DESC LIMIT @limit`,
  )
  const selectOfCasella = db.prepare<[object], MailRow>(
    `SELECT ${columns} FROM mail WHERE casella_id = @casellaId AND id < @before ORDER BY id DESC LIMIT @limit`,
  )
  const selectQueued = db.prepare<[number], MailRow>(
    `SELECT ${columns} FROM mail WHERE state = 'queued' ORDER BY id LIMIT ?`,
  )
  const update = db.prepare<[string, number, number]>('UPDATE mail SET state = ?, attempts = ? WHERE id = ?')
  const requeue = db.prepare("UPDATE mail SET state = 'queued', attempts = 0 WHERE state = 'failed'")
  const selectCount = db.prepare<[], { rows: number }>('SELECT count(*) AS rows FROM mail')
  return {
    add: (mail) => Number(insert.run(mail).lastInsertRowid),
    get: (id) => selectOne.get(id),
    list: ({ before, limit, casellaId }) =>
      casellaId === undefined ? selectPage.all({ before, limit }) : selectOfCasella.all({ before, limit, casellaId }),
    queued: (limit) => selectQueued.all(limit),
    setState: (id, state, attempts) => {
      update.run(state, attempts, id)
    },
    requeueFailed: () => {
      requeue.run()
    },
    count: () => selectCount.get()?.rows ?? 0,
  }
}
