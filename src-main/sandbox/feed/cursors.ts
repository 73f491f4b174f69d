import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import { z } from 'zod'
import { AnyResourceType } from '../../provider-contract/feed.ts'
import { ProblemError } from '../http/problem-error.ts'

const Payload = z.discriminatedUnion('kind', [
  /** A place of the change feed. */
  z.object({ kind: z.literal('feed'), scope: z.string(), seq: z.number() }),
  /** A place of a snapshot, and the feed cursor with which it began. */
  z.object({
    kind: z.literal('part'),
    scope: z.string(),
    seq: z.number(),
    type: AnyResourceType,
    after: z.string(),
    rows: z.number(),
  }),
  /** A place of a filtered collection. */
  z.object({ kind: z.literal('list'), scope: z.string(), type: z.string(), filter: z.string(), after: z.string() }),
])
type Payload = z.infer<typeof Payload>

export interface Mark {
  seq: number
  type: AnyResourceType
  after: string
  rows: number
}

/**
 * Cursors and marks: signed, so that nobody makes one up, and good for one installation and one scope.
 * Reading throws invalid_cursor (400), or cursor_expired (410) for another installation or scope.
 */
export interface Cursors {
  feed(scope: string, seq: number): string
  readFeed(scope: string, cursor: string): number
  mark(scope: string, mark: Mark): string
  readMark(scope: string, mark: string): Mark
  list(scope: string, type: string, filter: string, after: string): string
  readList(scope: string, type: string, filter: string, cursor: string): string
}

export function createCursors(installation: string, key: Buffer): Cursors {
  const signature = (text: string) => createHmac('sha256', key).update(text).digest().subarray(0, 16)

  /** A filter may be longer than a cursor is allowed to be. */
  const digest = (filter: string) => createHash('sha256').update(filter).digest('base64url').slice(0, 16)

  const write = (payload: Payload) => {
    const text = `${installation}.${Buffer.from(JSON.stringify(payload)).toString('base64url')}`
    return `${text}.${signature(text).toString('base64url')}`
  }

  const read = (cursor: string): Payload => {
    const [owner = '', body = '', sign = '', ...rest] = cursor.split('.')
    if (!/^[0-9a-f]{24}$/.test(owner) || rest.length > 0) throw new ProblemError('invalid_cursor')
    if (owner !== installation) throw expired()
    const given = Buffer.from(sign, 'base64url')
    const right = signature(`${owner}.${body}`)
    if (given.length !== right.length || !timingSafeEqual(given, right)) throw new ProblemError('invalid_cursor')
    // Signed, but perhaps by an earlier version, whose snapshots had another order.
    const payload = Payload.safeParse(JSON.parse(Buffer.from(body, 'base64url').toString()))
    if (!payload.success) throw new ProblemError('invalid_cursor')
    return payload.data
  }

  return {
    feed: (scope, seq) => write({ kind: 'feed', scope, seq }),
    readFeed: (scope, cursor) => {
      const payload = read(cursor)
      if (payload.kind !== 'feed') throw new ProblemError('invalid_cursor')
      if (payload.scope !== scope) throw expired()
      return payload.seq
    },
    mark: (scope, mark) => write({ kind: 'part', scope, ...mark }),
    readMark: (scope, mark) => {
      const payload = read(mark)
      if (payload.kind !== 'part') throw new ProblemError('invalid_cursor')
      if (payload.scope !== scope) throw expired()
      return payload
    },
    list: (scope, type, filter, after) => write({ kind: 'list', scope, type, filter: digest(filter), after }),
    readList: (scope, type, filter, cursor) => {
      const payload = read(cursor)
      const isHere = payload.kind === 'list' && payload.type === type && payload.filter === digest(filter)
      if (!isHere) throw new ProblemError('invalid_cursor')
      if (payload.scope !== scope) throw expired()
      return payload.after
    },
  }
}

export function expired(): ProblemError {
  return new ProblemError('cursor_expired', { detail: 'Occorre ripartire da una nuova copia completa (snapshot).' })
}
