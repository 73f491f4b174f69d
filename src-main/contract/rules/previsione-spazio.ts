/** A reading of used space on a day (`YYYY-MM-DD`). */
export interface PuntoSpazio {
  giorno: string
  usatoMb: number
}

/**
 * When a casella fills, by the straight line through its readings. `presto` and `tardi` are where the line would reach
 * the quota with a growth two standard errors faster or slower (`tardi` null: perhaps never). `piena`: it is full now.
 */
export type PrevisioneSpazio =
  | { esito: 'storia_breve' | 'non_cresce' }
  | { esito: 'piena' }
  | { esito: 'si_riempie'; mbAlMese: number; giorno: string; presto: string; tardi: string | null }

/** A line needs so many readings, over so many days. */
export const MIN_PUNTI = 4
export const MIN_GIORNI = 21
const DAY_MS = 86_400_000
const MONTH_DAYS = 30.4
/** Beyond this nothing is foretold. */
const HORIZON_DAYS = 3650

/** Least squares over `punti`, the oldest first. Pure. */
export function previsioneSpazio(punti: readonly PuntoSpazio[], quotaMb: number): PrevisioneSpazio {
  const first = punti[0]
  const last = punti[punti.length - 1]
  if (first === undefined || last === undefined) return { esito: 'storia_breve' }
  if (last.usatoMb >= quotaMb) return { esito: 'piena' }
  const x = punti.map(({ giorno }) => (Date.parse(giorno) - Date.parse(first.giorno)) / DAY_MS)
  const span = x[x.length - 1] ?? 0
  if (punti.length < MIN_PUNTI || span < MIN_GIORNI) return { esito: 'storia_breve' }
  const n = punti.length
  const meanX = x.reduce((sum, each) => sum + each, 0) / n
  const meanY = punti.reduce((sum, { usatoMb }) => sum + usatoMb, 0) / n
  let sxx = 0
  let sxy = 0
  for (const [index, { usatoMb }] of punti.entries()) {
    const dx = (x[index] ?? 0) - meanX
    sxx += dx * dx
    sxy += dx * (usatoMb - meanY)
  }
  const slope = sxy / sxx
  const residuals = punti.reduce((sum, { usatoMb }, index) => {
    const off = usatoMb - (meanY + slope * ((x[index] ?? 0) - meanX))
    return sum + off * off
  }, 0)
  const error = Math.sqrt(residuals / (n - 2) / sxx)
  const daysAt = (growth: number): number => (quotaMb - last.usatoMb) / growth
  if (slope <= 0 || daysAt(slope) > HORIZON_DAYS) return { esito: 'non_cresce' }
  const dayAt = (growth: number): string =>
    new Date(Date.parse(last.giorno) + Math.ceil(daysAt(growth)) * DAY_MS).toISOString().slice(0, 10)
  const slow = slope - 2 * error
  return {
    esito: 'si_riempie',
    mbAlMese: Math.round(slope * MONTH_DAYS),
    giorno: dayAt(slope),
    presto: dayAt(slope + 2 * error),
    tardi: slow > 0 && daysAt(slow) <= HORIZON_DAYS ? dayAt(slow) : null,
  }
}

/** How many of those that fill are shown. */
const MOST_FILLING = 50

/** Those that fill or are full, the soonest first. Pure. */
export function siRiempiono<S extends { punti: readonly PuntoSpazio[]; quotaMb: number }>(
  spazio: readonly S[],
): (S & { previsione: Extract<PrevisioneSpazio, { esito: 'si_riempie' | 'piena' }> })[] {
  const day = (previsione: PrevisioneSpazio): string => (previsione.esito === 'si_riempie' ? previsione.giorno : '')
  return spazio
    .flatMap((each) => {
      const previsione = previsioneSpazio(each.punti, each.quotaMb)
      return previsione.esito === 'si_riempie' || previsione.esito === 'piena' ? [{ ...each, previsione }] : []
    })
    .sort((one, other) => day(one.previsione).localeCompare(day(other.previsione)))
    .slice(0, MOST_FILLING)
}
