import { Agent } from 'node:http'
import { finished, PassThrough, Readable } from 'node:stream'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { everyOtherOf, halfOf, isEnvelope, withOtherKeys } from './envelope-contents.ts'
import type { Delivery } from './provider-record.ts'
import axios, { AxiosError, type AxiosAdapter, type AxiosResponse, type InternalAxiosRequestConfig } from 'axios'

/** What happens to one write on its way. */
export const writeFates = [
  'refused',
  'lost_request',
  'lost_response',
  'late',
  'bad_gateway_before',
  'bad_gateway_after',
  'proxy_404',
  'portal',
  'no_content',
  'garbled',
  'cut_answer',
  'half_run',
  'half_answer',
  'crash_before',
  'crash_after',
] as const
export type WriteFate = (typeof writeFates)[number]

/** What happens to one reading. */
export const readFates = [
  'refused',
  'lost_response',
  'bad_gateway_before',
  'portal',
  'truncated',
  'crash_after',
] as const
export type ReadFate = (typeof readFates)[number]

export interface FaultNetwork {
  /** The way to the provider for one run of the application; after `cut` nothing passes any more. */
  forProcess(crash: () => void): { adapter: AxiosAdapter; cut(): void }
  strikeWrites(fate: WriteFate, count: number): void
  strikeReads(fate: ReadFate, count: number, turns: number): void
  offline(away: boolean): void
  /** Requests that are still on their way arrive now; nobody hears the answer. `sentBefore`: only those this old. */
  deliverLate(sentBefore?: number): Promise<void>
  /** Fulfils when nothing is on its way, neither on the network nor on the disk. */
  calm(): Promise<void>
  heal(): Promise<void>
  close(): void
}

export interface FaultNetworkOptions {
  /** The provider forgets idempotency keys at once, and says so. */
  keyless: boolean
  passed(): number
  /** A request is late from now on. */
  delayed(): void
  delivered(delivery: Delivery): void
  /** One delivery or colleague's write at a time, so that their order is known. */
  inTurn<T>(work: () => Promise<T>): Promise<T>
}

const CALM_TURNS = 10
const isRead = (config: InternalAxiosRequestConfig): boolean => (config.method ?? 'get').toLowerCase() === 'get'
const isDeletion = (config: InternalAxiosRequestConfig): boolean => config.method?.toLowerCase() === 'delete'
const pathOf = (config: InternalAxiosRequestConfig): string => config.url ?? ''
const headerOf = (config: InternalAxiosRequestConfig, name: string): string | null => {
  const value: unknown = config.headers.get(name)
  return typeof value === 'string' ? value : null
}

function parsed(text: unknown): unknown {
  try {
    return JSON.parse(String(text)) as unknown
  } catch {
    return undefined
  }
}

function page(config: InternalAxiosRequestConfig, status: number): AxiosResponse<unknown> {
  const html = '<!doctype html><title>Proxy</title><p>Pagina di un apparato di rete.'
  const data = config.responseType === 'stream' ? new PassThrough().end(html) : html
  return { data, status, statusText: '', headers: { 'content-type': 'text/html' }, config }
}

/** Halves are of an envelope; elsewhere these are passed over. */
const OF_AN_ENVELOPE: ReadonlySet<WriteFate> = new Set<WriteFate>(['half_run', 'half_answer'])
const OF_THE_REGISTRY: ReadonlySet<WriteFate> = new Set<WriteFate>(['late', 'no_content', 'garbled', 'cut_answer'])

/** Sessions are let through; an upload changes nothing, so what arrives late or garbled is a write of the registry. */
function isFor(fate: WriteFate | undefined, path: string): boolean {
  if (path.startsWith('/sessions') || fate === undefined) return false
  if (OF_AN_ENVELOPE.has(fate)) return isEnvelope(path)
  return !path.startsWith('/uploads') || !OF_THE_REGISTRY.has(fate)
}

