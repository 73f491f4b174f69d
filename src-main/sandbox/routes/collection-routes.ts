import { z } from 'zod'
import { Casella } from '../../provider-contract/casella.ts'
import { Documento } from '../../provider-contract/documento.ts'
import { Assistente, Dominio } from '../../provider-contract/dominio.ts'
import { Ente } from '../../provider-contract/ente.ts'
import { News } from '../../provider-contract/news.ts'
import { Nota } from '../../provider-contract/nota.ts'
import { Operation } from '../../provider-contract/operation.ts'
import { PageQuery, pageOf } from '../../provider-contract/page.ts'
import { etagOf } from '../../provider-contract/scalar.ts'
import { Faq, Messaggio, Segnalazione } from '../../provider-contract/segnalazione.ts'
import { Storico } from '../../provider-contract/storico.ts'
import { Attivita, Indirizzo, Titolare } from '../../provider-contract/titolare.ts'
import { principalOf } from '../auth/authenticate.ts'
import { readingScope } from '../auth/reading-scope.ts'
import { type Principal, scopeIdOf } from '../auth/sessions.ts'
import type { SandboxContext } from '../context.ts'
import { FilterError, parseFilter } from '../filter/filter-parser.ts'
import { EVERYONE, type RowType, type Visibility } from '../store/resource-store.ts'
import { FilterTypeError, type SqlCondition, filterFields, filterSql } from '../store/filter-sql.ts'
import { isKnown } from '../http/conditional.ts'
import { ProblemError } from '../http/problem-error.ts'
import { IdParams, ReadHeaders, notModified, problemAnswer } from './answers.ts'
import { readPage } from './read-page.ts'
import type { TypedApp } from './typed-app.ts'

export const paths = {
  dominio: '/domini',
  assistente: '/assistenti',
  titolare: '/titolari',
  indirizzo: '/indirizzi',
  attivita: '/attivita',
  casella: '/caselle',
  documento: '/documenti',
  ente: '/enti',
  nota: '/note',
  storico: '/storico',
  segnalazione: '/segnalazioni',
  messaggio: '/messaggi',
  operation: '/operations',
  faq: '/faq',
  news: '/news',
} as const satisfies Record<RowType, string>

/** The same for all. */
const everyone: Visibility = { enteId: EVERYONE, assistenteId: null }

/** Reading of every collection: pages with a filter, and one resource with its ETag. */
export function addCollectionRoutes(app: TypedApp, context: SandboxContext): void {
  addCollection(app, context, 'dominio', Dominio)
  addCollection(app, context, 'assistente', Assistente)
  addCollection(app, context, 'titolare', Titolare)
  addCollection(app, context, 'indirizzo', Indirizzo)
  addCollection(app, context, 'attivita', Attivita)
  addCollection(app, context, 'casella', Casella)
  addCollection(app, context, 'documento', Documento)
  addCollection(app, context, 'ente', Ente)
  addCollection(app, context, 'nota', Nota)
  addCollection(app, context, 'storico', Storico)
  addCollection(app, context, 'segnalazione', Segnalazione)
  addCollection(app, context, 'messaggio', Messaggio)
  addCollection(app, context, 'operation', Operation)
  addCollection(app, context, 'faq', Faq)
  addCollection(app, context, 'news', News)
}

function addCollection(app: TypedApp, context: SandboxContext, type: RowType, schema: z.ZodObject): void {
  const { store, cursors } = context
  const fields = filterFields(schema)
  const tags = [paths[type].slice(1)]
  const isCommon = type === 'faq' || type === 'news'
  const scopeOf = (principal: Principal): Visibility => (isCommon ? everyone : readingScope(context, principal, type))

  app.get(
    paths[type],
    { schema: { tags, querystring: PageQuery, response: { 200: pageOf(schema), ...problemAnswer } } },
    (request) => {
      const principal = principalOf(request)
      const { limit, filter = '', cursor } = request.query
      const scope = scopeIdOf(principal)
      const after = cursor === undefined ? '' : cursors.readList(scope, type, filter, cursor)
      const condition = filter === '' ? undefined : conditionOf(filter, type, fields)
      const { items, reached } = readPage(store.resources, scopeOf(principal), type, {
        after,
        limit,
        filter: condition,
      })
      return { items, nextCursor: reached === undefined ? null : cursors.list(scope, type, filter, reached) }
    },
  )

  app.get(
    `${paths[type]}/:id`,
    {
      schema: {
        tags,
        params: IdParams,
        headers: ReadHeaders,
        response: { 200: schema, 304: notModified, ...problemAnswer },
      },
    },
    (request, reply) => {
      const resource = store.resources.get(scopeOf(principalOf(request)), type, request.params.id)
      if (resource === undefined) throw new ProblemError('not_found')
      const etag = etagOf(resource.version)
      void reply.header('etag', etag)
      return isKnown(request.headers['if-none-match'], etag) ? reply.code(304).send() : reply.send(resource)
    },
  )
}

/** Throws invalid_request naming where the filter is wrong. */
export function conditionOf(filter: string, type: RowType, fields: ReturnType<typeof filterFields>): SqlCondition {
  try {
    return filterSql(parseFilter(filter), type, fields)
  } catch (error) {
    if (error instanceof FilterError) throw refused({ position: error.position })
    if (error instanceof FilterTypeError) throw refused({ field: error.field })
    throw error
  }
}

function refused(params: Record<string, string | number>): ProblemError {
  const errors = [{ pointer: '/filter', code: 'invalid_filter', params }]
  return new ProblemError('invalid_request', { detail: 'Il filtro non è leggibile.', errors })
}
