import type { LocationQuery } from 'vue-router'
import type { z } from 'zod'
import { IDENTITY_WITHIN_MONTHS, ScadenzaDayKind, ScadenzaKind } from '../../src-main/contract/scadenza.ts'

/** `YYYY-MM`. */
export type Month = `${number}-${number}`
const Waiting = ScadenzaKind.exclude(['caselle', 'identita'])
/** What the screen shows: what waits for somebody, what has expired, what will, or what will in a month. */
export type ScadenzePeriod = z.infer<typeof Waiting> | 'scadute' | 'identita_scadute' | 'tutte' | Month

export interface ScadenzeQuery {
  period: ScadenzePeriod
  /** Of what the months are. */
  che: ScadenzaDayKind
  dominioId: string | null
}

export const isMonth = (text: string): text is Month => /^\d{4}-(?:0[1-9]|1[0-2])$/.test(text)
const one = (value: LocationQuery[string] | undefined): string => (Array.isArray(value) ? value[0] : value) ?? ''

/** An address may be typed or old: what it does not say, or says wrongly, is left at its default. */
export function parseScadenze(query: LocationQuery): ScadenzeQuery {
  const said = one(query['periodo'])
  const waiting = Waiting.safeParse(said)
  const isKnown = said === 'scadute' || said === 'identita_scadute' || isMonth(said)
  const period = waiting.success ? waiting.data : isKnown ? said : 'tutte'
  const che = ScadenzaDayKind.safeParse(one(query['che'])).data ?? 'caselle'
  return { period, che, dominioId: one(query['dominio']) || null }
}

/** The shortest address that says the same. */
export function scadenzeAddress({ period, che, dominioId }: ScadenzeQuery): Record<string, string> {
  return {
    ...(period === 'tutte' ? {} : { periodo: period }),
    ...(che === 'caselle' ? {} : { che }),
    ...(dominioId === null ? {} : { dominio: dominioId }),
  }
}

/** `YYYY-MM-DD`; the day and the month may be one too many or too few. */
function dayOf(year: number, month: number, day: number): string {
  return new Date(Date.UTC(year, month - 1, day)).toISOString().slice(0, 10)
}
function partsOf(iso: string): [year: number, month: number, day: number] {
  const [year = 0, month = 0, day = 0] = iso.split('-').map(Number)
  return [year, month, day]
}

/** The rows of a period, as the core is asked for them. `today`: `YYYY-MM-DD`. */
export function selectionOf(
  { period, che, dominioId }: ScadenzeQuery,
  today: string,
): { kind: ScadenzaKind; from: string | null; to: string | null; dominioId: string | null } {
  const [year, month, day] = partsOf(today)
  switch (period) {
    case 'password':
    case 'password_in_scadenza':
    case 'richieste':
    case 'documenti':
      return { kind: period, from: null, to: null, dominioId }
    case 'scadute':
    case 'identita_scadute': {
      const kind = period === 'scadute' ? 'caselle' : 'identita'
      return { kind, from: null, to: dayOf(year, month, day - 1), dominioId }
    }
    case 'tutte': {
      const to = che === 'identita' ? dayOf(year, month + IDENTITY_WITHIN_MONTHS, 0) : null
      return { kind: che, from: today, to, dominioId }
    }
    default: {
      const [itsYear, itsMonth] = partsOf(period)
      const first = dayOf(itsYear, itsMonth, 1)
      return {
        kind: che,
        from: first < today ? today : first,
        to: dayOf(itsYear, itsMonth + 1, 0),
        dominioId,
      }
    }
  }
}
