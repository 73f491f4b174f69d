/** D110: the help desk works from 9 to 13 and from 15 to 19, Monday to Friday, Italian time. */
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

function inRome(at: Date): { day: string; hour: number; isWorking: boolean } {
  const parts = new Map(format.formatToParts(at).map(({ type, value }) => [type, value]))
  const weekday = parts.get('weekday') ?? ''
  return {
    day: `${parts.get('year') ?? ''}-${parts.get('month') ?? ''}-${parts.get('day') ?? ''}`,
    hour: Number(parts.get('hour')),
    isWorking: weekday !== 'Sat' && weekday !== 'Sun',
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
