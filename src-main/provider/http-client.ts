import axios, { isAxiosError, type AxiosRequestConfig, type AxiosResponse } from 'axios'
import type { Agent } from 'node:http'
import { Readable } from 'node:stream'
import { CommandError, systemCodeOf } from '../command-error.ts'
import type { Environment } from '../environment.ts'
import { bytesRequest } from './bytes-request.ts'
import { outwardNetwork, type OutwardNetwork, type ProxyWay } from './outward-network.ts'
import { ProxyAddressError } from './proxy-choice.ts'
import {
  failureOf,
  INTERCEPTED,
  problemOf,
  PROXY_ADDRESS,
  PROXY_CREDENTIALS,
  PROXY_CREDENTIALS_WRONG,
  PROXY_NO_ROUTE,
  PROXY_UNREACHABLE,
  retryAfterOf,
  type WireResult,
} from './wire.ts'

/** A write is given up after this long without an answer, in milliseconds; its outcome is then uncertain. */
export const REQUEST_TIMEOUT_MS = 30_000
/** A stream that stays silent this long is broken, in milliseconds. */
export const STREAM_IDLE_MS = 30_000
const NDJSON = 'application/x-ndjson'
const ACCEPT = 'application/json, application/problem+json'
const MAX_ANSWER_BYTES = 64 * 1024 * 1024

export interface HttpRequest {
  method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE' | 'HEAD'
  /** Relative to the provider's address, with its query. */
  path: string
  headers?: Record<string, string>
  /**
   * Text and bytes go out as given. Once the answer is there nobody holds the bytes any more; the chunks of a stream are
   * freed as they have been sent.
   */
  body?: string | Uint8Array | Readable
  signal?: AbortSignal
  timeoutMs?: number
  /** Of `stream`: the media types that are read as they come; by itself NDJSON. */
  streamed?: readonly string[]
}

/** Where the provider is now: the embedded sandbox has another port at each start. */
export interface ProviderAddress {
  url: string
}

export interface HttpClient {
  readonly address: ProviderAddress
  /** How its requests leave. */
  readonly outward: OutwardNetwork
  send(request: HttpRequest): Promise<WireResult>
  /** An answer whose body is read as it comes; only for what `streamed` names, with status 200. Other answers come as a WireResult. */
  stream(request: HttpRequest): Promise<{ kind: 'stream'; body: Readable } | WireResult>
}

interface Way {
  proxy: ProxyWay | null
  config: Pick<AxiosRequestConfig, 'httpsAgent' | 'proxy'>
  headers?: Record<string, string>
}

const loopback = /^(?:localhost|127\.0\.0\.1|\[::1\])$/

/**
 * The provider's address as everything else uses it: scheme, host and path without a closing slash.
 * Throws CommandError `url_invalid`, or `url_not_secure` for http beyond this machine.
 */
export function providerUrl(text: string): string {
  const trimmed = text.trim()
  const withScheme = /^[a-z][a-z0-9+.-]*:\/\//i.test(trimmed) ? trimmed : `https://${trimmed}`
  if (!URL.canParse(withScheme)) throw new CommandError('url_invalid', 'the address is not a URL')
  const url = new URL(withScheme)
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    throw new CommandError('url_invalid', 'the scheme is not http')
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '')
    throw new CommandError('url_invalid', 'the address carries more than host and path')
  if (url.protocol === 'http:' && !loopback.test(url.hostname))
    throw new CommandError('url_not_secure', 'http is only for this machine')
  return url.href.replace(/\/+$/, '')
}

/** What came back, by whichever client. */
interface Told {
  status: number
  headers: Readonly<Record<string, unknown>>
  data: unknown
}

function headerOf(response: Pick<Told, 'headers'>, name: string): string | undefined {
  const value: unknown = response.headers[name]
  return typeof value === 'string' ? value : undefined
}

function parsedBody(text: unknown): unknown {
  if (typeof text !== 'string' || text === '') return undefined
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}

