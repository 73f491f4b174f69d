import type { AssistenteRow, DominioRow } from '../contract/titolare.ts'
import type { DominioStore } from './dominio-store.ts'

type Counts = Pick<DominioRow, 'caselle' | 'attivate' | 'inAttesa' | 'eliminate'>
interface Stores {
  domini: Pick<DominioStore, 'domini' | 'assistenti'>
  caselle: { countsBy(column: 'dominio_id' | 'assistente_id'): ReadonlyMap<string, Counts> }
}
const none: Counts = { caselle: 0, attivate: 0, inAttesa: 0, eliminate: 0 }

/** D16: the domains, each with how many caselle it has. */
export function dominioRows({ domini, caselle }: Stores): DominioRow[] {
  const counts = caselle.countsBy('dominio_id')
  return domini.domini().map((dominio) => ({ ...dominio, ...(counts.get(dominio.id) ?? none) }))
}

/** D17. */
export function assistenteRows({ domini, caselle }: Stores): AssistenteRow[] {
  const counts = caselle.countsBy('assistente_id')
  return domini.assistenti().map((assistente) => ({ ...assistente, ...(counts.get(assistente.id) ?? none) }))
}
