const day = new Intl.DateTimeFormat('it-IT', {
  timeZone: 'Europe/Rome',
  day: '2-digit',
  month: '2-digit',
  year: 'numeric',
})
const moment = new Intl.DateTimeFormat('it-IT', {
  timeZone: 'Europe/Rome',
  day: '2-digit',
  month: '2-digit',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
})

/** `YYYY-MM-DD` in Italy of an instant in milliseconds since the epoch. */
export function italianDay(ms: number): string {
  const [giorno = '', mese = '', anno = ''] = day.format(ms).split('/')
  return `${anno}-${mese}-${giorno}`
}

/** Days by the hour of UTC that they were asked for: Italy's clocks differ from it by whole hours. */
const daysOfHours = new Map<string, string>()
const MOST_HOURS = 50_000

/** `gg/mm/aaaa` in Italy of an ISO instant, or of a day; empty for null (D44). */
export function italianDate(instant: string | null): string {
  if (instant === null) return ''
  if (!instant.endsWith('Z') && instant.length !== 10) return day.format(new Date(instant))
  const hour = instant.slice(0, 13)
  const known = daysOfHours.get(hour)
  if (known !== undefined) return known
  const written = day.format(new Date(instant))
  if (daysOfHours.size >= MOST_HOURS) daysOfHours.clear()
  daysOfHours.set(hour, written)
  return written
}

/** `gg/mm/aaaa, hh:mm` in Italy of an ISO instant. */
export function italianMoment(instant: string): string {
  return moment.format(new Date(instant))
}
