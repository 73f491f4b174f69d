import type { z } from 'zod'
import { channels, DepositoResponse, type ChannelName, type ChannelRequest } from '../../src-main/contract/channels.ts'
import type { Deposito } from '../../src-main/contract/documento.ts'
import { ENVELOPE_VERSION, ResponseEnvelope } from '../../src-main/contract/envelope.ts'
import type { ErrorCode } from '../../src-main/contract/error.ts'
import { rawRequest, signInWith, type RawRequest } from '../support/browser-client.ts'
import { startFlags, startProgram, type ChildProgram } from '../support/child-program.ts'

type Answer<C extends ChannelName> = z.output<(typeof channels)[C]['response']>

/** `lost`: the application was killed before its answer came, and nobody knows what it did. */
export type Told<T> = { kind: 'done'; data: T } | { kind: 'refused'; code: ErrorCode } | { kind: 'lost' }

/** The built browser host as a process, spoken to as its page does. */
export interface RunningApplication {
  pid: number
  /** Rejects with the program's own words when it ends before it listens, unless it was killed. */
  ready: Promise<void>
  ask<C extends ChannelName>(channel: C, body: ChannelRequest<C>): Promise<Told<Answer<C>>>
  deposit(nomeFile: string, bytes: Buffer): Promise<Told<Deposito>>
  isKilled(): boolean
  /** At once, whatever it is doing. */
  kill(): void
  /** Ctrl+C; fulfils with the exit code. */
  stop(): Promise<number | null>
  ended: Promise<number | null>
}

/** Thrown to whoever waits for an application that was killed. */
export class Killed extends Error {}

const ADDRESS = /^Sportello LRA: (http:\/\/127\.0\.0\.1:\d+\/\?token=\S+)$/m

/** Starts the built program itself: the process that is killed is the one that holds the data. */
export function runApplication(
  data: string,
  /** Null: as the operator has set it. */
  graceMs: number | null,
  env: Readonly<Record<string, string>> = {},
): RunningApplication {
  const program: ChildProgram = startProgram(
    'dist/main/browser-host.js',
    ['--browser', '--no-open', '--data', data],
    { ...(graceMs === null ? {} : { SPORTELLO_LRA_GRACE_MS: String(graceMs) }), ...env },
    startFlags,
  )
  let killed = false
  const isKilled = (): boolean => killed
  let door: { port: number; headers: Record<string, string> } | null = null

  async function open(): Promise<void> {
    try {
      const [, address = ''] = await program.line(ADDRESS)
      const cookie = await signInWith(address)
      const { port, origin } = new URL(address)
      door = { port: Number(port), headers: { cookie, origin } }
    } catch (error) {
      throw isKilled() ? new Killed() : error
    }
  }

  async function send(request: RawRequest, type: string): Promise<Told<unknown>> {
    if (door === null || isKilled()) return { kind: 'lost' }
    try {
      const headers = { ...door.headers, 'content-type': type }
      const raw = await Promise.race([rawRequest(door.port, { ...request, headers }), program.ended.then(() => null)])
      if (raw === null && isKilled()) return { kind: 'lost' }
      if (raw === null) throw new Error(`the application ended by itself: ${program.stderr()}`)
      const answer = ResponseEnvelope.parse(JSON.parse(raw.text))
      return answer.ok ? { kind: 'done', data: answer.data } : { kind: 'refused', code: answer.error.code }
    } catch (error) {
      if (isKilled()) return { kind: 'lost' }
      throw error
    }
  }

  const ready = open()
  ready.catch(() => undefined)
  return {
    pid: program.pid,
    ready,
    ask: async <C extends ChannelName>(channel: C, body: ChannelRequest<C>): Promise<Told<Answer<C>>> => {
      const envelope = JSON.stringify({ v: ENVELOPE_VERSION, id: 'prova', channel, body })
      const told = await send({ method: 'POST', path: '/api', body: envelope }, 'application/json')
      if (told.kind !== 'done') return told
      const data: unknown = channels[channel].response.parse(told.data)
      // Parsed by this channel's own schema.
      return { kind: 'done', data: data as Answer<C> }
    },
    deposit: async (nomeFile, bytes) => {
      const path = `/deposito?nome=${encodeURIComponent(nomeFile)}`
      const told = await send({ method: 'PUT', path, body: bytes }, 'application/octet-stream')
      return told.kind === 'done' ? { kind: 'done', data: DepositoResponse.parse(told.data) } : told
    },
    isKilled,
    kill: () => {
      killed = true
      void program.stop('SIGKILL')
    },
    stop: () => program.stop(),
    ended: program.ended,
  }
}
