import type { ArchiveDb } from '../db/database.ts'
import { sql } from '../db/sql.ts'
import type { DocumentoFormato } from '../provider-contract/capabilities.ts'
import type { Documento } from '../provider-contract/documento.ts'

/** A file that was chosen: its private copy lies encrypted under `id` in the deposit folder. */
export interface DepositedFile {
  id: string
  nomeFile: string
  bytes: number
  sha256: string
  formato: DocumentoFormato
  iv: Uint8Array
  createdAt: string
  /** The casella it was queued for; null while it is only chosen. */
  casellaId: string | null
}

export interface DocumentoStore {
  get(id: string): Documento | undefined
  write(documento: Documento): void
  /** Answers the casella whose document went. */
  remove(id: string): string | undefined
  versionOf(id: string): number | undefined
  ofCasella(casellaId: string): Documento[]
  insertDeposito(file: DepositedFile): void
  deposito(id: string): DepositedFile | undefined
  assignDeposito(id: string, casellaId: string): void
  removeDeposito(id: string): void
  /** The casella to which the same bytes already belong, sent or queued. */
  casellaOfSha256(sha256: string): string | undefined
  /** Deposited files that nobody queued, and those whose sending was given up. */
  unneeded(): string[]
  /** Whether the private copy of a deposited file has yet to arrive at the provider. */
  needsBytes(id: string): boolean
}

interface DepositoRow {
  id: string
  nome_file: string
  bytes: number
  sha256: string
  formato: DocumentoFormato
  iv: Uint8Array
  created_at: string
  casella_id: string | null
}

export function documentoStore(db: ArchiveDb): DocumentoStore {
  return {
    get: (id) =>
      db
        .all<{ server: string }>(sql`SELECT server FROM documento WHERE id = ${id}`)
        .map((row) => JSON.parse(row.server) as Documento)[0],
    write: (documento) => {
      db.run(sql`INSERT INTO documento(id, version, server, casella_id, sha256)
        VALUES (${documento.id}, ${documento.version}, ${JSON.stringify(documento)}, ${documento.casellaId}, ${documento.sha256})
        ON CONFLICT(id) DO UPDATE SET version = excluded.version, server = excluded.server, casella_id = excluded.casella_id, sha256 = excluded.sha256`)
    },
    remove: (id) =>
      db.all<{ casella_id: string }>(sql`DELETE FROM documento WHERE id = ${id} RETURNING casella_id`)[0]?.casella_id,
    versionOf: (id) => db.all<{ version: number }>(sql`SELECT version FROM documento WHERE id = ${id}`)[0]?.version,
    ofCasella: (casellaId) =>
      db
        .all<{ server: string }>(sql`SELECT server FROM documento WHERE casella_id = ${casellaId} ORDER BY pk`)
        // Written by this store from a validated value.
        .map((row) => JSON.parse(row.server) as Documento),
    insertDeposito: (file) => {
      db.run(sql`INSERT INTO deposito(id, nome_file, bytes, sha256, formato, iv, created_at, casella_id)
        VALUES (${file.id}, ${file.nomeFile}, ${file.bytes}, ${file.sha256}, ${file.formato}, ${file.iv}, ${file.createdAt}, ${file.casellaId})`)
    },
    deposito: (id) => {
      const row = db.all<DepositoRow>(
        sql`SELECT id, nome_file, bytes, sha256, formato, iv, created_at, casella_id FROM deposito WHERE id = ${id}`,
      )[0]
      if (row === undefined) return undefined
      return {
        id: row.id,
        nomeFile: row.nome_file,
        bytes: row.bytes,
        sha256: row.sha256,
        formato: row.formato,
        iv: row.iv,
        createdAt: row.created_at,
        casellaId: row.casella_id,
      }
    },
    assignDeposito: (id, casellaId) => {
      db.run(sql`UPDATE deposito SET casella_id = ${casellaId} WHERE id = ${id}`)
    },
    removeDeposito: (id) => {
      db.run(sql`DELETE FROM deposito WHERE id = ${id}`)
    },
    casellaOfSha256: (sha256) =>
      db.all<{ casella_id: string }>(sql`
        SELECT casella_id FROM documento WHERE sha256 = ${sha256}
        UNION ALL SELECT casella_id FROM deposito WHERE sha256 = ${sha256} AND casella_id IS NOT NULL LIMIT 1`)[0]
        ?.casella_id,
    unneeded: () =>
      db
        .all<{ id: string }>(
          sql`SELECT id FROM deposito WHERE casella_id IS NULL
            OR id IN (SELECT deposito_id FROM operation WHERE state = 'cancelled' AND deposito_id IS NOT NULL)`,
        )
        .map((row) => row.id),
    needsBytes: (id) =>
      db.all(
        sql`SELECT 1 FROM deposito WHERE id = ${id}
          AND id NOT IN (SELECT deposito_id FROM operation WHERE state = 'settled' AND deposito_id IS NOT NULL)`,
      ).length > 0,
  }
}
