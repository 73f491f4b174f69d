import type { ArchiveDb } from '../db/database.ts'
import { sql, type Sql } from '../db/sql.ts'

/** A row as the archive has it, its JSON read. */
export type HeldRow = Record<string, unknown>

/** By what one person is looked for. */
export interface HeldPerson {
  /** Every id that the holder has had here: local ones, and those of absorbed holders. */
  titolari: readonly string[]
  caselle: readonly string[]
  /** Codice fiscale, ids and addresses: a text with one of them may be about the person (`mentions` looks closer). */
  needles: readonly string[]
  codici: readonly string[]
  nomi: readonly { nome: string; cognome: string }[]
}

/** Where personal data stands, besides the tables that say nothing of their own (`derivedTables`). */
export const heldTables = [
  'titolare',
  'indirizzo',
  'attivita',
  'casella',
  'impostazioni',
  'storico',
  'documento',
  'deposito',
  'riga_lotto',
  'modulo',
  'nota',
  'segnalazione',
  'messaggio',
  'richiesta',
  'operation',
  'operation_history',
  'activity',
  'bozza',
  'vista',
  'report_salvato',
  'local_id',
  'accesso',
  'casella_spazio',
  'atto',
] as const
export type HeldTable = (typeof heldTables)[number]

/** Reads all that the archive holds of one person; a table without an index for it is read piece by piece. */
export interface CopiaDatiStore {
  person(titolareId: string): HeldPerson
  rows(table: HeldTable, person: HeldPerson): AsyncIterable<HeldRow>
}

/** Rows that are looked at before the rest of the program has its turn. */
const PIECE = 2000
/** What serves the program alone: bytes' keys, order, the words of the index, where an upload stands. */
const technical = new Set(['pk', 'iv', 'frozen_request', 'upload_url', 'next_at', 'codice_normale'])
const json = new Set([
  'server',
  'local',
  'shown',
  'rows',
  'args',
  'seen',
  'data',
  'lettura',
  'reason',
  'conflict',
  'fields',
  'ids',
])

function readable(row: HeldRow): HeldRow {
  return Object.fromEntries(
    Object.entries(row)
      .filter(([name]) => !technical.has(name))
      .map(([name, value]) => [name, json.has(name) && typeof value === 'string' ? parsed(value) : value]),
  )
}
function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

const oneOf = (column: Sql, values: readonly string[]): Sql =>
  sql`${column} IN (SELECT value FROM json_each(${JSON.stringify(values)}))`
const holds = (text: Sql, needles: readonly string[]): Sql =>
  sql`EXISTS (SELECT 1 FROM json_each(${JSON.stringify(needles)}) WHERE instr(${text}, value) > 0)`
const named = (name: string): Sql => ({ text: name, params: [] })