export function faultNetwork({ keyless, passed, delayed, delivered, inTurn }: FaultNetworkOptions): FaultNetwork {
  const http = axios.getAdapter('http')
  const httpAgent = new Agent({ keepAlive: true })
  const writes: WriteFate[] = []
  const reads: { fate: ReadFate; turns: number }[] = []
  const held: { config: InternalAxiosRequestConfig; at: number }[] = []
  let away = false
  let busy = 0

  const broken = (config: InternalAxiosRequestConfig, code: string): AxiosError => new AxiosError(code, code, config)

  async function forward(config: InternalAxiosRequestConfig): Promise<AxiosResponse<unknown>> {
    const key = headerOf(config, 'idempotency-key')
    if (keyless && key !== null) config.headers.set('idempotency-key', crypto.randomUUID())
    const { signal: _signal, ...unbound } = config
    const text = typeof config.data === 'string' ? config.data : null
    const renamed = keyless && isEnvelope(pathOf(config)) && text !== null ? withOtherKeys(text) : null
    const sent = isRead(config) ? config : renamed === null ? unbound : { ...unbound, data: renamed.body }
    const response: AxiosResponse<unknown> = await http({ ...sent, httpAgent })
    if (renamed !== null) response.data = renamed.asAsked(String(response.data))
    if (keyless && pathOf(config) === '/capabilities' && response.status === 200)
      response.data = JSON.stringify({ ...(parsed(response.data) as object), idempotency: false })
    if (!isRead(config))
      delivered({
        method: (config.method ?? '').toUpperCase(),
        path: pathOf(config),
        authorization: headerOf(config, 'authorization') ?? '',
        key,
        body: text,
        status: response.status,
        replayed: response.headers['idempotency-replayed'] === 'true',
        answer: parsed(response.data),
      })
    return response
  }

  async function read(config: InternalAxiosRequestConfig, crash: () => void): Promise<AxiosResponse<unknown>> {
    const isFeed = /^\/(?:changes|snapshot)/.test(pathOf(config))
    const struck = isFeed ? reads.shift() : undefined
    switch (struck?.fate) {
      case undefined:
        return forward(config)
      case 'refused':
        throw broken(config, 'ECONNREFUSED')
      case 'lost_response':
        throw broken(config, 'ECONNRESET')
      case 'bad_gateway_before':
        return page(config, 502)
      case 'portal':
        return page(config, 200)
      case 'truncated': {
        const response = await forward(config)
        if (config.responseType !== 'stream') {
          const text = String(response.data)
          return { ...response, data: text.slice(0, text.length / 2) }
        }
        const cut = new PassThrough()
        let left = 20_000
        const source = response.data as Readable
        source.on('data', (chunk: Buffer) => {
          cut.write(chunk.subarray(0, Math.max(0, left)))
          left -= chunk.length
          if (left <= 0) source.destroy()
        })
        source.on('close', () => cut.destroy(left <= 0 ? broken(config, 'ECONNRESET') : undefined))
        source.on('end', () => cut.end())
        return { ...response, data: cut }
      }
      case 'crash_after': {
        const response = await forward(config)
        let turns = struck.turns
        const later = (): void => {
          turns -= 1
          if (turns < 0) crash()
          else setImmediate(later)
        }
        later()
        return response
      }
    }
  }

  async function write(config: InternalAxiosRequestConfig, crash: () => void): Promise<AxiosResponse<unknown>> {
    const fate = isFor(writes[0], pathOf(config)) ? writes.shift() : undefined
    switch (fate) {
      case undefined:
        return inTurn(() => forward(config))
      case 'refused':
        throw broken(config, 'ECONNREFUSED')
      case 'lost_request':
        throw broken(config, 'ECONNRESET')
      case 'lost_response':
        await inTurn(() => forward(config))
        throw broken(config, 'ECONNRESET')
      case 'late':
        // A stream cannot be kept for later.
        if (typeof config.data === 'string') {
          held.push({ config, at: passed() })
          delayed()
        }
        throw broken(config, 'ETIMEDOUT')
      case 'bad_gateway_before':
        return page(config, 502)
      case 'bad_gateway_after':
        await inTurn(() => forward(config))
        return page(config, 502)
      case 'proxy_404':
        return page(config, 404)
      case 'portal':
        return page(config, 200)
      case 'no_content':
        // Of a deletion it would be the contract's own answer, which nothing tells from the provider's.
        return isDeletion(config) ? inTurn(() => forward(config)) : { ...page(config, 204), data: '' }
      case 'garbled': {
        const response = await inTurn(() => forward(config))
        return response.status < 300 ? { ...response, data: '{}' } : response
      }
      case 'cut_answer': {
        const response = await inTurn(() => forward(config))
        const text = String(response.data)
        return { ...response, data: text.slice(0, text.length / 2) }
      }
      case 'half_run':
        return inTurn(() => forward({ ...config, data: halfOf(String(config.data)) }))
      case 'half_answer': {
        const response = await inTurn(() => forward(config))
        return { ...response, data: everyOtherOf(String(response.data)) }
      }
      case 'crash_before':
        crash()
        throw broken(config, 'ECONNRESET')
      case 'crash_after':
        await inTurn(() => forward(config))
        crash()
        throw broken(config, 'ECONNRESET')
    }
  }

  async function deliver(which: (at: number) => boolean): Promise<void> {
    for (const letter of held.filter(({ at }) => which(at))) {
      held.splice(held.indexOf(letter), 1)
      await inTurn(() => forward(letter.config))
    }
  }

  async function calm(): Promise<void> {
    for (let turns = 0; turns < CALM_TURNS; turns += 1) {
      await nextTurn()
      const onDisk = process.getActiveResourcesInfo().some((name) => name.startsWith('FSReq'))
      if (busy > 0 || onDisk) turns = -1
    }
  }

  return {
    forProcess: (crash) => {
      let gone = false
      const die = (): void => {
        gone = true
        crash()
      }
      return {
        adapter: async (config) => {
          if (gone || away) throw broken(config, 'ECONNREFUSED')
          busy += 1
          let streaming = false
          try {
            const response = await (isRead(config) ? read(config, die) : write(config, die))
            if (response.data instanceof Readable) {
              streaming = true
              finished(response.data, () => (busy -= 1))
            }
            return response
          } finally {
            if (!streaming) busy -= 1
          }
        },
        cut: () => {
          gone = true
        },
      }
    },
    strikeWrites: (fate, count) => {
      for (let n = 0; n < count; n += 1) writes.push(fate)
    },
    strikeReads: (fate, count, turns) => {
      for (let n = 0; n < count; n += 1) reads.push({ fate, turns })
    },
    offline: (next) => {
      away = next
    },
    deliverLate: (sentBefore = Infinity) => deliver((at) => at <= sentBefore),
    calm,
    heal: async () => {
      away = false
      writes.length = 0
      reads.length = 0
      await deliver(() => true)
    },
    close: () => {
      httpAgent.destroy()
    },
  }
}
