import { PASSWORD_WITHIN_DAYS } from '../contract/casella.ts'
import type { ExportedFile } from '../contract/archive.ts'
import type { ScadenzeList, ScadenzeListRequest, ScadenzeOverview } from '../contract/scadenza.ts'
import { icsOf } from '../export/ics.ts'
import { italianDay } from '../export/italian-date.ts'
import type { Period, ScadenzaStore } from './scadenza-store.ts'

/** As many addresses as a calendar entry names; the rest is a number. */
const NAMED = 100
const DAY_MS = 86_400_000

export interface ScadenzaCommands {
  overview(dominioId: string | null): ScadenzeOverview
  list(request: ScadenzeListRequest): ScadenzeList
  /** RFC 5545: one entry a day, with the caselle whose last day it is. It names caselle: the screen says so before. */
  ics(dominioId: string | null, period: Period): ExportedFile
}

export function scadenzaCommands(dependencies: {
  store: ScadenzaStore
  /** Milliseconds since the epoch. */
  now(): number
  /** Tells this archive's entries from another's in the same calendar. */
  archiveId: string
}): ScadenzaCommands {
  const { store, now, archiveId } = dependencies
  /** D77: the passwords that end from today on, soon enough to be told. */
  const soon = (): Period => ({ from: italianDay(now()), to: italianDay(now() + PASSWORD_WITHIN_DAYS * DAY_MS) })
  return {
    overview: (dominioId) => {
      const oggi = italianDay(now())
      const waiting = (kind: 'password' | 'richieste' | 'documenti'): number =>
        store.count({ kind, dominioId, from: null, to: null })
      return {
        oggi,
        // The last day is a day of service (D37).
        scadute: store.count({ kind: 'caselle', dominioId, from: null, to: italianDay(now() - DAY_MS) }),
        mesi: store.months({ dominioId, from: oggi, to: null }),
        password: waiting('password'),
        passwordInScadenza: store.count({ kind: 'password_in_scadenza', dominioId, ...soon() }),
        richieste: waiting('richieste'),
        documenti: waiting('documenti'),
      }
    },
    list: ({ offset, limit, ...asked }) => {
      const selection = asked.kind === 'password_in_scadenza' ? { ...asked, ...soon() } : asked
      return { total: store.count(selection), offset, rows: store.rows(selection, offset, limit) }
    },
    ics: (dominioId, period) => {
      const days = store.days({ dominioId, ...period }, NAMED)
      const text = icsOf(
        days.map(({ giorno, n, indirizzi }) => ({
          uid: `scadenze-${giorno}-${dominioId ?? 'tutti'}@${archiveId}.sportello-lra`,
          giorno,
          titolo: n === 1 ? '1 casella PEC in scadenza' : `${n} caselle PEC in scadenza`,
          testo: [...indirizzi, ...(n > indirizzi.length ? [`e altre ${n - indirizzi.length}`] : [])].join('\n'),
        })),
        now(),
      )
      return {
        nomeFile: `scadenze-caselle-${italianDay(now())}.ics`,
        mime: 'text/calendar;charset=utf-8',
        base64: Buffer.from(text, 'utf8').toString('base64'),
        count: days.reduce((sum, { n }) => sum + n, 0),
      }
    },
  }
}
