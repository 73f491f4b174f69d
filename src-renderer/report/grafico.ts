/** What a chart and its table show: one value of each series for each category. */
export interface Grafico {
  tipo: 'barre' | 'linee'
  categorie: readonly string[]
  serie: readonly { nome: string; valori: readonly number[] }[]
}

/** A month (`2026-11`) as `11/2026`; any other category as it is. */
export function categoriaScritta(categoria: string): string {
  return categoria.replace(/^(\d{4})-(\d\d)$/, '$2/$1')
}
