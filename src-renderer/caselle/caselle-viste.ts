import type { Vista } from '../../src-main/contract/vista.ts'
import { type CaselleQuery, emptyQuery, queryOf } from './caselle-query.ts'

/** The views that are always there (ui.md). */
export const builtInViste = {
  tutte: emptyQuery,
  attesa: { ...emptyQuery, stato: 'in_attesa' },
  scadenza: { ...emptyQuery, scadenza: '60', sort: 'scadenza' },
  password: { ...emptyQuery, stato: 'password_in_scadenza', sort: 'passwordScadeIl' },
  piene: { ...emptyQuery, piene: '90', sort: 'usatoMb', descending: true },
} as const satisfies Record<string, CaselleQuery>
export type BuiltInVista = keyof typeof builtInViste
export const builtInNames = Object.keys(builtInViste) as BuiltInVista[]

export function queryOfVista({ filtro, sort, descending }: Vista): CaselleQuery {
  return { ...filtro, sort, descending }
}

const said = (query: CaselleQuery): string => JSON.stringify(queryOf(query))

/** Those that are always there stay on the domain that the operator works on (D14). */
export function builtInVista(name: BuiltInVista, dominioId: string | null): CaselleQuery {
  return { ...builtInViste[name], dominioId }
}

/** Which view shows what the list shows: its name, or the id of the operator's own; empty for none. */
export function currentVista(query: CaselleQuery, own: readonly Vista[], dominioId: string | null = null): string {
  const mine = own.find((vista) => said(queryOfVista(vista)) === said(query))
  return mine?.id ?? builtInNames.find((name) => said(builtInVista(name, dominioId)) === said(query)) ?? ''
}
