import { z } from 'zod'
import { Casella } from '../../provider-contract/casella.ts'
import { PageQuery, pageOf } from '../../provider-contract/page.ts'
import {
  Costi,
  ReportAssistenti,
  ReportEnti,
  ReportGenerale,
  ReportMesi,
  type RigaCasella,
  RigaCasella as RigaCasellaSchema,
  Sla,
  type Traffico,
} from '../../provider-contract/report.ts'
import { Day } from '../../provider-contract/scalar.ts'
import { principalOf } from '../auth/authenticate.ts'
import { readingScope } from '../auth/reading-scope.ts'
import { scopeIdOf } from '../auth/sessions.ts'
import type { SandboxContext } from '../context.ts'
import { ProblemError } from '../http/problem-error.ts'
import { conteggiOf, costiOf, semestreOf, slaOf } from '../rules/report-rules.ts'
import { filterFields } from '../store/filter-sql.ts'
import { type CasellaHistory, monthName, monthNumber } from '../store/history-store.ts'
import type { Months, TrafficGroup } from '../store/report-store.ts'
import { problemAnswer } from './answers.ts'
import { conditionOf } from './collection-routes.ts'
import { readPage } from './read-page.ts'
import type { TypedApp } from './typed-app.ts'

const DAY_MS = 86_400_000
const LONGEST_PERIOD_DAYS = 731
const EVERYTHING = 1_000_000
const MOST_MONTHS = 240

const PeriodQuery = z.object({
  from: Day.optional().describe('Primo giorno; senza, trenta giorni prima dell’ultimo'),
  to: Day.optional().describe('Ultimo giorno; senza, oggi'),
})
const MessagesQuery = z.object({
  from: Day.optional().describe('Il mese di questo giorno è il primo dei messaggi contati; senza, dall’inizio'),
  to: Day.optional().describe('Il mese di questo giorno è l’ultimo; senza, fino a oggi'),
})
const CasellePageQuery = PageQuery.extend(MessagesQuery.shape)
const CostiQuery = z.object({
  semestre: z
    .string()
    .regex(/^20\d\d-[12]$/)
    .optional()
    .describe('Anno e semestre, come 2026-1; senza, quello in corso'),
})

