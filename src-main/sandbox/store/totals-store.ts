import type { Casella } from '../../provider-contract/casella.ts'
import { semestreOf } from '../rules/report-rules.ts'
import type { Sqlite } from './database.ts'
import type { CasellaHistory } from './history-store.ts'

/**
 * What the reports add up, kept by the transaction that writes a casella, so that a report of a million caselle reads a
 * few thousand rows. No assistente is the empty string. No row has zero caselle.
 */
export const totalsTables = `
CREATE TABLE IF NOT EXISTS casella_total (
  ente_id TEXT NOT NULL, assistente_id TEXT NOT NULL, tipologia TEXT NOT NULL, ciclo TEXT NOT NULL,
  quota_mb INTEGER NOT NULL,
  first_semestre TEXT NOT NULL, -- of service, YYYY-1 or YYYY-2
  last_semestre TEXT NOT NULL,
  caselle INTEGER NOT NULL, usato_mb INTEGER NOT NULL, archive_mb INTEGER NOT NULL,
  PRIMARY KEY (ente_id, assistente_id, tipologia, ciclo, quota_mb, first_semestre, last_semestre)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS message_total (
  ente_id TEXT NOT NULL, assistente_id TEXT NOT NULL,
  month INTEGER NOT NULL, -- as in message_history
  received INTEGER NOT NULL, sent INTEGER NOT NULL,
  PRIMARY KEY (ente_id, assistente_id, month)
) WITHOUT ROWID;
`

/** After every half-year. */
const NEVER = '9999-9'

/** A casella as it is counted: its row, and its messages where it has any. */
export interface Counted {
  casella: Casella
  history: CasellaHistory | undefined
}

export interface TotalsStore {
  /** Must be called with each change of a casella or of its messages, in the transaction of the change. */
  changed(before: Counted | undefined, after: Counted | undefined): void
  /** While data are generated the totals add up in memory (a few thousand); they are written when it ends. */
  filling(on: boolean): void
}

/** The half-years in which a casella is in service: none before the first or after the last (D101). */
function serviceOf({ attivata, ciclo, updatedAt, scadenza }: Casella): { first: string; last: string } {
  const ends = [ciclo === 'eliminata' ? updatedAt : null, scadenza].filter((end) => end !== null)
  const [last = NEVER] = ends.map(semestreOf).sort()
  return { first: attivata === null ? NEVER : semestreOf(attivata), last }
}

interface CasellaTotal {
  enteId: string
  assistenteId: string
  tipologia: string
  ciclo: string
  quotaMb: number
  first: string
  last: string
  caselle: number
  usatoMb: number
  archiveMb: number
}

interface MessageTotal {
  enteId: string
  assistenteId: string
  month: number
  received: number
  sent: number
}

/** Of one history under the same ente and assistente nothing is moved by a change of the casella. */
function isSameMessages(before: Counted | undefined, after: Counted | undefined): boolean {
  return (
    before !== undefined &&
    after !== undefined &&
    before.history === after.history &&
    before.casella.enteId === after.casella.enteId &&
    before.casella.assistenteId === after.casella.assistenteId
  )
}

export function createTotalsStore(db: Sqlite): TotalsStore {
  const addCaselle = db.prepare<[CasellaTotal]>(
    `INSERT INTO casella_total (ente_id, assistente_id, tipologia, ciclo, quota_mb, first_semestre, last_semestre,
       caselle, usato_mb, archive_mb)
     VALUES (@enteId, @assistenteId, @tipologia, @ciclo, @quotaMb, @first, @last, @caselle, @usatoMb, @archiveMb)
     ON CONFLICT DO UPDATE SET caselle = caselle + excluded.caselle, usato_mb = usato_mb + excluded.usato_mb,
       archive_mb = archive_mb + excluded.archive_mb`,
  )
  const removeEmpty = db.prepare<[CasellaTotal]>(
    `DELETE FROM casella_total WHERE ente_id = @enteId AND assistente_id = @assistenteId AND tipologia = @tipologia
       AND ciclo = @ciclo AND quota_mb = @quotaMb AND first_semestre = @first AND last_semestre = @last AND caselle = 0`,
  )
  const addMessages = db.prepare<[MessageTotal]>(
    `INSERT INTO message_total (ente_id, assistente_id, month, received, sent)
     VALUES (@enteId, @assistenteId, @month, @received, @sent)
     ON CONFLICT DO UPDATE SET received = received + excluded.received, sent = sent + excluded.sent`,
  )
  const caselle = new Map<string, CasellaTotal>()
  const messages = new Map<string, MessageTotal>()
  let isFilling = false

  const addCasella = ({ casella, history }: Counted, sign: 1 | -1) => {
    const { enteId, tipologia, ciclo, quotaMb, usatoMb } = casella
    const assistenteId = casella.assistenteId ?? ''
    const { first, last } = serviceOf(casella)
    const key = JSON.stringify([enteId, assistenteId, tipologia, ciclo, quotaMb, first, last])
    const group = { enteId, assistenteId, tipologia, ciclo, quotaMb, first, last }
    const total = caselle.get(key) ?? { ...group, caselle: 0, usatoMb: 0, archiveMb: 0 }
    total.caselle += sign
    total.usatoMb += sign * usatoMb
    // What a casella lost with its deletion is in no archive.
    total.archiveMb += sign * Math.min(history?.archiveMb ?? 0, usatoMb)
    caselle.set(key, total)
  }

  const addMessagesOf = ({ casella, history }: Counted, sign: 1 | -1) => {
    const { enteId } = casella
    const assistenteId = casella.assistenteId ?? ''
    for (const [index, { received, sent }] of (history?.months ?? []).entries()) {
      const month = (history?.firstMonth ?? 0) + index
      const monthKey = `${enteId} ${assistenteId} ${month}`
      const sum = messages.get(monthKey) ?? { enteId, assistenteId, month, received: 0, sent: 0 }
      sum.received += sign * received
      sum.sent += sign * sent
      messages.set(monthKey, sum)
    }
  }

  const save = () => {
    // Emptied first: what fails is undone with its transaction, and is not to be added to the next one.
    const [savedCaselle, savedMessages] = [[...caselle.values()], [...messages.values()]]
    caselle.clear()
    messages.clear()
    for (const total of savedCaselle) {
      if (total.caselle === 0 && total.usatoMb === 0 && total.archiveMb === 0) continue
      addCaselle.run(total)
      removeEmpty.run(total)
    }
    for (const sum of savedMessages) if (sum.received !== 0 || sum.sent !== 0) addMessages.run(sum)
  }

  return {
    changed: (before, after) => {
      if (before !== undefined) addCasella(before, -1)
      if (after !== undefined) addCasella(after, 1)
      if (!isSameMessages(before, after)) {
        if (before !== undefined) addMessagesOf(before, -1)
        if (after !== undefined) addMessagesOf(after, 1)
      }
      if (!isFilling) save()
    },
    filling: (on) => {
      save()
      isFilling = on
    },
  }
}
