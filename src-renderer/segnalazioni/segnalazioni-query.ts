import type { LocationQuery } from 'vue-router'
import { z } from 'zod'
import { SegnalazioniRequest } from '../../src-main/contract/registro.ts'

/** What the list is narrowed to and sorted by, as the address says it. */
export const SegnalazioniQuery = SegnalazioniRequest.omit({ offset: true, limit: true })
export type SegnalazioniQuery = z.infer<typeof SegnalazioniQuery>

export const emptyQuery: SegnalazioniQuery = SegnalazioniQuery.parse({})

/** What differs from a list of all, for the address. */
export function queryOf(query: SegnalazioniQuery): Record<string, string> {
  return Object.fromEntries(
    Object.entries(query).flatMap(([key, value]) =>
      value === null || value === '' || value === emptyQuery[key as keyof SegnalazioniQuery]
        ? []
        : [[key, String(value)]],
    ),
  )
}

/** What an address says; a part that makes no sense is left out. */
export function parseQuery(given: LocationQuery): SegnalazioniQuery {
  const values = { ...given, nonLette: given['nonLette'] === 'true', decrescente: given['decrescente'] !== 'false' }
  const whole = SegnalazioniQuery.safeParse(values)
  return whole.success ? whole.data : emptyQuery
}

export function isNarrowed({ ordine: _order, decrescente: _down, ...rest }: SegnalazioniQuery): boolean {
  return Object.values(rest).some((value) => value !== null && value !== '' && value !== false)
}
