import type { Casella } from '../../provider-contract/casella.ts'
import type { Sqlite } from './database.ts'
import type { TotalsStore } from './totals-store.ts'

/**
 * How many messages a casella received and sent, month by month (D94, D95). One row for each casella: the months are
 * packed, two numbers each, in about a hundred bytes for two years.
 */
export const historyTables = `
CREATE TABLE IF NOT EXISTS message_history (
  casella_id TEXT PRIMARY KEY,
  first_month INTEGER NOT NULL, -- year * 12 + month (0 to 11)
  months BLOB NOT NULL, -- received, sent, received, sent..., each number as a LEB128
  archive_mb INTEGER NOT NULL
) WITHOUT ROWID;
`

export interface MessageMonth {
  received: number
  sent: number
}

export interface CasellaHistory {
  /** `year * 12 + month`, the month from 0: see monthNumber. */
  firstMonth: number
  /** One for each month from the first, without gaps. */
  months: MessageMonth[]
  /** The part of `usatoMb` that is in the archive; the rest is the inbox. */
  archiveMb: number
}

/** Caselle without a row, those never activated or made after the generation, have no messages and an empty archive. */
export interface HistoryStore {
  /** Once for a casella: its messages do not change. */
  save(casella: Casella, history: CasellaHistory): void
  of(casellaId: string): CasellaHistory | undefined
}

/** The number of the month of an instant (ISO 8601, UTC) or a day. */
export function monthNumber(instant: string): number {
  return Number(instant.slice(0, 4)) * 12 + Number(instant.slice(5, 7)) - 1
}

/** `YYYY-MM`. */
export function monthName(month: number): string {
  return `${String(Math.floor(month / 12)).padStart(4, '0')}-${String((month % 12) + 1).padStart(2, '0')}`
}

const NUMBER_MAX_BYTES = 5

export function packMonths(months: readonly MessageMonth[]): Buffer {
  const packed = Buffer.allocUnsafe(months.length * 2 * NUMBER_MAX_BYTES)
  let at = 0
  const put = (value: number) => {
    let rest = value
    for (; rest > 127; rest = Math.floor(rest / 128)) at = packed.writeUInt8((rest % 128) + 128, at)
    at = packed.writeUInt8(rest, at)
  }
  for (const { received, sent } of months) {
    put(received)
    put(sent)
  }
  return packed.subarray(0, at)
}

export function unpackMonths(packed: Buffer): MessageMonth[] {
  const months: MessageMonth[] = []
  let at = 0
  const take = () => {
    let [value, place] = [0, 1]
    for (let byte = 128; byte > 127; place *= 128) {
      byte = packed.readUInt8(at)
      at += 1
      value += (byte % 128) * place
    }
    return value
  }
  while (at < packed.length) months.push({ received: take(), sent: take() })
  return months
}

export function createHistoryStore(db: Sqlite, totals: TotalsStore): HistoryStore {
  const insert = db.prepare<[string, number, Buffer, number]>(
    'INSERT INTO message_history (casella_id, first_month, months, archive_mb) VALUES (?, ?, ?, ?)',
  )
  const select = db.prepare<[string], { firstMonth: number; months: Buffer; archiveMb: number }>(
    `SELECT first_month AS firstMonth, months, archive_mb AS archiveMb FROM message_history WHERE casella_id = ?`,
  )
  return {
    save: (casella, history) => {
      insert.run(casella.id, history.firstMonth, packMonths(history.months), history.archiveMb)
      totals.changed({ casella, history: undefined }, { casella, history })
    },
    of: (casellaId) => {
      const row = select.get(casellaId)
      return row === undefined ? undefined : { ...row, months: unpackMonths(row.months) }
    },
  }
}
