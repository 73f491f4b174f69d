/** D110: the help desk works from 9 to 13 and from 15 to 19, Monday to Friday, Italian time; not on Italian holidays. */
const SHIFTS = [
  [9, 13],
  [15, 19],
] as const
const CLOSING_HOUR = 19
const DAY_MS = 86_400_000
const HOUR_MS = 3_600_000

/** `MM-DD` of the holidays of the whole country (L. 260/1949). */
const fixed = ['01-01', '01-06', '04-25', '05-01', '06-02', '08-15', '11-01', '12-08', '12-25', '12-26']
/** 4 October is one again from 2026 on (L. 151/2025). */
const SAN_FRANCESCO = { day: '10-04', from: 2026 }

const day = (at: number): string => new Date(at).toISOString().slice(0, 10)

/** Easter Sunday (`YYYY-MM-DD`), by the Gregorian computus. */
export function pasqua(year: number): string {
  const a = year % 19
  const b = Math.floor(year / 100)
  const c = year % 100
  const h = (19 * a + b - Math.floor(b / 4) - Math.floor((b - Math.floor((b + 8) / 25) + 1) / 3) + 15) % 30
  const l = (32 + 2 * (b % 4) + 2 * Math.floor(c / 4) - h - (c % 4)) % 7
  const m = Math.floor((a + 11 * h + 22 * l) / 451)
  const month = Math.floor((h + l - 7 * m + 114) / 31)
  return day(Date.UTC(year, month - 1, ((h + l - 7 * m + 114) % 31) + 1))
}

/** Whether the desk works on a day (`YYYY-MM-DD`). */
export function isWorkingDay(of: string): boolean {
  const at = Date.parse(`${of}T00:00:00Z`)
  const weekday = new Date(at).getUTCDay()
  if (weekday === 0 || weekday === 6 || fixed.includes(of.slice(5))) return false
  const year = Number(of.slice(0, 4))
  if (of.slice(5) === SAN_FRANCESCO.day && year >= SAN_FRANCESCO.from) return false
  return of !== day(Date.parse(pasqua(year)) + DAY_MS)
}

const rome = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Rome' })
const romeHour = new Intl.DateTimeFormat('en-GB', { timeZone: 'Europe/Rome', hour: '2-digit', hourCycle: 'h23' })

/** The instant (ms) of a whole hour of a day in Italy; no shift stands where the clocks move. */
function instantOf(of: string, hour: number): number {
  const winter = Date.parse(`${of}T${String(hour).padStart(2, '0')}:00:00+01:00`)
  return Number(romeHour.format(winter)) === hour ? winter : winter - HOUR_MS
}

/** The closing of the desk on the day on which it takes a request at the latest: what comes later waits for the next working day. */
export function takenBy(at: Date): Date {
  let of = rome.format(at)
  if (at.getTime() >= instantOf(of, CLOSING_HOUR)) of = day(Date.parse(of) + DAY_MS)
  while (!isWorkingDay(of)) of = day(Date.parse(of) + DAY_MS)
  return new Date(instantOf(of, CLOSING_HOUR))
}

/** Minutes of work of the desk between two instants (ISO 8601); none when they are the other way round. */
export function deskMinutes(from: string, to: string): number {
  const [begin, end] = [Date.parse(from), Date.parse(to)]
  let worked = 0
  for (let of = rome.format(begin); of <= rome.format(end); of = day(Date.parse(of) + DAY_MS)) {
    if (!isWorkingDay(of)) continue
    for (const [opens, closes] of SHIFTS)
      worked += Math.max(0, Math.min(end, instantOf(of, closes)) - Math.max(begin, instantOf(of, opens)))
  }
  return Math.round(worked / 60_000)
}