/** D15 to D18, D92 to D102: every figure is counted when it is asked for. */
export function addReportRoutes(app: TypedApp, context: SandboxContext): void {
  const { store, clock, capabilities } = context
  const tags = ['reports']
  const all = { after: '', limit: EVERYTHING }

  app.get(
    '/reports/generali',
    { schema: { tags, querystring: MessagesQuery, response: { 200: ReportGenerale, ...problemAnswer } } },
    (request): z.input<typeof ReportGenerale> => {
      const principal = principalOf(request)
      const groups = store.reports.groups(principal)
      const types = [...new Set(groups.map(({ tipologia }) => tipologia))].sort()
      return {
        calcolato: clock().toISOString(),
        domini: store.resources.list(principal, 'dominio', all).length,
        generali: conteggiOf(groups),
        gestioneDiretta: conteggiOf(groups.filter(({ assistenteId }) => assistenteId === null)),
        perTipologia: types.map((tipologia) => ({
          tipologia,
          ...conteggiOf(groups.filter((each) => each.tipologia === tipologia)),
        })),
        traffico: trafficoOf(store.reports.traffic(principal, monthsOf(request.query))),
      }
    },
  )

  app.get(
    '/reports/assistenti',
    { schema: { tags, querystring: MessagesQuery, response: { 200: ReportAssistenti, ...problemAnswer } } },
    (request): z.input<typeof ReportAssistenti> => {
      const principal = principalOf(request)
      const groups = store.reports.groups(principal)
      const traffic = store.reports.traffic(principal, monthsOf(request.query))
      const own = store.resources.list(principal, 'assistente', all)
      const direct = principal.assistenteId === null ? [{ id: null, codice: null, nome: null }] : []
      const righe = [...own, ...direct].map(({ id, codice, nome }) => {
        const theirs = groups.filter(({ assistenteId }) => assistenteId === id)
        const exchanged = trafficoOf(traffic.filter(({ assistenteId }) => assistenteId === id))
        return { assistenteId: id, codice, nome, ...conteggiOf(theirs), ...exchanged }
      })
      return { calcolato: clock().toISOString(), righe }
    },
  )

  app.get(
    '/reports/enti',
    { schema: { tags, querystring: MessagesQuery, response: { 200: ReportEnti, ...problemAnswer } } },
    (request): z.input<typeof ReportEnti> => {
      const principal = principalOf(request)
      if (principal.ruolo !== 'aggregatore') {
        throw new ProblemError('forbidden', { detail: 'Il report è del soggetto aggregatore.' })
      }
      const seen = readingScope(context, principal, 'casella')
      const groups = store.reports.groups(seen)
      const traffic = store.reports.traffic(seen, monthsOf(request.query))
      const domini = store.resources.list(readingScope(context, principal, 'dominio'), 'dominio', all)
      const joined = store.resources.list(readingScope(context, principal, 'ente'), 'ente', all)
      const enti = joined.map(({ id, nome, referente, adesione }) => {
        const theirs = groups.filter(({ enteId }) => enteId === id)
        const names = domini.filter(({ enteId }) => enteId === id).map((dominio) => dominio.nome)
        const exchanged = trafficoOf(traffic.filter(({ enteId }) => enteId === id))
        const figures = { ...conteggiOf(theirs), ...exchanged }
        return { enteId: id, nome, referente, adesione, domini: names, ...figures }
      })
      const figures = { ...conteggiOf(groups), ...trafficoOf(traffic) }
      const sintesi = { enti: enti.length, domini: domini.length, ...figures }
      return { calcolato: clock().toISOString(), sintesi, enti }
    },
  )

  app.get(
    '/reports/mesi',
    { schema: { tags, querystring: MessagesQuery, response: { 200: ReportMesi, ...problemAnswer } } },
    (request): z.input<typeof ReportMesi> => {
      const seen = readingScope(context, principalOf(request), 'casella')
      const mesi = store.reports.months(seen, monthsOf(request.query)).slice(-MOST_MONTHS)
      return {
        calcolato: clock().toISOString(),
        mesi: mesi.map(({ month, received, sent }) => ({ mese: monthName(month), msgIn: received, msgOut: sent })),
      }
    },
  )

  const fields = filterFields(Casella)
  const kind = 'report-caselle'
  app.get(
    '/reports/caselle',
    { schema: { tags, querystring: CasellePageQuery, response: { 200: pageOf(RigaCasellaSchema), ...problemAnswer } } },
    (request) => {
      const principal = principalOf(request)
      const { limit, filter = '', cursor } = request.query
      const scope = scopeIdOf(principal)
      const after = cursor === undefined ? '' : context.cursors.readList(scope, kind, filter, cursor)
      const condition = filter === '' ? undefined : conditionOf(filter, 'casella', fields)
      const seen = readingScope(context, principal, 'casella')
      const { items, reached } = readPage(store.resources, seen, 'casella', { after, limit, filter: condition })
      return {
        items: items.map((casella) => rigaOf(casella, store.history.of(casella.id), monthsOf(request.query))),
        nextCursor: reached === undefined ? null : context.cursors.list(scope, kind, filter, reached),
      }
    },
  )

  app.get(
    '/sla',
    { schema: { tags, querystring: PeriodQuery, response: { 200: Sla, ...problemAnswer } } },
    (request) => {
      const now = clock()
      const to = request.query.to ?? dayOf(now.getTime())
      const from = request.query.from ?? dayOf(Date.parse(to) - 30 * DAY_MS)
      const days = (Date.parse(to) - Date.parse(from)) / DAY_MS
      if (days < 0 || days > LONGEST_PERIOD_DAYS) {
        const errors = [{ pointer: '/to', code: 'invalid_period', params: { maxDays: LONGEST_PERIOD_DAYS } }]
        throw new ProblemError('invalid_request', { errors })
      }
      const segnalazioni = store.resources.list(principalOf(request), 'segnalazione', all)
      return slaOf({ from, to }, now, seedOf(store.meta.get('data')), segnalazioni)
    },
  )

  app.get(
    '/costs',
    { schema: { tags, querystring: CostiQuery, response: { 200: Costi, ...problemAnswer } } },
    (request) => {
      const principal = principalOf(request)
      if (principal.assistenteId !== null) {
        throw new ProblemError('forbidden', { detail: 'I costi sono dell’ente.' })
      }
      const today = dayOf(clock().getTime())
      const semestre = request.query.semestre ?? semestreOf(today)
      const inService = store.reports.inService(principal.enteId, semestre)
      const dedicati = store.resources.list(principal, 'dominio', all).filter(({ dedicato }) => dedicato).length
      const own = costiOf(semestre, today, inService, dedicati, capabilities)
      if (principal.ruolo !== 'aggregatore') return own
      const domini = store.resources.list(readingScope(context, principal, 'dominio'), 'dominio', all)
      const perEnte = store.resources
        .list(readingScope(context, principal, 'ente'), 'ente', all)
        .map(({ id, nome }) => {
          const theirs = store.reports.inService(id, semestre)
          const dominiDedicati = domini.filter(({ enteId, dedicato }) => enteId === id && dedicato).length
          const { totaleCent } = costiOf(semestre, today, theirs, dominiDedicati, capabilities)
          const caselle = theirs.reduce((sum, each) => sum + each.caselle, 0)
          return { enteId: id, nome, caselle, dominiDedicati, totaleCent }
        })
      return { ...own, perEnte }
    },
  )
}

