/** D119: for how many months the law has a provider keep the logs of a casella. */
export const LOG_MONTHS = 30

/** The same day of another month (`YYYY-MM-DD`), or the last one where that month is shorter. */
export function monthsAfter(day: string, months: number): string {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number)
  const last = new Date(Date.UTC(year, month + months, 0)).getUTCDate()
  return new Date(Date.UTC(year, month - 1 + months, Math.min(date, last))).toISOString().slice(0, 10)
}

/** The oldest day whose logs are still surely kept. */
export function oldestKept(today: string, months: number): string {
  return monthsAfter(today, -months)
}

/** The last day on which an extract that ends with `al` can be asked: its logs are kept from the day they speak of. */
export function requestableUntil(al: string, months: number): string {
  return monthsAfter(al, months)
}

export interface EstrattoFacts {
  /** Days in Europe/Rome; of the period both are part. */
  dal: string
  al: string
  today: string
  /** For how long the provider keeps them, months. */
  months: number
  /** The first day on which the casella could have been used; null where that is not known. */
  from: string | null
  /** The day of the deletion; null for a casella that stands. */
  deleted: string | null
}

export type EstrattoProblem = {
  field: 'dal' | 'al'
  rule: 'order' | 'future' | 'log_gone' | 'before_activation' | 'after_deletion'
}

/** What is wrong with the period of an extract of the logs (D119); null where it can be asked. Pure. */
export function estrattoProblem({ dal, al, today, months, from, deleted }: EstrattoFacts): EstrattoProblem | null {
  if (al < dal) return { field: 'al', rule: 'order' }
  if (al > today) return { field: 'al', rule: 'future' }
  if (deleted !== null && dal > deleted) return { field: 'dal', rule: 'after_deletion' }
  if (dal < oldestKept(today, months)) return { field: 'dal', rule: 'log_gone' }
  if (from !== null && al < from) return { field: 'al', rule: 'before_activation' }
  return null
}
