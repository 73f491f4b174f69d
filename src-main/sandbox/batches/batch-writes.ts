import type { FastifyInstance, FastifyReply, FastifyRequest, RouteHandlerMethod, RouteOptions } from 'fastify'
import { validatorCompiler } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { BatchItem, BatchItemResult } from '../../provider-contract/batch.ts'
import { bodyDigest } from '../http/body-digest.ts'
import { ProblemError, problemBody } from '../http/problem-error.ts'

interface Write {
  method: string
  path: RegExp
  names: string[]
  params: z.ZodType | undefined
  body: z.ZodType | undefined
  handler: RouteHandlerMethod
}

/** The writes that a batch may hold: the routes with `config.batch`, whose handlers are answerWrite alone. */
export interface BatchWrites {
  /** One item, at once, in the transaction of the caller, under its own key or else under `fallbackKey`. */
  run(batch: FastifyRequest, fallbackKey: string, index: number, item: BatchItem): BatchItemResult
}

const SchemaOf = z.object({
  params: z.instanceof(z.ZodType).optional(),
  body: z.instanceof(z.ZodType).optional(),
})

/** Must be called before the routes are added. */
export function collectBatchWrites(app: FastifyInstance): BatchWrites {
  const writes: Write[] = []
  app.addHook('onRoute', ({ url, method, config, schema, handler }: RouteOptions) => {
    if (config?.batch !== true) return
    const { params, body } = SchemaOf.parse(schema ?? {})
    const names = [...url.matchAll(/:(\w+)/g)].map(([, name = '']) => name)
    const path = new RegExp(`^${url.replaceAll(/:\w+/g, '([^/?#]+)')}$`)
    for (const each of [method].flat()) writes.push({ method: each, path, names, params, body, handler })
  })

  const find = ({ method, path }: BatchItem): { write: Write; params: Record<string, string> } => {
    for (const write of writes) {
      const match = write.method === method ? write.path.exec(path) : null
      if (match === null) continue
      const params = Object.fromEntries(write.names.map((name, at) => [name, decoded(match[at + 1] ?? '')]))
      if (write.params?.safeParse(params).success === false) throw new ProblemError('not_found')
      return { write, params }
    }
    throw new ProblemError('not_in_batch', { detail: 'In un gruppo questa operazione non è ammessa.' })
  }

  return {
    run: (batch, fallbackKey, index, item) => {
      const { idempotencyKey = null } = item
      const answer = new Captured()
      try {
        const { write, params } = find(item)
        const { body, validationError } = checkedBody(write, item.body)
        const headers = {
          'idempotency-key': idempotencyKey ?? fallbackKey,
          ...(item.ifMatch === undefined ? {} : { 'if-match': item.ifMatch }),
        }
        const request = {
          id: batch.id,
          principal: batch.principal,
          method: item.method,
          url: item.path,
          headers,
          params,
          body,
          bodyDigest: bodyDigest(item.body),
          validationError,
        }
        // What answerWrite reads of a request and does with a reply, and nothing else.
        void write.handler.call(app, request as unknown as FastifyRequest, answer as unknown as FastifyReply)
        return { index, idempotencyKey, ...answer.result() }
      } catch (error) {
        // A refusal that is not recorded (403 and the like) is the item's own as well.
        if (!(error instanceof ProblemError) || error.status >= 500) throw error
        const refused = { index, idempotencyKey, status: error.status, etag: null, location: null, replayed: false }
        return { ...refused, body: problemBody(error, batch.id) }
      }
    },
  }
}

/** Keeps what a handler answers. */
class Captured {
  #status = 200
  readonly #headers: Record<string, unknown> = {}
  #body: string | undefined
  code(status: number): this {
    this.#status = status
    return this
  }
  headers(values: Record<string, unknown>): this {
    Object.assign(this.#headers, values)
    return this
  }
  header(name: string, value: unknown): this {
    return this.headers({ [name]: value })
  }
  send(body: string | undefined): this {
    this.#body = body
    return this
  }
  result(): Omit<BatchItemResult, 'index' | 'idempotencyKey'> {
    const text = (name: string) => {
      const value = this.#headers[name]
      return typeof value === 'string' ? value : null
    }
    return {
      status: this.#status,
      etag: text('etag'),
      location: text('location'),
      replayed: text('idempotency-replayed') === 'true',
      body: this.#body === undefined ? null : (JSON.parse(this.#body) as unknown),
    }
  }
}

function checkedBody({ body: schema }: Write, body: unknown): { body: unknown; validationError?: Error } {
  if (schema === undefined) return { body }
  const checked = schema.safeParse(body)
  if (checked.success) return { body: checked.data }
  const found: unknown = validatorCompiler({ schema, method: '', url: '' })(body)
  const validation = typeof found === 'object' && found !== null && 'error' in found ? found.error : undefined
  return { body, validationError: Object.assign(new Error('body'), { validation }) }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    throw new ProblemError('not_found')
  }
}
