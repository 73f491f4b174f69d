import { createHash, randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { z } from 'zod'
import type { ProfileName } from '../../src-main/provider-contract/capabilities.ts'
import { PROBLEM_MEDIA_TYPE, Problem } from '../../src-main/provider-contract/problem.ts'
import { Session } from '../../src-main/provider-contract/session.ts'
import { demoUsers } from '../../src-main/sandbox/demo-users.ts'
import { totp, base32Bytes } from '../../src-main/sandbox/auth/totp.ts'
import { type Sandbox, startSandbox } from '../../src-main/sandbox/sandbox.ts'
import { openApiCheck } from './openapi-check.ts'
import { checkTotals } from './totals-check.ts'

export interface Answer {
  status: number
  headers: Headers
  text: string
}

export interface Client {
  session: Session
  send(
    method: string,
    path: string,
    options?: { headers?: Record<string, string>; body?: unknown; raw?: BodyInit },
  ): Promise<Answer>
  get(path: string, headers?: Record<string, string>): Promise<Answer>
  /** With a key of its own unless one is given. */
  post(path: string, body: unknown, key?: string): Promise<Answer>
  patch(path: string, etag: string | undefined, body: unknown, headers?: Record<string, string>): Promise<Answer>
}

export interface TestSandbox extends Sandbox {
  /** Moves the sandbox's clock, milliseconds. */
  advance(milliseconds: number): void
  as(user: keyof typeof demoUsers): Promise<Client>
  send(
    method: string,
    path: string,
    options?: { headers?: Record<string, string>; body?: unknown; raw?: BodyInit },
  ): Promise<Answer>
  folder: string
  remove(): Promise<void>
}

export const TEST_DAY = '2026-03-11T09:30:00.000Z'

export async function startTestSandbox(
  options: { caselle?: number; profile?: ProfileName; seed?: number; log?: (line: string) => void } = {},
): Promise<TestSandbox> {
  const folder = mkdtempSync(join(tmpdir(), 'sandbox-test-'))
  let now = Date.parse(TEST_DAY)
  const { caselle = 60, profile = 'toscana', seed = 7, log = () => undefined } = options
  const clock = () => new Date(now)
  const sandbox = await startSandbox({ port: 0, data: folder, caselle, seed, profile, clock, log })

  const openApi = await openApiCheck()

  const send: TestSandbox['send'] = async (method, path, { headers = {}, body, raw } = {}) => {
    const json = body === undefined ? {} : { 'content-type': 'application/json' }
    const sent = raw ?? (body === undefined ? null : JSON.stringify(body))
    const response = await fetch(sandbox.url + path, { method, headers: { ...json, ...headers }, body: sent })
    const answer = { status: response.status, headers: response.headers, text: await response.text() }
    const contentType = response.headers.get('content-type') ?? ''
    openApi.check(method, path, { status: answer.status, contentType, text: answer.text })
    return answer
  }

  const as: TestSandbox['as'] = async (name) => {
    const { user, password, ...rest } = demoUsers[name]
    const second = 'totpSecret' in rest ? { totp: totp(base32Bytes(rest.totpSecret), now) } : {}
    const session = read(await send('POST', '/sessions', { body: { user, password, ...second } }), Session, 201)
    const authorization = `Bearer ${session.accessToken}`
    const authorized: Client['send'] = (method, path, given = {}) =>
      send(method, path, { ...given, headers: { authorization, ...given.headers } })
    return {
      session,
      send: authorized,
      get: (path, headers = {}) => authorized('GET', path, { headers }),
      post: (path, body, key = randomUUID()) => authorized('POST', path, { body, headers: { 'idempotency-key': key } }),
      patch: (path, etag, body, headers = {}) =>
        authorized('PATCH', path, {
          body,
          headers: {
            'content-type': 'application/merge-patch+json',
            ...(etag === undefined ? {} : { 'if-match': etag }),
            ...headers,
          },
        }),
    }
  }

  return {
    ...sandbox,
    folder,
    send,
    as,
    advance: (milliseconds) => {
      now += milliseconds
    },
    remove: async () => {
      await sandbox.close()
      try {
        // D18: whatever was written, the figures are those of the rows.
        checkTotals(folder)
      } finally {
        rmSync(folder, { recursive: true, force: true })
      }
    },
  }
}

/** The body, after its status and its schema have been checked. */
export function read<T extends z.ZodType>(answer: Answer, schema: T, status = 200): z.output<T> {
  if (answer.status !== status) throw new Error(`${answer.status} instead of ${status}: ${answer.text.slice(0, 500)}`)
  return schema.parse(JSON.parse(answer.text))
}

/** The problem, after its media type, status and schema have been checked. */
export function readProblem(answer: Answer, status: number): Problem {
  const type = answer.headers.get('content-type') ?? ''
  if (!type.startsWith(PROBLEM_MEDIA_TYPE))
    throw new Error(`${answer.status} with ${type}: ${answer.text.slice(0, 300)}`)
  const problem = read(answer, Problem, status)
  if (problem.status !== status) throw new Error('the body has another status')
  return problem
}

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

/** The tus header of a file. */
export function uploadMetadata(filename: string, sum: string): string {
  const encode = (text: string) => Buffer.from(text).toString('base64')
  return `filename ${encode(filename)},filetype ${encode('application/pdf')},sha256 ${encode(sum)}`
}
