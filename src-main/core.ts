import type { Readable } from 'node:stream'
import type { ResponseEnvelope } from './contract/envelope.ts'
import type { CoreEvent } from './contract/event.ts'
import type { Environment } from './environment.ts'

/** The whole application without a window. */
export interface Core {
  /** Answers every envelope, malformed ones too; never rejects. */
  request(envelope: unknown): Promise<ResponseEnvelope>
  /** Subscribes to events; the returned function ends the subscription. */
  onEvent(listener: (event: CoreEvent) => void): () => void
  /** Takes a private copy of a file's bytes; `data` of the answer is a Deposito. Never rejects. */
  deposit(nomeFile: string, bytes: Readable): Promise<ResponseEnvelope>
  /** Stops timers, requests and the embedded sandbox, and closes the archive. */
  close(): Promise<void>
}

export function startCore(environment: Environment): Promise<Core> {
  return Promise.reject(new Error(`not yet ${environment.version}`))
}