function dayOf(time: number): string {
  return new Date(time).toISOString().slice(0, 10)
}

/** The seed with which the data were generated. */
function seedOf(data: string | undefined): number {
  const held = z
    .tuple([z.unknown(), z.unknown(), z.number()])
    .rest(z.unknown())
    .safeParse(JSON.parse(data ?? '[]'))
  return held.success ? held.data[2] : 0
}

/** The months of two days; without them, all. */
function monthsOf({ from, to }: z.output<typeof MessagesQuery>): Months {
  return {
    from: from === undefined ? 0 : monthNumber(from),
    to: to === undefined ? Number.MAX_SAFE_INTEGER : monthNumber(to),
  }
}

function trafficoOf(groups: readonly TrafficGroup[]): Traffico {
  const sum = (figure: (group: TrafficGroup) => number) => groups.reduce((total, group) => total + figure(group), 0)
  return {
    msgIn: sum(({ received }) => received),
    msgOut: sum(({ sent }) => sent),
    inboxMb: sum(({ usatoMb, archiveMb }) => usatoMb - archiveMb),
    archivioMb: sum(({ archiveMb }) => archiveMb),
  }
}

function rigaOf(casella: Casella, history: CasellaHistory | undefined, { from, to }: Months): RigaCasella {
  const { id, enteId, assistenteId, indirizzo, inserita, scadenza, tipologia, ciclo, contratto, sospesa } = casella
  const months = (history?.months ?? []).filter((_month, index) => {
    const month = (history?.firstMonth ?? 0) + index
    return month >= from && month <= to
  })
  const archivioMb = Math.min(history?.archiveMb ?? 0, casella.usatoMb)
  return {
    id,
    enteId,
    assistenteId,
    indirizzo,
    inserita,
    scadenza,
    tipologia,
    attiva: ciclo === 'attiva',
    cancellata: ciclo === 'eliminata',
    contratto,
    sospesa,
    msgIn: months.reduce((sum, { received }) => sum + received, 0),
    msgOut: months.reduce((sum, { sent }) => sum + sent, 0),
    inboxMb: casella.usatoMb - archivioMb,
    archivioMb,
  }
}
