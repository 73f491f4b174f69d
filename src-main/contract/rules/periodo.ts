/** What a report is of: a month (`2026-11`), a half-year (`2026-s2`), a year (`2026`), or days (`2026-01-10..2026-02-09`). */
export type Periodo =
  | { tipo: 'mese'; mese: string }
  | { tipo: 'semestre'; anno: number; meta: 1 | 2 }
  | { tipo: 'anno'; anno: number }
  | { tipo: 'giorni'; from: string; to: string }

const DAY_MS = 86_400_000
const isDay = (text: string): boolean => {
  const at = Date.parse(`${text}T00:00:00Z`)
  return /^20\d\d-\d\d-\d\d$/.test(text) && !Number.isNaN(at) && new Date(at).toISOString().startsWith(text)
}
const dayOf = (year: number, month: number, day: number): string =>
  new Date(Date.UTC(year, month - 1, day)).toISOString().slice(0, 10)

/** An address may be typed or old: what it does not say, or says wrongly, is the half-year of `today`. */
export function parsePeriodo(text: string, today: string): Periodo {
  const anno = Number(text.slice(0, 4))
  if (/^20\d\d$/.test(text)) return { tipo: 'anno', anno }
  if (/^20\d\d-s[12]$/.test(text)) return { tipo: 'semestre', anno, meta: text.endsWith('1') ? 1 : 2 }
  if (/^20\d\d-(?:0[1-9]|1[0-2])$/.test(text)) return { tipo: 'mese', mese: text }
  const [from = '', to = ''] = text.split('..')
  if (isDay(from) && isDay(to) && from <= to) return { tipo: 'giorni', from, to }
  return { tipo: 'semestre', anno: Number(today.slice(0, 4)), meta: Number(today.slice(5, 7)) <= 6 ? 1 : 2 }
}

export function writePeriodo(periodo: Periodo): string {
  switch (periodo.tipo) {
    case 'mese':
      return periodo.mese
    case 'semestre':
      return `${periodo.anno}-s${periodo.meta}`
    case 'anno':
      return String(periodo.anno)
    case 'giorni':
      return `${periodo.from}..${periodo.to}`
  }
}

/** The first and the last day, both included. */
export function giorniDi(periodo: Periodo): { from: string; to: string } {
  switch (periodo.tipo) {
    case 'mese': {
      const [year = 0, month = 1] = periodo.mese.split('-').map(Number)
      return { from: dayOf(year, month, 1), to: dayOf(year, month + 1, 0) }
    }
    case 'semestre': {
      const first = periodo.meta === 1 ? 1 : 7
      return { from: dayOf(periodo.anno, first, 1), to: dayOf(periodo.anno, first + 6, 0) }
    }
    case 'anno':
      return { from: `${periodo.anno}-01-01`, to: `${periodo.anno}-12-31` }
    case 'giorni':
      return { from: periodo.from, to: periodo.to }
  }
}

/** The one of the same kind just before it; of days, as many of them. */
export function periodoPrima(periodo: Periodo): Periodo {
  switch (periodo.tipo) {
    case 'mese': {
      const [year = 0, month = 1] = periodo.mese.split('-').map(Number)
      return { tipo: 'mese', mese: dayOf(year, month - 1, 1).slice(0, 7) }
    }
    case 'semestre':
      return periodo.meta === 2 ? { ...periodo, meta: 1 } : { tipo: 'semestre', anno: periodo.anno - 1, meta: 2 }
    case 'anno':
      return { tipo: 'anno', anno: periodo.anno - 1 }
    case 'giorni': {
      const [from, to] = [Date.parse(periodo.from), Date.parse(periodo.to)]
      const day = (at: number): string => new Date(at).toISOString().slice(0, 10)
      return { tipo: 'giorni', from: day(from - (to - from) - DAY_MS), to: day(from - DAY_MS) }
    }
  }
}
