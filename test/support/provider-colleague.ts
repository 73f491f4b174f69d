import { z } from 'zod'
import { Casella } from '../../src-main/provider-contract/casella.ts'
import { pageOf } from '../../src-main/provider-contract/page.ts'
import { Session } from '../../src-main/provider-contract/session.ts'
import { demoUsers } from '../../src-main/sandbox/demo-users.ts'

const Items = z.object({ items: z.array(z.unknown()) })
const CasellePage = pageOf(Casella)

/** Somebody else at the same provider, over plain HTTP: what the tests compare with, and a source of surprises. */
export interface Colleague {
  casella(id: string): Promise<Casella>
  patch(id: string, changes: Record<string, unknown>): Promise<Casella>
  remove(id: string): Promise<void>
  list(path: string): Promise<unknown[]>
  /** One page of caselle. */
  page(path: string): Promise<{ items: Casella[]; nextCursor: string | null }>
  bytes(path: string): Promise<Buffer>
  /** Any row, by its path. */
  row(path: string): Promise<Row>
  /** Any write, on the row's present version where it changes one. Answers the body, null where there is none. */
  write(method: 'POST' | 'PATCH' | 'PUT' | 'DELETE', path: string, body?: object): Promise<Row | null>
}

const Row = z.looseObject({ id: z.string().optional(), version: z.number().optional() })
export type Row = z.infer<typeof Row>

export async function colleague(url: string, user: keyof typeof demoUsers = 'collega'): Promise<Colleague> {
  const { password, user: name } = demoUsers[user]
  const opened = await fetch(`${url}/sessions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ user: name, password }),
  })
  const authorization = `Bearer ${Session.parse(await opened.json()).accessToken}`
  const get = async (path: string): Promise<Response> => {
    const answer = await fetch(`${url}${path}`, { headers: { authorization } })
    if (!answer.ok) throw new Error(`${path}: ${answer.status}`)
    return answer
  }
  const casella = async (id: string): Promise<Casella> => Casella.parse(await (await get(`/caselle/${id}`)).json())
  const write = async (method: string, id: string, body: string | null): Promise<Response> => {
    const { version } = await casella(id)
    const answer = await fetch(`${url}/caselle/${id}`, {
      method,
      headers: {
        authorization,
        'if-match': `"v${version}"`,
        'idempotency-key': crypto.randomUUID(),
        ...(body === null ? {} : { 'content-type': 'application/merge-patch+json' }),
      },
      body,
    })
    if (!answer.ok) throw new Error(`${method} ${id}: ${answer.status} ${await answer.text()}`)
    return answer
  }
  const row = async (path: string): Promise<Row> => Row.parse(await (await get(path)).json())
  return {
    row,
    write: async (method, path, body) => {
      const ifMatch = method === 'POST' ? {} : { 'if-match': `"v${(await row(path)).version ?? 0}"` }
      const answer = await fetch(`${url}${path}`, {
        method,
        headers: {
          authorization,
          ...ifMatch,
          'idempotency-key': crypto.randomUUID(),
          'content-type': method === 'PATCH' ? 'application/merge-patch+json' : 'application/json',
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
      const text = await answer.text()
      if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`)
      return text === '' ? null : Row.parse(JSON.parse(text))
    },
    casella,
    patch: async (id, changes) => Casella.parse(await (await write('PATCH', id, JSON.stringify(changes))).json()),
    remove: async (id) => {
      await write('DELETE', id, null)
    },
    list: async (path) => {
      const body: unknown = await (await get(path)).json()
      return Items.parse(body).items
    },
    page: async (path) => CasellePage.parse(await (await get(path)).json()),
    bytes: async (path) => Buffer.from(await (await get(path)).arrayBuffer()),
  }
}
