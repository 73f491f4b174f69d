import { checkCodiceFiscale, isFormallyValid, normaliseCodiceFiscale } from './codice-fiscale.ts'

/** What a codice fiscale of a person says of a birth (D.M. 23 December 1976). */
export interface Nascita {
  /** The code of the comune, or `Z` and a number for a country. */
  belfiore: string
  /** ISO 8601, a date; null where the two figures of the year admit no one year, or several, or the day does not exist. */
  data: string | null
}

const MONTHS = 'ABCDEHLMPRST'
/** Who may have a PEC in an own name, and may still be alive. */
const YOUNGEST = 18
const OLDEST = 105

/** Null for a code of an entity, and for one with a wrong check character, which says nothing. `year`: the present one. */
export function nascitaIn(raw: string, year: number): Nascita | null {
  if (!isFormallyValid(raw) || checkCodiceFiscale(raw) !== 'valid') return null
  const code = normaliseCodiceFiscale(raw)
  if (code.length !== 15) return null
  const figures = Number(code.slice(6, 8))
  const month = MONTHS.indexOf(code.charAt(8)) + 1
  const written = Number(code.slice(9, 11))
  const day = written > 40 ? written - 40 : written
  const years = [1900 + figures, 2000 + figures].filter((each) => year - each >= YOUNGEST && year - each <= OLDEST)
  const [born] = years
  const date = born === undefined || years.length > 1 ? null : new Date(Date.UTC(born, month - 1, day))
  const isReal = date !== null && date.getUTCMonth() === month - 1 && date.getUTCDate() === day
  return { belfiore: code.slice(11, 15), data: isReal ? date.toISOString().slice(0, 10) : null }
}
