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

/** `gg/mm/aaaa` in Italy of an ISO instant; empty for null (D44). */
export function italianDate(instant: string | null): string {
  return instant === null ? '' : day.format(new Date(instant))
}

/** `gg/mm/aaaa, hh:mm` in Italy of an ISO instant. */
export function italianMoment(instant: string): string {
  return moment.format(new Date(instant))
}
