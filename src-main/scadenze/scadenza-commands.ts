import { PASSWORD_WITHIN_DAYS } from '../contract/casella.ts'
import type { ExportedFile } from '../contract/archive.ts'
import {
  IDENTITY_WITHIN_MONTHS,
  type ScadenzaDayKind,
  type ScadenzeIcsRequest,
  type ScadenzeList,
  type ScadenzeListRequest,
  type ScadenzeOverview,
} from '../contract/scadenza.ts'
import { icsOf } from '../export/ics.ts'
import { italianDay } from '../export/italian-date.ts'
import type { Period, ScadenzaStore } from './scadenza-store.ts'

/** As many names as a calendar entry holds; the rest is a number. */
const NAMED = 100
const DAY_MS = 86_400_000

/** What an entry of the calendar says of a kind, and what tells it from the same day's other entries. */
const entries: Record<ScadenzaDayKind, { one: string; many: string; uid: string }> = {
  caselle: { one: 'casella PEC in scadenza', many: 'caselle PEC in scadenza', uid: 'scadenze' },
  password_in_scadenza: {
    one: 'password di casella in scadenza',
    many: 'password di caselle in scadenza',
    uid: 'password',
  },
  identita: {
    one: 'documento di identità in scadenza',
    many: 'documenti di identità in scadenza',
    uid: 'identita',
  },
}

export interface ScadenzaCommands {
  /** How many identity documents hold no more, of holders with a casella in life (D61). */
  identitaScadute(): number
  overview(dominioId: string | null): ScadenzeOverview
  /** Where no day is given, `password_in_scadenza` are those of the next PASSWORD_WITHIN_DAYS (D77). */
  list(request: ScadenzeListRequest): ScadenzeList
  /** RFC 5545: one entry a day and kind, with those whose last day it is. It names people: the screen says so before. */
  ics(request: ScadenzeIcsRequest): ExportedFile
}

export function scadenzaCommands(dependencies: {
  store: ScadenzaStore
  /** Milliseconds since the epoch. */
  now(): number
  /** Tells this archive's entries from another's in the same calendar. */
  archiveId: string
}): ScadenzaCommands {
  const { store, now, archiveId } = dependencies
  const today = (): string => italianDay(now())
  /** D77: the passwords that end from today on, soon enough to be told. */
  const soon = (): Period => ({ from: today(), to: italianDay(now() + PASSWORD_WITHIN_DAYS * DAY_MS) })
  /** From today on, as far as the calendar of a kind looks. */
  const ahead = (kind: ScadenzaDayKind): Period => {
    const [year = 0, month = 0] = today().split('-').map(Number)
    const last = new Date(Date.UTC(year, month - 1 + IDENTITY_WITHIN_MONTHS, 0)).toISOString().slice(0, 10)
    return { from: today(), to: kind === 'identita' ? last : null }
  }
  // The last day is a day of service (D37).
  const past = (): Period => ({ from: null, to: italianDay(now() - DAY_MS) })
  const identitaScadute = (dominioId: string | null): number => store.count({ kind: 'identita', dominioId, ...past() })
  return {
    identitaScadute: () => identitaScadute(null),
    overview: (dominioId) => {
      const waiting = (kind: 'password' | 'richieste' | 'documenti'): number =>
        store.count({ kind, dominioId, from: null, to: null })
      const months = (kind: ScadenzaDayKind): { mese: string; n: number }[] =>
        store.months({ kind, dominioId, ...ahead(kind) })
      return {
        oggi: today(),
        scadute: store.count({ kind: 'caselle', dominioId, ...past() }),
        mesi: {
          caselle: months('caselle'),
          password_in_scadenza: months('password_in_scadenza'),
          identita: months('identita'),
        },
        identitaScadute: identitaScadute(dominioId),
        password: waiting('password'),
        passwordInScadenza: store.count({ kind: 'password_in_scadenza', dominioId, ...soon() }),
        richieste: waiting('richieste'),
        documenti: waiting('documenti'),
      }
    },
    list: ({ offset, limit, ...asked }) => {
      const isOpen = asked.from === null && asked.to === null
      const selection = asked.kind === 'password_in_scadenza' && isOpen ? { ...asked, ...soon() } : asked
      return { total: store.count(selection), offset, rows: store.rows(selection, offset, limit) }
    },
    ics: ({ kinds, dominioId, ...period }) => {
      const days = [...new Set(kinds)].flatMap((kind) =>
        store
          .days({ kind, dominioId, ...period, to: period.to ?? ahead(kind).to }, NAMED)
          .map((day) => ({ ...day, ...entries[kind] })),
      )
      const text = icsOf(
        days.map(({ giorno, n, nomi, one, many, uid }) => ({
          uid: `${uid}-${giorno}-${dominioId ?? 'tutti'}@${archiveId}.sportello-lra`,
          giorno,
          titolo: `${n} ${n === 1 ? one : many}`,
          testo: [...nomi, ...(n > nomi.length ? [`e altri ${n - nomi.length}`] : [])].join('\n'),
        })),
        now(),
      )
      return {
        nomeFile: `scadenze-${today()}.ics`,
        mime: 'text/calendar;charset=utf-8',
        base64: Buffer.from(text, 'utf8').toString('base64'),
        count: days.reduce((sum, { n }) => sum + n, 0),
      }
    },
  }
}
