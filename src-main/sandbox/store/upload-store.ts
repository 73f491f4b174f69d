import type { Sqlite } from './database.ts'

export interface UploadRow {
  id: string
  userId: string
  filename: string
  filetype: string
  /** Declared by the client, and checked against the bytes once `complete`. */
  sha256: string
  bytes: number
  complete: boolean
  /** The documento that was made of it; an upload is used once. */
  documentoId: string | null
}

export interface UploadStore {
  add(upload: UploadRow, now: number): void
  find(id: string, userId: string): UploadRow | undefined
  ofDocumento(documentoId: string): UploadRow | undefined
  complete(id: string): void
  use(id: string, documentoId: string): void
  remove(id: string): void
  /** Ids of uploads never used that were begun before `before` (milliseconds). */
  abandoned(before: number): string[]
}

type Row = Omit<UploadRow, 'complete'> & { complete: number }

const columns = 'id, user_id AS userId, filename, filetype, sha256, bytes, complete, documento_id AS documentoId'
const fromRow = (row: Row | undefined): UploadRow | undefined =>
  row === undefined ? undefined : { ...row, complete: row.complete === 1 }

export function createUploadStore(db: Sqlite): UploadStore {
  const insert = db.prepare<[object]>(`INSERT INTO upload
    (id, user_id, filename, filetype, sha256, bytes, complete, documento_id, created)
    VALUES (@id, @userId, @filename, @filetype, @sha256, @bytes, @complete, @documentoId, @now)`)
  const select = db.prepare<[string, string], Row>(`SELECT ${columns} FROM upload WHERE id = ? AND user_id = ?`)
  const selectOf = db.prepare<[string], Row>(`SELECT ${columns} FROM upload WHERE documento_id = ?`)
  const setComplete = db.prepare<[string]>('UPDATE upload SET complete = 1 WHERE id = ?')
  const setUsed = db.prepare<[string, string]>('UPDATE upload SET documento_id = ? WHERE id = ?')
  const deleteOne = db.prepare<[string]>('DELETE FROM upload WHERE id = ?')
  const selectOld = db.prepare<[number], { id: string }>(
    'SELECT id FROM upload WHERE documento_id IS NULL AND created <= ?',
  )
  return {
    add: (upload, now) => {
      insert.run({ ...upload, complete: upload.complete ? 1 : 0, now })
    },
    find: (id, userId) => fromRow(select.get(id, userId)),
    ofDocumento: (documentoId) => fromRow(selectOf.get(documentoId)),
    complete: (id) => {
      setComplete.run(id)
    },
    use: (id, documentoId) => {
      setUsed.run(documentoId, id)
    },
    remove: (id) => {
      deleteOne.run(id)
    },
    abandoned: (before) => selectOld.all(before).map((row) => row.id),
  }
}
