const day = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Rome' })

/** The day in Europe/Rome (`YYYY-MM-DD`) of a moment in milliseconds since the epoch. */
export function romeToday(now: number): string {
  return day.format(now)
}
