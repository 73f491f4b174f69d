import type { LocationQuery } from 'vue-router'
import {
  CasellaSort,
  CaselleFilter,
  PieneFilter,
  ScadenzaFilter,
  StatoFilter,
} from '../../src-main/contract/casella.ts'
import { Richiesta } from '../../src-main/provider-contract/casella.ts'

/**
 * What the list shows, as it stands in the address: `?cerca=rossi&dominio=ID&stato=attiva&ordine=-scadenza`. Nothing at
 * all opens on the operator's domain (D14), so that the whole list is `?dominio=tutti`.
 */
export interface CaselleQuery extends CaselleFilter {
  sort: CasellaSort
  descending: boolean
}

export const emptyFilter: CaselleFilter = CaselleFilter.parse({})
export const emptyQuery: CaselleQuery = { ...emptyFilter, sort: 'indirizzo', descending: false }

/** The filters beside the words searched, in the order in which they are shown. */
export const filterNames = [
  'dominio',
  'stato',
  'richiesta',
  'inserita',
  'scadenza',
  'piene',
  'tipologia',
  'assistente',
  'titolare',
  'email',
  'inCoda',
] as const
export type FilterName = (typeof filterNames)[number]

/** In the address, for all domains. */
const EVERY_DOMINIO = 'tutti'

/** What takes each filter away. */
const cleared: Record<FilterName, Partial<CaselleFilter>> = {
  dominio: { dominioId: null },
  stato: { stato: null },
  richiesta: { richiesta: null },
  inserita: { inseritaDal: null, inseritaAl: null },
  scadenza: { scadenza: null },
  piene: { piene: null },
  tipologia: { tipologia: null },
  assistente: { assistenteId: null },
  titolare: { titolareId: null },
  email: { email: null },
  inCoda: { inCoda: false },
}

function text(value: LocationQuery[string] | undefined): string {
  const one = Array.isArray(value) ? value[0] : value
  return one ?? ''
}

/** An address may be typed or old: what it does not say, or says wrongly, is left at its default. */
export function parseQuery(query: LocationQuery): CaselleQuery {
  const order = text(query['ordine'])
  const sort = CasellaSort.safeParse(order.replace(/^-/, ''))
  const given = (key: string): string | null => text(query[key]) || null
  const every = text(query['dominio']) === EVERY_DOMINIO
  const read = <T>(schema: { safeParse(value: unknown): { data?: T | undefined } }, key: string): T | null =>
    schema.safeParse(given(key)).data ?? null
  const { inseritaDal, inseritaAl, dominioId, titolareId, tipologia, assistenteId, email } = CaselleFilter.shape
  return {
    search: text(query['cerca']).slice(0, 200),
    dominioId: every ? null : read(dominioId, 'dominio'),
    stato: read(StatoFilter, 'stato'),
    titolareId: read(titolareId, 'titolare'),
    richiesta: read(Richiesta, 'richiesta'),
    inseritaDal: read(inseritaDal, 'dal'),
    inseritaAl: read(inseritaAl, 'al'),
    tipologia: read(tipologia, 'tipologia'),
    assistenteId: read(assistenteId, 'assistente'),
    scadenza: read(ScadenzaFilter, 'scadenza'),
    piene: read(PieneFilter, 'piene'),
    email: read(email, 'email'),
    inCoda: given('coda') === 'si',
    sort: sort.success ? sort.data : 'indirizzo',
    descending: sort.success && order.startsWith('-'),
  }
}

/** The shortest address that says the same. */
export function queryOf(query: CaselleQuery): Record<string, string> {
  const order = `${query.descending ? '-' : ''}${query.sort}`
  const said: Record<string, string | null> = {
    cerca: query.search.trim() === '' ? null : query.search,
    dominio: query.dominioId,
    stato: query.stato,
    titolare: query.titolareId,
    richiesta: query.richiesta,
    dal: query.inseritaDal,
    al: query.inseritaAl,
    tipologia: query.tipologia,
    assistente: query.assistenteId,
    scadenza: query.scadenza,
    piene: query.piene,
    email: query.email,
    coda: query.inCoda ? 'si' : null,
    ordine: order === 'indirizzo' ? null : order,
  }
  const needed = Object.entries(said).filter((entry): entry is [string, string] => entry[1] !== null)
  return needed.length === 0 ? { dominio: EVERY_DOMINIO } : Object.fromEntries(needed)
}

/** The filters without the order: what a selection of all rows is a selection of. */
export function filterOf({ sort: _sort, descending: _descending, ...filter }: CaselleQuery): CaselleFilter {
  return filter
}

export function activeFilters(query: CaselleFilter): FilterName[] {
  return filterNames.filter((name) =>
    Object.keys(cleared[name]).some((field) => {
      const key = field as keyof CaselleFilter
      return query[key] !== emptyFilter[key]
    }),
  )
}

export function withoutFilter(query: CaselleQuery, name: FilterName): CaselleQuery {
  return { ...query, ...cleared[name] }
}

/** The query as one sees it who works on that domain: the domain is where they are, not a filter. */
export function within(query: CaselleQuery, dominioId: string | null): CaselleQuery {
  return query.dominioId === dominioId ? { ...query, dominioId: null } : query
}

export function isFiltered(query: CaselleFilter): boolean {
  return query.search.trim() !== '' || activeFilters(query).length > 0
}
