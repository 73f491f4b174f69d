import { Readable } from 'node:stream'
import { vi } from 'vitest'
import type { z } from 'zod'
import { channels, DepositoResponse, type ChannelName, type ChannelRequest } from '../../src-main/contract/channels.ts'
import type { Deposito } from '../../src-main/contract/documento.ts'
import { ENVELOPE_VERSION } from '../../src-main/contract/envelope.ts'
import type { ErrorCode } from '../../src-main/contract/error.ts'
import type { OperationDetail, OperationState } from '../../src-main/contract/operation.ts'
import type { Status } from '../../src-main/contract/status.ts'
import type { Core } from '../../src-main/core.ts'
import { PATIENCE } from './patience.ts'

type Answer<C extends ChannelName> = z.output<(typeof channels)[C]['response']>

/** A core as the screens use it, for tests that look at what came of it. */
export interface CoreClient {
  core: Core
  call<C extends ChannelName>(channel: C, body: ChannelRequest<C>): Promise<Answer<C>>
  codeOf<C extends ChannelName>(channel: C, body: ChannelRequest<C>): Promise<ErrorCode | 'ok'>
  status(): Promise<Status>
  /** Fulfils when the provider's rows are here and the search index is built. */
  aligned(): Promise<void>
  reaches(operationId: string, state: OperationState): Promise<OperationDetail>
  /** Has the core find out that the provider is away, before anything is sent. */
  goesOffline(): Promise<void>
  deposit(nomeFile: string, bytes: Buffer): Promise<Deposito>
  /** The id of the `n`th casella in a state. */
  casella(stato: 'attiva' | 'disabilitata' | 'eliminata', n?: number): Promise<string>
}

export function coreClient(core: Core): CoreClient {
  const request = (channel: string, body: unknown) => core.request({ v: ENVELOPE_VERSION, id: 'prova', channel, body })
  const call = async <C extends ChannelName>(channel: C, body: ChannelRequest<C>): Promise<Answer<C>> => {
    const answer = await request(channel, body)
    if (!answer.ok) throw new Error(`${channel}: ${answer.error.code} ${JSON.stringify(answer.error.details)}`)
    const data: unknown = channels[channel].response.parse(answer.data)
    // Parsed by this channel's own schema.
    return data as Answer<C>
  }
  const status = () => call('app.status', {})
  return {
    core,
    call,
    status,
    codeOf: async (channel, body) => {
      const answer = await request(channel, body)
      return answer.ok ? 'ok' : answer.error.code
    },
    aligned: async () => {
      await vi.waitFor(async () => {
        const { connection, sync } = await status()
        if (connection !== 'aligned' || sync !== null) throw new Error(`not aligned but ${connection}`)
      }, PATIENCE)
    },
    reaches: (operationId, state) =>
      vi.waitFor(async () => {
        const operation = await call('outbox.get', { id: operationId })
        if (operation.state !== state)
          throw new Error(`not ${state} but ${operation.state}, ${operation.reason?.code ?? 'no reason'}`)
        return operation
      }, PATIENCE),
    goesOffline: async () => {
      await call('sync.start', {})
      await vi.waitFor(async () => {
        const { connection } = await status()
        if (connection !== 'offline') throw new Error(`not offline but ${connection}`)
      }, PATIENCE)
    },
    deposit: async (nomeFile, bytes) => {
      const answer = await core.deposit(nomeFile, Readable.from([Buffer.from(bytes)]))
      if (!answer.ok) throw new Error(answer.error.code)
      return DepositoResponse.parse(answer.data)
    },
    casella: async (stato, n = 0) => (await call('caselle.list', { offset: n, limit: 1, stato })).rows[0]?.id ?? '',
  }
}
