import type { ArchiveDb } from '../db/database.ts'
import { sql, type Sql } from '../db/sql.ts'
import type { DocumentoElenco } from '../contract/documenti-channels.ts'
import type { DocumentoFormato, DocumentoTipo } from '../provider-contract/capabilities.ts'
import type { Documento } from '../provider-contract/documento.ts'
import type { AnyDepositedFile, DepositedFile } from './deposited-file.ts'

export interface DocumentoStore {
  get(id: string): Documento | undefined
  write(documento: Documento): void
  /** Answers the casella whose document went. */
  remove(id: string): string | undefined
  versionOf(id: string): number | undefined
  ofCasella(casellaId: string): Documento[]
  /** What the provider has, the newest first. `caselle`: keys of those that count; null for all. */
  elenco(
    filter: { stato: Documento['stato'] | null; tipo: DocumentoTipo | null; caselle: readonly number[] | null },
    offset: number,
    limit: number,
  ): { total: number; rows: DocumentoElenco[] }
  insertDeposito(file: AnyDepositedFile): void
  /** Of what may go with a casella. */
  deposito(id: string): DepositedFile | undefined
  /** Of whatever format. */
  anyDeposito(id: string): AnyDepositedFile | undefined
  /** Null: it is only chosen again. What goes with a segnalazione has `segnalazione:<id>`. */
  assignDeposito(id: string, casellaId: string | null): void
  removeDeposito(id: string): void
  /** The casella to which the same bytes already belong, sent or queued. */
  casellaOfSha256(sha256: string): string | undefined
  /** Deposited files that nobody queued nor has in a lotto, and those whose sending was given up. */
  unneeded(): string[]
  /** Where the same bytes are already: at the provider, or on their way there. */
  placeOfSha256(sha256: string): { casellaId: string; at: 'gestore' | 'in_coda' } | undefined
  /** The copies have arrived at the provider at this moment (ISO 8601); `isKept`: their bytes stay, for looking at them. */
  markArrived(depositoIds: readonly string[], at: string, isKept: boolean): void
  /** The bytes of the copy are gone; what is known of it stays. */
  markWithoutBytes(depositoId: string): void
  /** Copies that arrived before a moment (ISO 8601) and still have their bytes. */
  keptSince(before: string): string[]
  /** How many copies that have arrived are kept, and their bytes. */
  kept(): { n: number; bytes: number }
  /** A copy with its bytes of what has this sha256. */
  copyOfSha256(sha256: string): DepositedFile | undefined
  /** Whether the private copy of a deposited file has yet to arrive at the provider. */
  needsBytes(id: string): boolean
}

interface DepositoRow<Formato = DocumentoFormato> {
  id: string
  nome_file: string
  bytes: number
  sha256: string
  formato: Formato
  iv: Uint8Array
  tags: Uint8Array | null
  created_at: string
  casella_id: string | null
}

const depositoColumns = sql`id, nome_file, bytes, sha256, formato, iv, tags, created_at, casella_id`

function fileOf<Formato>(row: DepositoRow<Formato>): Omit<DepositedFile, 'formato'> & { formato: Formato } {
  return {
    id: row.id,
    nomeFile: row.nome_file,
    bytes: row.bytes,
    sha256: row.sha256,
    formato: row.formato,
    iv: row.iv,
    tags: row.tags,
    createdAt: row.created_at,
    casellaId: row.casella_id,
  }
}

