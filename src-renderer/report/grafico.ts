/** What a chart and its table show: one value of each series for each category. */
export interface Grafico {
  tipo: 'barre' | 'linee'
  categorie: readonly string[]
  serie: readonly { nome: string; valori: readonly number[] }[]
}