export function copiaDatiStore(db: ArchiveDb): CopiaDatiStore {
  const ids = (statement: Sql): string[] => db.all<{ id: string }>(statement).map(({ id }) => id)
  const localOf = (known: readonly string[]): string[] =>
    ids(sql`SELECT local_id AS id FROM local_id WHERE ${oneOf(sql`server_id`, known)}`)

  /** Those that were merged into the holder, and into these. */
  function absorbed(titolareId: string): string[] {
    const found = new Set([titolareId])
    for (const id of found)
      for (const { args } of db.all<{ args: string }>(
        sql`SELECT args FROM operation WHERE type = 'titolare.fusione' AND state IN ('settled', 'acknowledged')
          AND json_extract(args, '$.id') = ${id}`,
      )) {
        const { assorbiti } = JSON.parse(args) as { assorbiti: { id: string }[] }
        for (const each of assorbiti) found.add(each.id)
      }
    return [...found]
  }

  /** By index, all at once. */
  function direct(table: HeldTable, { titolari, caselle, needles }: HeldPerson): Sql | null {
    switch (table) {
      case 'titolare':
        return sql`SELECT * FROM titolare WHERE ${oneOf(sql`id`, titolari)}`
      case 'indirizzo':
      case 'attivita':
        return sql`SELECT * FROM ${named(table)} WHERE ${oneOf(sql`titolare_id`, titolari)}`
      case 'casella':
      case 'impostazioni':
        return sql`SELECT * FROM ${named(table)} WHERE ${oneOf(sql`id`, caselle)}`
      case 'storico': {
        const owners = [...titolari.map((id) => `titolare ${id}`), ...caselle.map((id) => `casella ${id}`)]
        return sql`SELECT * FROM storico WHERE ${oneOf(sql`owner`, owners)}`
      }
      case 'documento':
      case 'richiesta':
        return sql`SELECT * FROM ${named(table)} WHERE ${oneOf(sql`casella_id`, caselle)}`
      case 'modulo':
      case 'nota':
        return sql`SELECT * FROM ${named(table)} WHERE ${oneOf(sql`casella_id`, caselle)}
          OR ${oneOf(sql`titolare_id`, titolari)}`
      case 'messaggio':
        return sql`SELECT * FROM messaggio WHERE segnalazione_id IN
          (SELECT id FROM segnalazione WHERE ${oneOf(sql`casella_id`, caselle)}
            OR (casella_id IS NULL AND ${holds(sql`server`, needles)}))`
      // Few, and also told by a name: the reader chooses.
      case 'bozza':
        return sql`SELECT * FROM bozza`
      case 'vista':
        return sql`SELECT * FROM vista WHERE ${holds(sql`data`, needles)}`
      case 'report_salvato':
        return sql`SELECT * FROM report_salvato WHERE ${holds(sql`data`, needles)}`
      case 'casella_spazio':
        return sql`SELECT id AS casella_id, giorno, casella_spazio.usato_mb FROM casella_spazio
          JOIN casella ON casella.pk = casella_pk WHERE ${oneOf(sql`casella.id`, caselle)} ORDER BY giorno`
      case 'local_id':
        return sql`SELECT * FROM local_id WHERE ${oneOf(sql`server_id`, [...titolari, ...caselle])}`
      case 'segnalazione':
      case 'deposito':
      case 'riga_lotto':
      case 'operation':
      case 'operation_history':
      case 'activity':
      case 'accesso':
      case 'atto':
        return null
    }
  }

  /** Of those without an index for it: the key that pieces are cut by, and what is looked for. */
  function scanned(table: HeldTable, { titolari, caselle, needles }: HeldPerson): { key: Sql; where: Sql } {
    const ofOperation = sql`(${oneOf(sql`coalesce(casella_id, '')`, caselle)}
      OR ${oneOf(sql`coalesce(titolare_id, '')`, titolari)} OR ${holds(sql`args || seen`, needles)})`
    const key = ['segnalazione', 'riga_lotto'].includes(table) ? sql`pk` : table === 'deposito' ? sql`rowid` : sql`seq`
    switch (table) {
      case 'segnalazione':
        return {
          key,
          where: sql`${oneOf(sql`coalesce(casella_id, '')`, caselle)}
            OR (casella_id IS NULL AND ${holds(sql`server`, needles)})`,
        }
      case 'riga_lotto':
        return {
          key,
          where: sql`${oneOf(sql`coalesce(casella_id, '')`, caselle)}
            OR (casella_id IS NULL AND ${holds(sql`data || coalesce(lettura, '') || nome_file`, needles)})`,
        }
      case 'operation':
        return { key, where: ofOperation }
      case 'operation_history':
        return {
          key: sql`rowid`,
          where: sql`seq IN (SELECT operation.seq FROM operation WHERE operation.seq = operation_history.seq AND ${ofOperation})`,
        }
      case 'activity':
        return {
          key,
          where: sql`${oneOf(sql`coalesce(casella_id, '')`, caselle)} OR ${oneOf(sql`coalesce(titolare_id, '')`, titolari)}
            OR ${holds(sql`fields || subject`, needles)}`,
        }
      case 'atto':
        return { key, where: holds(sql`ids`, needles) }
      case 'accesso':
        return { key, where: oneOf(sql`coalesce(titolare_id, '')`, titolari) }
      default:
        return { key, where: oneOf(sql`coalesce(casella_id, '')`, caselle) }
    }
  }

  return {
    person: (titolareId) => {
      const merged = absorbed(titolareId)
      const titolari = [...merged, ...localOf(merged)]
      const rows = db.all<{ id: string; indirizzo: string }>(
        sql`SELECT id, indirizzo FROM casella WHERE ${oneOf(sql`titolare_id`, titolari)}`,
      )
      const own = rows.map(({ id }) => id)
      const caselle = [...own, ...localOf(own)]
      const persons = db.all<{ nome: string; cognome: string; codice: string }>(
        sql`SELECT nome, cognome, codice_fiscale AS codice FROM titolare WHERE ${oneOf(sql`id`, titolari)}`,
      )
      const codici = persons.map(({ codice }) => codice).filter((each) => each !== '')
      return {
        titolari,
        caselle,
        needles: [...titolari, ...caselle, ...codici, ...rows.map(({ indirizzo }) => indirizzo)],
        codici,
        nomi: persons.map(({ nome, cognome }) => ({ nome, cognome })),
      }
    },
    rows: async function* (table, person) {
      const statement = direct(table, person)
      if (statement !== null) {
        for (const row of db.all<HeldRow>(statement)) yield readable(row)
        return
      }
      const { key, where } = scanned(table, person)
      const most = db.all<{ n: number | null }>(sql`SELECT max(${key}) AS n FROM ${named(table)}`)[0]?.n ?? 0
      for (let from = 0; from <= most; from += PIECE) {
        const found = db.all<HeldRow>(sql`SELECT * FROM ${named(table)}
          WHERE ${key} > ${from} AND ${key} <= ${from + PIECE} AND (${where}) ORDER BY ${key}`)
        for (const row of found) yield readable(row)
        await new Promise((done) => setImmediate(done))
      }
    },
  }
}
