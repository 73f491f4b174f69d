import type { LocationQuery } from 'vue-router'
import { CasellaSort, StatoCasella } from '../../src-main/contract/casella.ts'

/** What the list shows, as it stands in the address: `?cerca=rossi&dominio=ID&stato=attiva&ordine=-scadenza`. */
export interface CaselleQuery {
  search: string
  dominioId: string | null
  stato: StatoCasella | null
  titolareId: string | null
  sort: CasellaSort
  descending: boolean
}

export const emptyQuery: CaselleQuery = {
  search: '',
  dominioId: null,
  stato: null,
  titolareId: null,
  sort: 'indirizzo',
  descending: false,
}

function text(value: LocationQuery[string] | undefined): string {
  const one = Array.isArray(value) ? value[0] : value
  return one ?? ''
}

/** An address may be typed or old: what it does not say, or says wrongly, is left at its default. */
export function parseQuery(query: LocationQuery): CaselleQuery {
  const order = text(query['ordine'])
  const sort = CasellaSort.safeParse(order.replace(/^-/, ''))
  const stato = StatoCasella.safeParse(text(query['stato']))
  return {
    search: text(query['cerca']).slice(0, 200),
    dominioId: text(query['dominio']) || null,
    stato: stato.success ? stato.data : null,
    titolareId: text(query['titolare']) || null,
    sort: sort.success ? sort.data : 'indirizzo',
    descending: sort.success && order.startsWith('-'),
  }
}

/** The shortest address that says the same. */
export function queryOf(query: CaselleQuery): Record<string, string> {
  const order = `${query.descending ? '-' : ''}${query.sort}`
  return {
    ...(query.search.trim() === '' ? {} : { cerca: query.search }),
    ...(query.dominioId === null ? {} : { dominio: query.dominioId }),
    ...(query.stato === null ? {} : { stato: query.stato }),
    ...(query.titolareId === null ? {} : { titolare: query.titolareId }),
    ...(order === 'indirizzo' ? {} : { ordine: order }),
  }
}

export function isFiltered(query: CaselleQuery): boolean {
  return query.search.trim() !== '' || query.dominioId !== null || query.stato !== null || query.titolareId !== null
}
