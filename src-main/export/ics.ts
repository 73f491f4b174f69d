/** An entry of a calendar that takes a whole day. */
export interface DayEntry {
  /** The same for the same thing at each export, so that a calendar replaces it. */
  uid: string
  /** `YYYY-MM-DD`. */
  giorno: string
  titolo: string
  testo: string
}

const MOST_OCTETS = 75
const escaped = (text: string): string => text.replace(/[\\;,]/g, '\\$&').replace(/\r?\n/g, '\\n')
const compact = (iso: string): string => iso.replace(/[-:]|\.\d+/g, '')

function dayAfter(giorno: string): string {
  const next = new Date(`${giorno}T00:00:00Z`)
  next.setUTCDate(next.getUTCDate() + 1)
  return next.toISOString().slice(0, 10)
}

/** RFC 5545, 3.1: no line longer than 75 octets, broken between characters. */
function folded(line: string): string {
  const lines: string[] = []
  let current = ''
  for (const character of line) {
    // What follows the first line begins with a space.
    const room = MOST_OCTETS - (lines.length === 0 ? 0 : 1)
    if (Buffer.byteLength(current + character) > room) {
      lines.push(current)
      current = ''
    }
    current += character
  }
  return [...lines, current].join('\r\n ')
}

/** An iCalendar file (RFC 5545) of whole days. `now`: when it is made, in milliseconds since the epoch. Pure. */
export function icsOf(entries: readonly DayEntry[], now: number): string {
  const stamp = compact(new Date(now).toISOString())
  const lines = [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//Sportello LRA//Scadenze//IT',
    'CALSCALE:GREGORIAN',
    ...entries.flatMap(({ uid, giorno, titolo, testo }) => [
      'BEGIN:VEVENT',
      `UID:${uid}`,
      `DTSTAMP:${stamp}`,
      `DTSTART;VALUE=DATE:${compact(giorno)}`,
      `DTEND;VALUE=DATE:${compact(dayAfter(giorno))}`,
      `SUMMARY:${escaped(titolo)}`,
      `DESCRIPTION:${escaped(testo)}`,
      'TRANSP:TRANSPARENT',
      'END:VEVENT',
    ]),
    'END:VCALENDAR',
  ]
  return `${lines.map(folded).join('\r\n')}\r\n`
}
