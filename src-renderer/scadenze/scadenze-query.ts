import type { LocationQuery } from 'vue-router'
import type { z } from 'zod'
import { ScadenzaKind } from '../../src-main/contract/scadenza.ts'

/** `YYYY-MM`. */
export type Month = `${number}-${number}`
const Waiting = ScadenzaKind.exclude(['caselle'])
/** What the screen shows: what waits for somebody, what has expired, what will, or what will in a month. */
export type ScadenzePeriod = z.infer<typeof Waiting> | 'scadute' | 'tutte' | Month

export interface ScadenzeQuery {
  period: ScadenzePeriod
  dominioId: string | null
}

const isMonth = (text: string): text is Month => /^\d{4}-(?:0[1-9]|1[0-2])$/.test(text)
const one = (value: LocationQuery[string] | undefined): string => (Array.isArray(value) ? value[0] : value) ?? ''

/** An address may be typed or old: what it does not say, or says wrongly, is left at its default. */
export function parseScadenze(query: LocationQuery): ScadenzeQuery {
  const said = one(query['periodo'])
  const waiting = Waiting.safeParse(said)
  const period = waiting.success ? waiting.data : said === 'scadute' || isMonth(said) ? said : 'tutte'
  return { period, dominioId: one(query['dominio']) || null }
}

/** The shortest address that says the same. */
export function scadenzeAddress({ period, dominioId }: ScadenzeQuery): Record<string, string> {
  return {
    ...(period === 'tutte' ? {} : { periodo: period }),
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
  { period, dominioId }: ScadenzeQuery,
  today: string,
): { kind: ScadenzaKind; from: string | null; to: string | null; dominioId: string | null } {
  switch (period) {
    case 'password':
    case 'password_in_scadenza':
    case 'richieste':
    case 'documenti':
      return { kind: period, from: null, to: null, dominioId }
    case 'scadute': {
      const [year, month, day] = partsOf(today)
      return { kind: 'caselle', from: null, to: dayOf(year, month, day - 1), dominioId }
    }
    case 'tutte':
      return { kind: 'caselle', from: today, to: null, dominioId }
    default: {
      const [year, month] = partsOf(period)
      const first = dayOf(year, month, 1)
      return {
        kind: 'caselle',
        from: first < today ? today : first,
        to: dayOf(year, month + 1, 0),
        dominioId,
      }
    }
  }
}
