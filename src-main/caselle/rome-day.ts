const day = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Rome' })

/** The day in Europe/Rome (`YYYY-MM-DD`) of a moment in milliseconds since the epoch. */
export function romeDay(at: number): string {
  return day.format(at)
}

/** The day so many days after (`YYYY-MM-DD`). */
export function dayAfter(from: string, days: number): string {
  return new Date(Date.parse(from) + days * 86_400_000).toISOString().slice(0, 10)
}

/** The instant at which a day begins in Europe/Rome, one or two hours before it does in Greenwich. */
export function startOfDay(of: string): string {
  const summer = Date.parse(`${of}T00:00:00+02:00`)
  // Clocks move at night after the day has begun: what was the time then decides.
  return new Date(romeDay(summer) === of ? summer : summer + 3_600_000).toISOString()
}
