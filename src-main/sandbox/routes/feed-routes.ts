import { Readable, pipeline } from 'node:stream'
import { createGzip } from 'node:zlib'
import { z } from 'zod'
import {
  AnyChangesPage,
  AnyResourceType,
  AnySnapshotLine,
  anyResourceTypes,
  resourceTypes,
} from '../../provider-contract/feed.ts'
import { principalOf } from '../auth/authenticate.ts'
import { scopeIdOf } from '../auth/sessions.ts'
import type { SandboxContext } from '../context.ts'
import { expired } from '../feed/cursors.ts'
import { snapshotChunks } from '../feed/snapshot.ts'
import { acceptsGzip } from '../http/gzip-answers.ts'
import { ProblemError } from '../http/problem-error.ts'
import type { FeedRow } from '../store/resource-store.ts'
import { problemAnswer } from './answers.ts'
import type { TypedApp } from './typed-app.ts'

const types = z
  .string()
  .max(200)
  .optional()
  .describe(`Tipi separati da virgole (${anyResourceTypes.join(', ')}); senza, i sette di ogni client`)
const ChangesQuery = z.object({
  types,
  cursor: z.string().max(500).optional().describe('Senza, dall’inizio del registro delle modifiche'),
  limit: z.coerce.number().int().min(1).max(1000).default(500),
})
const SnapshotQuery = z.object({
  types,
  mark: z
    .string()
    .max(500)
    .optional()
    .describe('Riprende una copia interrotta dopo questo segno; con gli stessi types'),
})

export function addFeedRoutes(app: TypedApp, context: SandboxContext): void {
  const { store, cursors } = context
  const tags = ['feed']

  app.get(
    '/changes',
    { schema: { tags, querystring: ChangesQuery, response: { 200: AnyChangesPage, ...problemAnswer } } },
    (request) => {
      const principal = principalOf(request)
      const { cursor, limit, types } = request.query
      const scope = scopeIdOf(principal)
      const after = cursor === undefined ? 0 : cursors.readFeed(scope, cursor)
      if (after < store.meta.feedStart()) throw expired()
      const found = store.resources.changes(principal, { after, limit: limit + 1, types: typesOf(types) })
      const page = found.slice(0, limit)
      const more = found.length > limit
      // Without more, the cursor passes over what this operator does not see.
      const seq = more ? (page.at(-1)?.seq ?? after) : Math.max(after, store.resources.lastSeq())
      return { items: page.map(itemOf), nextCursor: cursors.feed(scope, seq), more }
    },
  )

  app.get(
    '/snapshot',
    {
      schema: {
        tags,
        querystring: SnapshotQuery,
        response: {
          200: {
            description: 'Una riga JSON per elemento',
            content: { 'application/x-ndjson': { schema: AnySnapshotLine } },
          },
          ...problemAnswer,
        },
      },
    },
    (request, reply) => {
      const principal = principalOf(request)
      const given = request.query.mark
      const asked = typesOf(request.query.types)
      const mark = given === undefined ? undefined : cursors.readMark(scopeIdOf(principal), given)
      if (mark !== undefined && !asked.includes(mark.type)) throw new ProblemError('invalid_cursor')
      if (mark !== undefined && mark.seq < store.meta.feedStart()) throw expired()
      const source = Readable.from(snapshotChunks(store.resources, cursors, principal, mark, asked), {
        highWaterMark: 1,
      })
      void reply.header('content-type', 'application/x-ndjson').header('vary', 'accept-encoding')
      if (!acceptsGzip(request.headers['accept-encoding'])) return reply.send(source)
      void reply.header('content-encoding', 'gzip')
      // The fastest level: a higher one makes the copy a tenth smaller and twice as slow.
      const gzip = createGzip({ level: 1 })
      // A client that goes away ends both streams; there is nobody left to answer.
      pipeline(source, gzip, () => undefined)
      return reply.send(gzip)
    },
  )
}

function typesOf(text: string | undefined): readonly AnyResourceType[] {
  if (text === undefined || text === '') return resourceTypes
  const parsed = z.array(AnyResourceType).safeParse(text.split(','))
  if (parsed.success) return parsed.data
  throw new ProblemError('invalid_request', { errors: [{ pointer: '/types', code: 'invalid_value' }] })
}

/** The answer's schema checks what the store holds. */
function itemOf({ type, id, version, data }: FeedRow) {
  if (data === null) return { type, op: 'delete', id, version }
  return { type, op: 'upsert', id, version, data: JSON.parse(data) as unknown }
}
