/** How many caselle, and of these how many in each part of their life (D18). */
export interface CaselleSums {
  caselle: number
  attivate: number
  inAttesa: number
  eliminate: number
}

export function sumsOf(rows: readonly CaselleSums[]): CaselleSums {
  const sum = (key: keyof CaselleSums): number => rows.reduce((before, row) => before + row[key], 0)
  return { caselle: sum('caselle'), attivate: sum('attivate'), inAttesa: sum('inAttesa'), eliminate: sum('eliminate') }
}
