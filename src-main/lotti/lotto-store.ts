import type { FiltroRighe, StatoLotto, StatoRiga } from '../contract/lotto.ts'
import type { OperationState } from '../contract/operation.ts'
import type { Verifica } from '../contract/verifica.ts'
import type { ArchiveDb } from '../db/database.ts'
import { sql, type Sql } from '../db/sql.ts'
import { RigaData } from './riga-data.ts'

export interface StoredLotto {
  id: string
  nome: string
  operatore: string
  creato: string
  stato: StatoLotto
  soglia: number
}

/** One file of a lotto. */
export interface StoredRiga {
  pk: number
  id: string
  lottoId: string
  posizione: number
  nomeFile: string
  bytes: number
  stato: StatoRiga
  depositoId: string | null
  sha256: string | null
  casellaId: string | null
  operationId: string | null
  data: RigaData
}

/** Rows in each state; of those in the outbox, in each state of their operations, with their bytes. */
export interface RigaCounts {
  stati: Map<StatoRiga, number>
  operazioni: Map<OperationState, { n: number; bytes: number }>
  bytes: number
}

export interface LottoStore {
  lotti(): StoredLotto[]
  lotto(id: string): StoredLotto | undefined
  writeLotto(lotto: StoredLotto): void
  /** Its rows as well. */
  removeLotto(id: string): void
  insertRiga(riga: Omit<StoredRiga, 'pk'>): void
  writeRiga(riga: StoredRiga): void
  writeVerifica(rigaId: string, verifica: Verifica | null): void
  verifica(rigaId: string): Verifica | null
  riga(id: string): StoredRiga | undefined
  righe(lottoId: string, ids: readonly string[]): StoredRiga[]
  all(lottoId: string): StoredRiga[]
  list(
    lottoId: string,
    filtro: FiltroRighe,
    search: string,
    offset: number,
    limit: number,
  ): { total: number; rows: StoredRiga[] }
  counts(lottoId: string): RigaCounts
  lastPosition(lottoId: string): number
  /** The first that wait to be read, of any lotto, but for those named. */
  toRead(limit: number, except: readonly string[]): StoredRiga[]
  ready(lottoId: string): StoredRiga[]
  /** Those that a person has sent and that are not in the outbox. */
  toSend(lottoId: string, limit: number): StoredRiga[]
  /** Operations of the lotto that have neither arrived nor stopped. */
  underWay(lottoId: string): number
  /** An earlier row of the same lotto with the same bytes that was not discarded. */
  earlierTwin(riga: StoredRiga): { nomeFile: string } | undefined
  /** The rows of the lotto with the same bytes that come after it and are not sent. */
  laterTwins(riga: StoredRiga): StoredRiga[]
  ofOperation(operationId: string): StoredRiga | undefined
  ofDeposito(depositoId: string): StoredRiga | undefined
}

interface DbRow {
  pk: number
  id: string
  lotto_id: string
  posizione: number
  nome_file: string
  bytes: number
  stato: StatoRiga
  deposito_id: string | null
  sha256: string | null
  casella_id: string | null
  operation_id: string | null
  data: string
}

const columns = sql`pk, id, lotto_id, posizione, nome_file, bytes, stato, deposito_id, sha256, casella_id, operation_id, data`

function rigaOf(row: DbRow): StoredRiga {
  return {
    pk: row.pk,
    id: row.id,
    lottoId: row.lotto_id,
    posizione: row.posizione,
    nomeFile: row.nome_file,
    bytes: row.bytes,
    stato: row.stato,
    depositoId: row.deposito_id,
    sha256: row.sha256,
    casellaId: row.casella_id,
    operationId: row.operation_id,
    data: RigaData.parse(JSON.parse(row.data)),
  }
}

function statiOf(filtro: FiltroRighe): StatoRiga[] | null {
  switch (filtro) {
    case 'tutti':
      return null
    case 'da_decidere':
      return ['da_decidere']
    case 'pronti':
      return ['pronta']
    case 'non_validi':
      return ['non_valida']
    case 'scartati':
      return ['scartata']
    case 'inviati':
      return ['inviata']
    case 'in_lettura':
      return ['in_arrivo', 'da_leggere']
  }
}

