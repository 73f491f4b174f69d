import type { ConteggiLotto, FiltroRighe } from '../../src-main/contract/lotto.ts'

/** How many rows a filter shows. */
export function countOf(conteggi: ConteggiLotto, filtro: FiltroRighe): number {
  switch (filtro) {
    case 'tutti':
      return conteggi.totale
    case 'da_decidere':
      return conteggi.daDecidere
    case 'pronti':
      return conteggi.pronte
    case 'non_validi':
      return conteggi.nonValide
    case 'scartati':
      return conteggi.scartate
    case 'inviati':
      return conteggi.inviate
    case 'in_lettura':
      return conteggi.inArrivo + conteggi.daLeggere
  }
}
