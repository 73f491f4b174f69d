import { z } from 'zod'
import { CommandError } from '../command-error.ts'
import { Lettura, letture, type DettaglioRequest, type LetturaRequest } from '../contract/report.ts'
import { pageOf } from '../provider-contract/page.ts'
import { RigaCasella } from '../provider-contract/report.ts'
import { errorOfKnownProvider } from '../provider/login-error.ts'
import type { ProviderSession } from '../provider/provider-session.ts'
import type { ReportStore } from './report-store.ts'

/** Readings that are kept, the newest. */
const MOST_KEPT = 200
const DETAIL_ROWS = 200
const TIMEOUT_MS = 15_000

/** What only the provider knows: asked where it can be reached, and kept with the moment of the reading. */
export interface LetturaCommands {
  /**
   * Throws CommandError where the provider refuses, or answers what is not the contract's; where it cannot be reached
   * only if nothing was kept.
   */
  leggi(richiesta: LetturaRequest, chiedi: boolean): Promise<Lettura>
  /** D95. Throws CommandError of whatever failed. */
  dettaglio(request: DettaglioRequest): Promise<{ righe: RigaCasella[]; cursor: string | null }>
}

function queryOf(values: Record<string, string | null>): string {
  const given = Object.entries(values).filter((entry): entry is [string, string] => entry[1] !== null)
  return given.length === 0 ? '' : `?${new URLSearchParams(given).toString()}`
}

/** The path of a reading; it is also the key under which it is kept. Pure. */
export function pathOf(richiesta: LetturaRequest): string {
  switch (richiesta.che) {
    case 'generali':
    case 'assistenti':
    case 'enti':
    case 'mesi':
      return `/reports/${richiesta.che}${queryOf({ from: richiesta.from, to: richiesta.to })}`
    case 'sla':
      return `/sla${queryOf({ from: richiesta.from, to: richiesta.to })}`
    case 'costi':
      return `/costs${queryOf({ semestre: richiesta.semestre })}`
    case 'news':
      return '/news?limit=100'
  }
}

/** The SCIM condition of a detail; no value of it is typed by a person. Pure. */
export function filterOf({ enteId, assistenteId, tipologia }: DettaglioRequest): string | null {
  const equal = (field: string, value: string): string => `${field} eq ${JSON.stringify(value)}`
  const parts = [
    ...(enteId === null ? [] : [equal('enteId', enteId)]),
    ...(assistenteId === null || assistenteId === '' ? [] : [equal('assistenteId', assistenteId)]),
    ...(tipologia === null ? [] : [equal('tipologia', tipologia)]),
  ]
  return parts.length === 0 ? null : parts.join(' and ')
}

export function letturaCommands(dependencies: {
  store: ReportStore
  session: ProviderSession
  isOffline(): boolean
  /** ISO 8601. */
  now(): string
}): LetturaCommands {
  const { store, session, isOffline, now } = dependencies

  async function ask(path: string): Promise<unknown> {
    const result = await session.send({ method: 'GET', path, timeoutMs: TIMEOUT_MS })
    if (result.kind !== 'answer' || result.status !== 200 || result.problem !== null) throw errorOfKnownProvider(result)
    return result.body
  }
  const told = <T>(schema: z.ZodType<T>, body: unknown): T => {
    const parsed = schema.safeParse(body)
    if (!parsed.success) throw new CommandError('provider_not_contract', 'the report does not fit the contract')
    return parsed.data
  }

  return {
    leggi: async (richiesta, chiedi) => {
      const { che } = richiesta
      const path = pathOf(richiesta)
      const kept = (): Lettura => {
        const row = store.lettura(path)
        const dati = row === undefined ? null : letture[che].safeParse(JSON.parse(row.corpo))
        const lettura =
          row === undefined || dati?.success !== true
            ? { letta: null, fresca: false, dati: null }
            : { letta: row.letta, fresca: false, dati: dati.data }
        return Lettura.parse({ che, lettura })
      }
      if (!chiedi || isOffline()) return kept()
      let body: unknown
      try {
        body = await ask(path)
      } catch (error) {
        const known = kept()
        if (known.lettura.dati === null) throw error
        return known
      }
      const dati = told<unknown>(letture[che], body)
      const letta = now()
      store.writeLettura(path, letta, JSON.stringify(dati), MOST_KEPT)
      return Lettura.parse({ che, lettura: { letta, fresca: true, dati } })
    },
    dettaglio: async (request) => {
      const { from, to, cursor } = request
      const query = queryOf({ from, to, cursor, limit: String(DETAIL_ROWS), filter: filterOf(request) })
      const { items, nextCursor } = told(pageOf(RigaCasella), await ask(`/reports/caselle${query}`))
      // The grammar of the filter has no null: those of no assistente are told apart here.
      const righe = request.assistenteId === '' ? items.filter(({ assistenteId }) => assistenteId === null) : items
      return { righe, cursor: nextCursor }
    },
  }
}