function answerOf(response: Told, now: number): WireResult {
  const body = parsedBody(response.data)
  const offset = headerOf(response, 'upload-offset')
  return {
    kind: 'answer',
    status: response.status,
    etag: headerOf(response, 'etag') ?? null,
    retryAfterMs: retryAfterOf(headerOf(response, 'retry-after'), now),
    location: headerOf(response, 'location') ?? null,
    uploadOffset: offset !== undefined && /^\d{1,15}$/.test(offset) ? Number(offset) : null,
    body,
    problem: problemOf(headerOf(response, 'content-type') ?? '', body),
    replayed: headerOf(response, 'idempotency-replayed') === 'true',
  }
}

/** A proxy that opens no way to the provider: nothing of the request went further than to it. */
function refusedTunnel(cause: unknown, way: ProxyWay | null, outward: OutwardNetwork): WireResult {
  const status = cause instanceof Error && 'statusCode' in cause ? cause.statusCode : undefined
  const told = (code: string): WireResult => ({
    kind: 'not_sent',
    code,
    ...(way === null ? {} : { proxy: new URL(way.origin).host }),
  })
  switch (status) {
    // It ended the connection, or said nothing in time.
    case undefined:
      return told(PROXY_UNREACHABLE)
    case 407:
      if (way?.credentials === 'given') outward.credentials?.refused(way.origin)
      return told(
        way === null || (way.credentials === 'none' && outward.credentials?.isRefused(way.origin) !== true)
          ? PROXY_CREDENTIALS
          : PROXY_CREDENTIALS_WRONG,
      )
    case 502:
    case 503:
    case 504:
      return told(PROXY_NO_ROUTE)
    default:
      return told(INTERCEPTED)
  }
}

/** Whether a connection was never made. Where there is a proxy, it is the proxy's: nobody else is connected to. */
function isUnconnected(cause: unknown): boolean {
  if (cause instanceof AggregateError) return cause.errors.length > 0 && cause.errors.every(isUnconnected)
  return cause instanceof Error && 'syscall' in cause && ['connect', 'getaddrinfo'].includes(String(cause.syscall))
}

const isProxyAsking = (result: { kind: string }): boolean =>
  result.kind === 'not_sent' && 'code' in result && result.code === PROXY_CREDENTIALS