export function documentoStore(db: ArchiveDb): DocumentoStore {
  let revision = 0
  /** The keys of one filter, ordered once and kept until a document changes: any page then costs the same. */
  let ordered: { key: string; keys: number[] } | null = null

  function keysOf(filter: Parameters<DocumentoStore['elenco']>[0]): number[] {
    const key = JSON.stringify([revision, filter])
    if (ordered?.key === key) return ordered.keys
    const parts: Sql[] = [sql`1 = 1`]
    if (filter.stato !== null) parts.push(sql`stato = ${filter.stato}`)
    if (filter.tipo !== null) parts.push(sql`tipo = ${filter.tipo}`)
    if (filter.caselle !== null)
      parts.push(
        sql`casella_id IN (SELECT id FROM casella WHERE pk IN (SELECT value FROM json_each(${JSON.stringify(filter.caselle)})))`,
      )
    const where = parts.reduce((left, right) => sql`${left} AND ${right}`)
    const keys = db.column(sql`SELECT pk FROM documento WHERE ${where} ORDER BY caricato DESC, pk DESC`)
    ordered = { key, keys }
    return keys
  }

  return {
    get: (id) =>
      db
        .all<{ server: string }>(sql`SELECT server FROM documento WHERE id = ${id}`)
        .map((row) => JSON.parse(row.server) as Documento)[0],
    elenco: (filter, offset, limit) => {
      const keys = keysOf(filter)
      const page = keys.slice(offset, offset + limit)
      const rows = db.all<{ server: string; indirizzo: string | null; titolare: string | null }>(
        sql`SELECT documento.server AS server, casella.indirizzo AS indirizzo, casella.titolare AS titolare
          FROM json_each(${JSON.stringify(page)}) AS given JOIN documento ON documento.pk = given.value
          LEFT JOIN casella ON casella.id = documento.casella_id ORDER BY given.key`,
      )
      return {
        total: keys.length,
        rows: rows.map(({ server, indirizzo, titolare }) => {
          const { id, casellaId, tipo, formato, nomeFile, bytes, sha256, stato, motivo, caricato } = JSON.parse(
            server,
          ) as Documento
          return {
            id,
            casellaId,
            tipo,
            formato,
            nomeFile,
            bytes,
            sha256,
            stato,
            motivo,
            caricato,
            indirizzo: indirizzo ?? '',
            titolare: titolare ?? '',
          }
        }),
      }
    },
    write: (documento) => {
      revision += 1
      db.run(sql`INSERT INTO documento(id, version, server, casella_id, sha256)
        VALUES (${documento.id}, ${documento.version}, ${JSON.stringify(documento)}, ${documento.casellaId}, ${documento.sha256})
        ON CONFLICT(id) DO UPDATE SET version = excluded.version, server = excluded.server, casella_id = excluded.casella_id, sha256 = excluded.sha256`)
    },
    remove: (id) => {
      revision += 1
      return db.all<{ casella_id: string }>(sql`DELETE FROM documento WHERE id = ${id} RETURNING casella_id`)[0]
        ?.casella_id
    },
    versionOf: (id) => db.all<{ version: number }>(sql`SELECT version FROM documento WHERE id = ${id}`)[0]?.version,
    ofCasella: (casellaId) =>
      db
        .all<{ server: string }>(sql`SELECT server FROM documento WHERE casella_id = ${casellaId} ORDER BY pk`)
        // Written by this store from a validated value.
        .map((row) => JSON.parse(row.server) as Documento),
    insertDeposito: (file) => {
      db.run(sql`INSERT INTO deposito(id, nome_file, bytes, sha256, formato, iv, tags, created_at, casella_id)
        VALUES (${file.id}, ${file.nomeFile}, ${file.bytes}, ${file.sha256}, ${file.formato}, ${file.iv}, ${file.tags}, ${file.createdAt}, ${file.casellaId})`)
    },
    deposito: (id) =>
      db
        .all<DepositoRow>(sql`SELECT ${depositoColumns} FROM deposito WHERE id = ${id} AND formato <> 'altro'`)
        .map(fileOf)[0],
    anyDeposito: (id) =>
      db
        .all<DepositoRow<AnyDepositedFile['formato']>>(sql`SELECT ${depositoColumns} FROM deposito WHERE id = ${id}`)
        .map(fileOf)[0],
    assignDeposito: (id, casellaId) => {
      db.run(sql`UPDATE deposito SET casella_id = ${casellaId} WHERE id = ${id}`)
    },
    removeDeposito: (id) => {
      db.run(sql`DELETE FROM deposito WHERE id = ${id}`)
    },
    casellaOfSha256: (sha256) =>
      db.all<{ casella_id: string }>(sql`
        SELECT casella_id FROM documento WHERE sha256 = ${sha256}
        UNION ALL SELECT casella_id FROM deposito WHERE sha256 = ${sha256} AND casella_id IS NOT NULL
          AND casella_id NOT LIKE 'segnalazione:%' LIMIT 1`)[0]?.casella_id,
    unneeded: () =>
      db
        .all<{ id: string }>(
          sql`SELECT id FROM deposito WHERE
            (casella_id IS NULL AND id NOT IN (SELECT deposito_id FROM riga_lotto WHERE deposito_id IS NOT NULL)
              AND id NOT IN (SELECT kept.value FROM bozza, json_each(iif(json_valid(data), data, '{}'), '$.allegati') AS kept))
            OR (id IN (SELECT deposito_id FROM operation WHERE state = 'cancelled' AND deposito_id IS NOT NULL)
              AND id NOT IN (SELECT deposito_id FROM riga_lotto WHERE deposito_id IS NOT NULL))`,
        )
        .map((row) => row.id),
    placeOfSha256: (sha256) => {
      const sent = db.all<{ casella_id: string }>(
        sql`SELECT casella_id FROM documento WHERE sha256 = ${sha256} LIMIT 1`,
      )[0]
      if (sent !== undefined) return { casellaId: sent.casella_id, at: 'gestore' }
      const queued = db.all<{ casella_id: string }>(
        sql`SELECT casella_id FROM deposito WHERE sha256 = ${sha256} AND casella_id IS NOT NULL
          AND casella_id NOT LIKE 'segnalazione:%' LIMIT 1`,
      )[0]
      return queued === undefined ? undefined : { casellaId: queued.casella_id, at: 'in_coda' }
    },
    markArrived: (depositoIds, at, isKept) => {
      if (depositoIds.length === 0) return
      db.run(sql`UPDATE deposito SET arrivato = ${at}, copia = CASE WHEN ${Number(isKept)} THEN copia ELSE 0 END
        WHERE id IN (SELECT value FROM json_each(${JSON.stringify(depositoIds)}))`)
    },
    markWithoutBytes: (depositoId) => {
      db.run(sql`UPDATE deposito SET copia = 0 WHERE id = ${depositoId}`)
    },
    keptSince: (before) =>
      db
        .all<{ id: string }>(
          sql`SELECT id FROM deposito WHERE copia = 1 AND arrivato IS NOT NULL AND arrivato <= ${before}`,
        )
        .map(({ id }) => id),
    kept: () =>
      db.all<{ n: number; bytes: number }>(
        sql`SELECT count(*) AS n, coalesce(sum(bytes), 0) AS bytes FROM deposito WHERE copia = 1 AND arrivato IS NOT NULL`,
      )[0] ?? { n: 0, bytes: 0 },
    copyOfSha256: (sha256) =>
      db
        .all<DepositoRow>(sql`SELECT ${depositoColumns} FROM deposito WHERE sha256 = ${sha256} AND copia = 1 LIMIT 1`)
        .map(fileOf)[0],
    needsBytes: (id) => db.all(sql`SELECT 1 FROM deposito WHERE id = ${id} AND copia = 1`).length > 0,
  }
}
