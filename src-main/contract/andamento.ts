import type { EventoCasella, GruppoMese } from './report.ts'

/** So many months (`YYYY-MM`) in a row, the last that of a day. */
export function mesiFinoA(giorno: string, count: number): string[] {
  const [year = 0, month = 1] = giorno.split('-').map(Number)
  return Array.from({ length: count }, (_, n) =>
    new Date(Date.UTC(year, month - count + n, 1)).toISOString().slice(0, 7),
  )
}

/** In the months that have a day in the period. */
export function eventiNel(
  mesi: readonly GruppoMese[],
  evento: EventoCasella,
  { from, to }: { from: string; to: string },
): number {
  return mesi
    .filter((each) => each.evento === evento && each.mese >= from.slice(0, 7) && each.mese <= to.slice(0, 7))
    .reduce((sum, { caselle }) => sum + caselle, 0)
}

/** In service at the end of each month: activated until then and not ended. */
export function attiveAllaFine(eventi: readonly GruppoMese[], mesi: readonly string[]): number[] {
  return mesi.map((mese) =>
    eventi
      .filter((each) => each.mese <= mese && each.evento !== 'inserita')
      .reduce((sum, { evento, caselle }) => sum + (evento === 'attivata' ? caselle : -caselle), 0),
  )
}
