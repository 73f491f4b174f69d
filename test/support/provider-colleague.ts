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
  /** Makes holders one with the one at the path (D28). */
  merge(path: string, body: object): Promise<Row>
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
  const row = async (path: string): Promise<Row> => Row.parse(await (await get(path)).json())
  /** `on`: the row on whose present version it is written. */
  const send = async (method: string, path: string, body?: object, on?: string): Promise<unknown> => {
    const answer = await fetch(`${url}${path}`, {
      method,
      headers: {
        authorization,
        ...(on === undefined ? {} : { 'if-match': `"v${(await row(on)).version ?? 0}"` }),
        'idempotency-key': crypto.randomUUID(),
        'content-type': method === 'PATCH' ? 'application/merge-patch+json' : 'application/json',
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await answer.text()
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`)
    return text === '' ? null : JSON.parse(text)
  }
  return {
    row,
    merge: async (path, body) => Row.parse(await send('POST', `${path}/fusione`, body, path)),
    write: async (method, path, body) =>
      Row.nullable().parse(await send(method, path, body, method === 'POST' ? undefined : path)),
    casella: async (id) => Casella.parse(await row(`/caselle/${id}`)),
    patch: async (id, changes) => Casella.parse(await send('PATCH', `/caselle/${id}`, changes, `/caselle/${id}`)),
    remove: async (id) => {
      await send('DELETE', `/caselle/${id}`, undefined, `/caselle/${id}`)
    },
    list: async (path) => Items.parse(await row(path)).items,
    page: async (path) => CasellePage.parse(await row(path)),
    bytes: async (path) => Buffer.from(await (await get(path)).arrayBuffer()),
  }
}
