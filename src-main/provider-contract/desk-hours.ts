/** D110: the help desk works from 9 to 13 and from 15 to 19, Monday to Friday but for Italian holidays, Italian time. */
const CLOSING_HOUR = 19
const DAY_MS = 86_400_000

const format = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'Europe/Rome',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  hourCycle: 'h23',
  weekday: 'short',
})

/** Holidays of the whole country that fall on the same day each year (law 260/1949 as amended). */
const FIXED = ['01-01', '01-06', '04-25', '05-01', '06-02', '08-15', '11-01', '12-08', '12-25', '12-26'] as const

/** Easter Sunday of a year by the Gregorian reckoning, as `MM-DD` of the Monday after it. */
function easterMonday(year: number): string {
  const a = year % 19
  const b = Math.floor(year / 100)
  const c = year % 100
  const e = b % 4
  const h = (19 * a + b - Math.floor(b / 4) - Math.floor((b - Math.floor((b + 8) / 25) + 1) / 3) + 15) % 30
  const l = (32 + 2 * e + 2 * Math.floor(c / 4) - h - (c % 4)) % 7
  const m = Math.floor((a + 11 * h + 22 * l) / 451)
  const sunday = h + l - 7 * m + 114
  const easter = Date.UTC(year, Math.floor(sunday / 31) - 1, (sunday % 31) + 1)
  return new Date(easter + DAY_MS).toISOString().slice(5, 10)
}

/** Whether a day (`YYYY-MM-DD`) is a holiday of the whole country, Easter Monday included. */
export function isItalianHoliday(day: string): boolean {
  const inYear = day.slice(5)
  return FIXED.some((fixed) => fixed === inYear) || inYear === easterMonday(Number(day.slice(0, 4)))
}

function inRome(at: Date): { day: string; hour: number; isWorking: boolean } {
  const parts = new Map(format.formatToParts(at).map(({ type, value }) => [type, value]))
  const weekday = parts.get('weekday') ?? ''
  const day = `${parts.get('year') ?? ''}-${parts.get('month') ?? ''}-${parts.get('day') ?? ''}`
  return {
    day,
    hour: Number(parts.get('hour')),
    isWorking: weekday !== 'Sat' && weekday !== 'Sun' && !isItalianHoliday(day),
  }
}

/** The closing of the desk on the day on which it takes a request at the latest: what comes later waits for the next working day. */
export function takenBy(at: Date): Date {
  let day = at
  if (inRome(at).hour >= CLOSING_HOUR) day = new Date(at.getTime() + DAY_MS)
  while (!inRome(day).isWorking) day = new Date(day.getTime() + DAY_MS)
  const local = `${inRome(day).day}T${CLOSING_HOUR}:00:00`
  const winter = new Date(`${local}+01:00`)
  return inRome(winter).hour === CLOSING_HOUR ? winter : new Date(`${local}+02:00`)
}
