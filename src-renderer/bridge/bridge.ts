import type { ChannelName, ChannelRequest, ChannelResponse } from '../../src-main/contract/channels.ts'
import type { Deposito } from '../../src-main/contract/documento.ts'
import { ENVELOPE_VERSION, type RequestEnvelope, type ResponseEnvelope } from '../../src-main/contract/envelope.ts'
import type { ErrorCode, ErrorDetails } from '../../src-main/contract/error.ts'
import type { CoreEvent } from '../../src-main/contract/event.ts'
import type { ShellMessage, ShellRequest } from '../../src-main/contract/shell.ts'
import type { Status } from '../../src-main/contract/status.ts'
import { httpTransport } from './http-transport.ts'
import { screenIsUnlocked } from './locked-screen.ts'

/** What carries envelopes to the core: the preload's bridge in Electron, HTTP and a WebSocket in the browser host. */
export interface Transport {
  request(envelope: RequestEnvelope): Promise<ResponseEnvelope>
  /** `lost` is called when the way to the core breaks, `back` when it stands again. */
  subscribe(listeners: { event: (event: CoreEvent) => void; lost: () => void; back: () => void }): void
  deposit(file: File, progress: (sent: number, total: number) => void): Promise<ResponseEnvelope>
  /** Only in the desktop window (`desktop.ts`). */
  shell?(request: ShellRequest): Promise<ResponseEnvelope>
  onShell?(listener: (message: ShellMessage) => void): void
}

declare global {
  interface Window {
    /** Set by the Electron preload. */
    sportello?: Transport
  }
}

export const transport: Transport = window.sportello ?? httpTransport

/** A command that ended badly: a code, whose words are in the locale under `errors.<code>`. */
export class CommandError extends Error {
  readonly code: ErrorCode | 'host_unreachable'
  readonly details: ErrorDetails
  constructor(code: ErrorCode | 'host_unreachable', message: string, details: ErrorDetails) {
    super(message)
    this.name = 'CommandError'
    this.code = code
    this.details = details
  }
}

/** A transport that fails says nothing of the command's outcome: it is an error of its own. */
export function reach(answer: Promise<ResponseEnvelope>): Promise<ResponseEnvelope> {
  return answer.catch((cause: unknown) => {
    throw new CommandError('host_unreachable', String(cause), {})
  })
}

/** The data of an answer. Throws CommandError. */
export function dataOf(response: ResponseEnvelope): unknown {
  if (response.ok) return response.data
  throw new CommandError(response.error.code, response.error.message, response.error.details)
}

/**
 * What is refused because the screen is locked has not been done: it is asked again when the screen is open, and the
 * screen behind the lock has only waited.
 */
export async function whenOpen(ask: () => Promise<ResponseEnvelope>): Promise<ResponseEnvelope> {
  for (;;) {
    const answer = await reach(ask())
    if (answer.ok || answer.error.code !== 'screen_locked') return answer
    await screenIsUnlocked(async () => {
      const status = await reach(transport.request(enveloped('app.status', {})))
      return !status.ok || (status.data as Status).phase !== 'screen_locked'
    })
  }
}

function enveloped<C extends ChannelName>(channel: C, body: ChannelRequest<C>): RequestEnvelope {
  return { v: ENVELOPE_VERSION, id: crypto.randomUUID(), channel, body }
}

/** Asks the core. Throws CommandError; `host_unreachable` when the core itself does not answer. */
export async function call<C extends ChannelName>(channel: C, body: ChannelRequest<C>): Promise<ChannelResponse<C>> {
  const ask = (): Promise<ResponseEnvelope> => transport.request(enveloped(channel, body))
  // A sign-in is made at the lock itself, which tells the refusal.
  const response = await (channel === 'session.login' ? reach(ask()) : whenOpen(ask))
  // The core parsed this answer with the channel's own schema before it was sent.
  return dataOf(response) as ChannelResponse<C>
}

/** Hands a chosen file to the core's deposit. Throws CommandError. */
export async function deposit(file: File, progress: (sent: number, total: number) => void): Promise<Deposito> {
  return dataOf(await whenOpen(() => transport.deposit(file, progress))) as Deposito
}

export function subscribe(listeners: Parameters<Transport['subscribe']>[0]): void {
  transport.subscribe(listeners)
}
