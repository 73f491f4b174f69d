import { Readable } from 'node:stream'
import axios, { type AxiosAdapter, type InternalAxiosRequestConfig } from 'axios'

/** How the networks of hotels, stations and offices answer in somebody's place. */
export const portals = {
  'a page with status 200': { status: 200, headers: { 'content-type': 'text/html' } },
  'a redirect to its login page': { status: 302, headers: { location: 'https://accesso.rete.example/login' } },
  'status 511 (RFC 6585)': { status: 511, headers: { 'content-type': 'text/html' } },
  'a filter that forbids': { status: 403, headers: { 'content-type': 'text/html' } },
} as const
export type PortalKind = keyof typeof portals

export interface PortalNetwork {
  adapter: AxiosAdapter
  /** From now on requests that match `which` (`GET /changes?…`) are answered by the portal, but for the first `passing`. */
  close(kind: PortalKind, which?: RegExp, passing?: number): void
  /** The person has signed in: everything passes. */
  open(): void
  /** What the portal has answered since it closed. */
  caught(): readonly string[]
  /** What has gone through to the provider since it closed. */
  passed(): readonly string[]
}

/** The way to the provider through a network with a login page. */
export function portalNetwork(): PortalNetwork {
  const http = axios.getAdapter('http')
  let closed: { kind: PortalKind; which: RegExp; passing: number } | null = null
  let caught: string[] = []
  let passed: string[] = []
  const lineOf = (config: InternalAxiosRequestConfig): string =>
    `${(config.method ?? 'get').toUpperCase()} ${config.url ?? ''}`
  return {
    adapter: async (config) => {
      const line = lineOf(config)
      if (closed?.which.test(line) !== true || closed.passing-- > 0) {
        passed.push(line)
        return http(config)
      }
      caught.push(line)
      const html = '<!doctype html><title>Accesso alla rete</title>'
      const data = config.responseType === 'stream' ? Readable.from([Buffer.from(html)]) : html
      const { status, headers } = portals[closed.kind]
      return { data, status, statusText: '', headers: { ...headers }, config }
    },
    close: (kind, which = /./, passing = 0) => {
      closed = { kind, which, passing }
      caught = []
      passed = []
    },
    open: () => {
      closed = null
    },
    caught: () => caught,
    passed: () => passed,
  }
}
