import type { LocationQuery } from 'vue-router'
import { TitolariFilters, TitolariSort, type TitolariFilterField } from '../../src-main/contract/titolare.ts'

/** What the list shows, as it stands in the address: `?cerca=rossi&telefono=0971&ordine=-nome`. */
export interface TitolariQuery {
  search: string
  filters: TitolariFilters
  sort: TitolariSort
  descending: boolean
}

/** D19, in the order of the panel. */
export const filterFields: readonly TitolariFilterField[] = TitolariFilters.keyof().options

export const noFilters: TitolariFilters = TitolariFilters.parse({})
export const emptyQuery: TitolariQuery = { search: '', filters: noFilters, sort: 'cognome', descending: false }

function text(value: LocationQuery[string] | undefined): string {
  const one = Array.isArray(value) ? value[0] : value
  return (one ?? '').slice(0, 200)
}

/** An address may be typed or old: what it does not say, or says wrongly, is left at its default. */
export function parseQuery(query: LocationQuery): TitolariQuery {
  const order = text(query['ordine'])
  const sort = TitolariSort.safeParse(order.replace(/^-/, ''))
  return {
    search: text(query['cerca']),
    filters: TitolariFilters.parse(Object.fromEntries(filterFields.map((field) => [field, text(query[field])]))),
    sort: sort.success ? sort.data : emptyQuery.sort,
    descending: sort.success && order.startsWith('-'),
  }
}

/** The filters that ask for something. */
export function setFilters({ filters }: Pick<TitolariQuery, 'filters'>): TitolariFilterField[] {
  return filterFields.filter((field) => filters[field].trim() !== '')
}

/** The shortest address that says the same. */
export function queryOf(query: TitolariQuery): Record<string, string> {
  const order = `${query.descending ? '-' : ''}${query.sort}`
  return {
    ...(query.search.trim() === '' ? {} : { cerca: query.search.trim() }),
    ...Object.fromEntries(setFilters(query).map((field) => [field, query.filters[field].trim()])),
    ...(order === emptyQuery.sort ? {} : { ordine: order }),
  }
}

export function isFiltered(query: TitolariQuery): boolean {
  return query.search.trim() !== '' || setFilters(query).length > 0
}