export function lottoStore(db: ArchiveDb): LottoStore {
  const rows = (rest: Sql): StoredRiga[] =>
    db.all<DbRow>(sql`SELECT ${columns} FROM riga_lotto WHERE ${rest}`).map(rigaOf)
  const count = (from: Sql): number => db.all<{ n: number }>(sql`SELECT count(*) AS n FROM ${from}`)[0]?.n ?? 0
  return {
    lotti: () =>
      db.all<StoredLotto>(sql`SELECT id, nome, operatore, creato, stato, soglia FROM lotto ORDER BY creato DESC, id`),
    lotto: (id) =>
      db.all<StoredLotto>(sql`SELECT id, nome, operatore, creato, stato, soglia FROM lotto WHERE id = ${id}`)[0],
    writeLotto: ({ id, nome, operatore, creato, stato, soglia }) => {
      db.run(sql`INSERT INTO lotto(id, nome, operatore, creato, stato, soglia)
        VALUES (${id}, ${nome}, ${operatore}, ${creato}, ${stato}, ${soglia})
        ON CONFLICT(id) DO UPDATE SET nome = excluded.nome, stato = excluded.stato, soglia = excluded.soglia`)
    },
    removeLotto: (id) => {
      db.run(sql`DELETE FROM riga_lotto WHERE lotto_id = ${id}`)
      db.run(sql`DELETE FROM lotto WHERE id = ${id}`)
    },
    insertRiga: (riga) => {
      db.run(sql`INSERT INTO riga_lotto(id, lotto_id, posizione, nome_file, bytes, stato, deposito_id, sha256, casella_id, operation_id, data)
        VALUES (${riga.id}, ${riga.lottoId}, ${riga.posizione}, ${riga.nomeFile}, ${riga.bytes}, ${riga.stato}, ${riga.depositoId},
          ${riga.sha256}, ${riga.casellaId}, ${riga.operationId}, ${JSON.stringify(riga.data)})`)
    },
    writeRiga: (riga) => {
      db.run(sql`UPDATE riga_lotto SET bytes = ${riga.bytes}, stato = ${riga.stato}, deposito_id = ${riga.depositoId},
        sha256 = ${riga.sha256}, casella_id = ${riga.casellaId}, operation_id = ${riga.operationId},
        data = ${JSON.stringify(riga.data)} WHERE pk = ${riga.pk}`)
    },
    writeVerifica: (rigaId, verifica) => {
      db.run(
        sql`UPDATE riga_lotto SET lettura = ${verifica === null ? null : JSON.stringify(verifica)} WHERE id = ${rigaId}`,
      )
    },
    verifica: (rigaId) => {
      const text = db.all<{ lettura: string | null }>(sql`SELECT lettura FROM riga_lotto WHERE id = ${rigaId}`)[0]
        ?.lettura
      // Written by this store from a validated value.
      return text == null ? null : (JSON.parse(text) as Verifica)
    },
    riga: (id) => rows(sql`id = ${id}`)[0],
    righe: (lottoId, ids) =>
      rows(
        sql`lotto_id = ${lottoId} AND id IN (SELECT value FROM json_each(${JSON.stringify(ids)})) ORDER BY posizione`,
      ),
    all: (lottoId) => rows(sql`lotto_id = ${lottoId} ORDER BY posizione`),
    list: (lottoId, filtro, search, offset, limit) => {
      const stati = statiOf(filtro)
      const ofState =
        stati === null ? sql`` : sql` AND stato IN (SELECT value FROM json_each(${JSON.stringify(stati)}))`
      const pattern = `%${search.trim().replace(/[\\%_]/g, (sign) => `\\${sign}`)}%`
      const named =
        search.trim() === ''
          ? sql``
          : sql` AND (nome_file LIKE ${pattern} ESCAPE '\\' OR casella_id IN (
              SELECT id FROM casella WHERE indirizzo LIKE ${pattern} ESCAPE '\\' AND id IN (
                SELECT casella_id FROM riga_lotto WHERE lotto_id = ${lottoId})))`
      const where = sql`lotto_id = ${lottoId}${ofState}${named}`
      return {
        total: count(sql`riga_lotto WHERE ${where}`),
        rows: rows(sql`${where} ORDER BY posizione LIMIT ${limit} OFFSET ${offset}`),
      }
    },
    counts: (lottoId) => {
      const stati = new Map(
        db
          .all<{ stato: StatoRiga; n: number }>(
            sql`SELECT stato, count(*) AS n FROM riga_lotto WHERE lotto_id = ${lottoId} GROUP BY stato`,
          )
          .map(({ stato, n }) => [stato, n]),
      )
      const operazioni = new Map(
        db
          .all<{ state: OperationState; n: number; bytes: number }>(
            sql`SELECT operation.state AS state, count(*) AS n, sum(riga_lotto.bytes) AS bytes FROM riga_lotto
              JOIN operation ON operation.op_id = riga_lotto.operation_id
              WHERE riga_lotto.lotto_id = ${lottoId} AND riga_lotto.stato = 'inviata' GROUP BY operation.state`,
          )
          .map(({ state, n, bytes }) => [state, { n, bytes }]),
      )
      const bytes =
        db.all<{ n: number | null }>(
          sql`SELECT sum(bytes) AS n FROM riga_lotto WHERE lotto_id = ${lottoId} AND stato IN ('pronta', 'inviata')`,
        )[0]?.n ?? 0
      return { stati, operazioni, bytes }
    },
    lastPosition: (lottoId) =>
      db.all<{ n: number | null }>(sql`SELECT max(posizione) AS n FROM riga_lotto WHERE lotto_id = ${lottoId}`)[0]?.n ??
      0,
    toRead: (limit, except) =>
      rows(
        sql`stato = 'da_leggere' AND id NOT IN (SELECT value FROM json_each(${JSON.stringify(except)})) ORDER BY pk LIMIT ${limit}`,
      ),
    ready: (lottoId) => rows(sql`lotto_id = ${lottoId} AND stato = 'pronta' ORDER BY posizione`),
    toSend: (lottoId, limit) =>
      rows(sql`lotto_id = ${lottoId} AND stato = 'inviata' AND operation_id IS NULL ORDER BY posizione LIMIT ${limit}`),
    underWay: (lottoId) =>
      count(sql`riga_lotto JOIN operation ON operation.op_id = riga_lotto.operation_id
        WHERE riga_lotto.lotto_id = ${lottoId} AND riga_lotto.stato = 'inviata'
        AND (operation.state = 'in_flight' OR (operation.state = 'pending' AND operation.held = 0))`),
    earlierTwin: ({ sha256, lottoId, posizione }) =>
      sha256 === null
        ? undefined
        : rows(
            sql`sha256 = ${sha256} AND lotto_id = ${lottoId} AND posizione < ${posizione} AND stato <> 'scartata' ORDER BY posizione LIMIT 1`,
          )[0],
    laterTwins: ({ sha256, lottoId, posizione }) =>
      sha256 === null
        ? []
        : rows(sql`sha256 = ${sha256} AND lotto_id = ${lottoId} AND posizione > ${posizione} AND stato <> 'inviata'`),
    ofOperation: (operationId) => rows(sql`operation_id = ${operationId}`)[0],
    ofDeposito: (depositoId) => rows(sql`deposito_id = ${depositoId}`)[0],
  }
}
