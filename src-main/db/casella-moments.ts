/** What the provider's row of a casella tells of its months, in the order in which `momentsOf` takes it. */
export const momentNames = ['inserita', 'attivata', 'scadenza', 'ciclo', 'updatedAt'] as const

export const eventi = ['inserita', 'attivata', 'cessata'] as const

/** The months (`YYYY-MM`) in Italy of what happened to a casella, and the days from its entering to its activation. */
export type Moments = Record<(typeof eventi)[number], string | null> & { giorni: number | null }

const HOUR = 3_600_000
const DAY = 24 * HOUR

/** Two hours ahead from March to September: no month ends on the day on which the clocks move. */
function monthOf(instant: string): string {
  // The hours matter on the last day of a month alone.
  if (instant.slice(8, 10) < '28') return instant.slice(0, 7)
  const month = Number(instant.slice(5, 7))
  const ahead = month >= 3 && month <= 9 ? 2 * HOUR : HOUR
  return new Date(Date.parse(instant) + ahead).toISOString().slice(0, 7)
}

const dayOf = (instant: string): number => Date.parse(instant.slice(0, 10))

/**
 * The same as the triggers of `casella-sums.ts` reckon row by row, for a first counting of all of them: instants are in UTC,
 * as the contract has them. Pure.
 */
export function momentsOf(values: readonly (string | null)[]): Moments {
  const [inserita = null, attivata = null, scadenza = null, ciclo = null, updatedAt = null] = values
  const last = scadenza === null ? null : scadenza.slice(0, 7)
  const deleted = ciclo === 'eliminata' && updatedAt !== null ? monthOf(updatedAt) : null
  const ended = deleted === null || (last !== null && last < deleted) ? last : deleted
  return {
    inserita: inserita === null ? null : monthOf(inserita),
    attivata: attivata === null ? null : monthOf(attivata),
    cessata: attivata === null ? null : ended,
    giorni: attivata === null || inserita === null ? null : Math.round((dayOf(attivata) - dayOf(inserita)) / DAY),
  }
}