/** The only place from which requests leave. It decides nothing: it says what came back. */
export function httpClient(
  address: ProviderAddress,
  environment: Pick<Environment, 'network' | 'proxies' | 'clock' | 'version'>,
  outward = outwardNetwork({ env: environment.proxies ?? {}, clock: environment.clock }),
): HttpClient {
  const { network } = environment
  const userAgent = `SportelloLRA/${environment.version}`
  const client = axios.create({
    ...network,
    maxRedirects: 0,
    maxBodyLength: Infinity,
    maxContentLength: MAX_ANSWER_BYTES,
    validateStatus: () => true,
    transformRequest: [(data: unknown) => data],
    transformResponse: [(data: unknown) => data],
    headers: { 'user-agent': userAgent },
  })
  async function wayOut(): Promise<Way> {
    // This machine is never reached through somebody else's proxy, whatever the environment says.
    // Nor is anything compressed on the way to it: that costs both sides more than the bytes.
    if (loopback.test(new URL(address.url).hostname))
      return { proxy: null, config: { proxy: false }, headers: { 'accept-encoding': 'identity' } }
    return outward.wayTo(address.url)
  }
  const config = (request: HttpRequest, way: Way): AxiosRequestConfig => ({
    baseURL: address.url,
    ...way.config,
    method: request.method,
    url: request.path,
    headers: { accept: ACCEPT, ...way.headers, ...request.headers },
    // Whoever sent bytes may free them: what is sent otherwise than by bytesRequest is a copy.
    ...(request.body === undefined
      ? {}
      : { data: request.body instanceof Uint8Array ? Buffer.from(request.body) : request.body }),
    ...(request.signal === undefined ? {} : { signal: request.signal }),
    timeout: request.timeoutMs ?? REQUEST_TIMEOUT_MS,
  })
  const failed = (error: unknown, way: ProxyWay | null): WireResult => {
    if (error instanceof ProxyAddressError) return { kind: 'not_sent', code: PROXY_ADDRESS }
    if (!isAxiosError(error)) throw error
    return failedBy(error.cause, error.code ?? 'ERR_UNKNOWN', way)
  }
  const failedBy = (cause: unknown, code: string, way: ProxyWay | null): WireResult => {
    if (code === 'ERR_PROXY_TUNNEL') return refusedTunnel(cause, way, outward)
    if (way !== null && isUnconnected(cause))
      return { kind: 'not_sent', code: PROXY_UNREACHABLE, proxy: new URL(way.origin).host }
    return failureOf(code)
  }
  const requestStream = async (request: HttpRequest, way: Way): Promise<AxiosResponse<Readable>> =>
    client.request<Readable>({
      ...config(request, way),
      timeout: 0,
      maxContentLength: Infinity,
      responseType: 'stream',
    })
  async function sendBytes(request: HttpRequest, body: Uint8Array | Readable): Promise<WireResult> {
    let way: Way | null = null
    try {
      way = await wayOut()
      const url = new URL(`${address.url}${request.path}`)
      const agents: { httpAgent?: Agent; httpsAgent?: Agent } = { ...network, ...way.config }
      const { status, headers, text } = await bytesRequest({
        method: request.method,
        url,
        headers: { accept: ACCEPT, 'user-agent': userAgent, ...request.headers },
        body,
        agent: url.protocol === 'https:' ? agents.httpsAgent : agents.httpAgent,
        signal: request.signal,
        timeoutMs: request.timeoutMs ?? REQUEST_TIMEOUT_MS,
      })
      return answerOf({ status, headers, data: text }, environment.clock.now())
    } catch (error) {
      // What is wrong with the bytes themselves is no word of the network.
      const code = error instanceof CommandError ? null : systemCodeOf(error)
      return code === null ? failed(error, null) : failedBy(error, code, way?.proxy ?? null)
    }
  }

  async function sendOnce(request: HttpRequest): Promise<WireResult> {
    const { body } = request
    if (network?.adapter === undefined && (body instanceof Uint8Array || body instanceof Readable))
      return sendBytes(request, body)
    let way: Way | null = null
    try {
      way = await wayOut()
      return answerOf(
        await client.request<unknown>({ ...config(request, way), responseType: 'text' }),
        environment.clock.now(),
      )
    } catch (error) {
      return failed(error, way?.proxy ?? null)
    }
  }

  async function streamOnce(request: HttpRequest): Promise<{ kind: 'stream'; body: Readable } | WireResult> {
    // Whoever reads the stream watches over it; until there is one, silence is an answer that never comes.
    const silent = new AbortController()
    const cancelSilence = environment.clock.after(STREAM_IDLE_MS, () => {
      silent.abort()
    })
    const signal = request.signal === undefined ? silent.signal : AbortSignal.any([request.signal, silent.signal])
    let way: Way | null = null
    try {
      way = await wayOut()
      const response = await requestStream({ ...request, signal }, way)
      // A page with status 200 is somebody else's: it is read to its end and told as an answer.
      const type = (headerOf(response, 'content-type') ?? '').toLowerCase()
      const isStream = (request.streamed ?? [NDJSON]).some((each) => type.startsWith(each))
      if (response.status === 200 && isStream) return { kind: 'stream', body: response.data }
      const text = await readText(response.data)
      return answerOf({ ...response, data: text }, environment.clock.now())
    } catch (error) {
      return silent.signal.aborted ? failureOf('ETIMEDOUT') : failed(error, way?.proxy ?? null)
    } finally {
      cancelSilence()
    }
  }

  /** What a proxy wants to know is told it when it asks, and the request made again: nothing of it has left. */
  async function answering<T extends { kind: string }>(
    { body }: HttpRequest,
    go: () => Promise<T | WireResult>,
  ): Promise<T | WireResult> {
    const result = await go()
    if (!isProxyAsking(result) || body instanceof Readable) return result
    const way = await wayOut().then(
      ({ proxy }) => proxy,
      () => null,
    )
    const isKnown = way !== null && (await outward.credentials?.asked(way.origin)) === true
    return isKnown ? go() : result
  }

  return {
    address,
    outward,
    send: (request) => answering(request, () => sendOnce(request)),
    stream: (request) => answering<{ kind: 'stream'; body: Readable }>(request, () => streamOnce(request)),
  }
}

async function readText(stream: Readable): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    size += chunk.byteLength
    if (size <= 1_000_000) chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}
