import { randomUUID } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { z } from 'zod'
import { ResponseEnvelope } from '../../contract/envelope.ts'
import { CoreEvent } from '../../contract/event.ts'
import { SystemSession } from '../../contract/screen-lock.ts'
import type { Core } from '../../core.ts'
import type { CorePort } from './message-port.ts'

const Question = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('request'), id: z.string(), envelope: z.unknown() }),
  z.object({ kind: z.literal('deposit'), id: z.string(), path: z.string() }),
  z.object({ kind: z.literal('session'), id: z.string(), session: SystemSession }),
  z.object({ kind: z.literal('close'), id: z.string() }),
])
type Question = z.infer<typeof Question>

const Answer = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('answer'), id: z.string(), response: ResponseEnvelope }),
  z.object({ kind: z.literal('event'), event: CoreEvent }),
])
type Answer = z.infer<typeof Answer>

/** The core as the window's process sees it. Requests reject only when the core's process has gone (CoreLostError). */
export interface CoreClient {
  request(envelope: unknown): Promise<ResponseEnvelope>
  /** The file is read by the core's own process. */
  deposit(path: string): Promise<ResponseEnvelope>
  /** What the operating system does with its own session. */
  systemSession(session: SystemSession): Promise<ResponseEnvelope>
  /** One listener; the returned function ends the subscription. */
  onEvent(listener: (event: CoreEvent) => void): () => void
  /** Closes the core, and fulfils when it is closed. */
  close(): Promise<void>
}

/** The core's process ended while an answer was awaited: what became of the request is not known. */
export class CoreLostError extends Error {
  override readonly name = 'CoreLostError'
}

async function depositFile(core: Core, path: string): Promise<ResponseEnvelope> {
  // Only ordinary files: a pipe or a device may never end.
  const ordinary = await stat(path).then(
    (found) => found.isFile(),
    () => false,
  )
  if (ordinary) return core.deposit(basename(path), createReadStream(path))
  return { ok: false, error: { code: 'file_unreadable', message: 'not an ordinary file', details: {} } }
}

/** The core's side: answers requests and deposits, forwards events, and closes the core when asked or left alone. */
export function serveCoreOverPort(core: Core, port: CorePort): void {
  const send = (answer: Answer): void => {
    port.post(answer)
  }
  const unsubscribe = core.onEvent((event) => {
    send({ kind: 'event', event })
  })
  let closing: Promise<void> | null = null
  const close = (): Promise<void> => {
    unsubscribe()
    return (closing ??= core.close())
  }
  const responseTo = async (question: Question): Promise<ResponseEnvelope> => {
    switch (question.kind) {
      case 'request':
        return core.request(question.envelope)
      case 'deposit':
        return depositFile(core, question.path)
      case 'session':
        core.systemSession(question.session)
        return { ok: true, data: {} }
      case 'close':
        await close()
        return { ok: true, data: {} }
    }
  }
  port.listen(
    (message) => {
      const parsed = Question.safeParse(message)
      // Both sides are of one build: anything else is not from the client and has nobody to answer to.
      if (!parsed.success) return
      void responseTo(parsed.data).then((response) => {
        send({ kind: 'answer', id: parsed.data.id, response })
      })
    },
    () => void close(),
  )
}

/** The window's side. `onLost` is called when the port closes without `close` having been asked. */
export function coreClientOverPort(port: CorePort, onLost: () => void = () => undefined): CoreClient {
  const waiting = new Map<string, { resolve: (response: ResponseEnvelope) => void; reject: (cause: Error) => void }>()
  const listeners = new Set<(event: CoreEvent) => void>()
  let gone = false
  let closing = false

  const ask = (question: Question): Promise<ResponseEnvelope> => {
    if (gone) return Promise.reject(new CoreLostError('the core is not running'))
    return new Promise((resolve, reject) => {
      waiting.set(question.id, { resolve, reject })
      port.post(question)
    })
  }
  port.listen(
    (message) => {
      const answer = Answer.parse(message)
      if (answer.kind === 'event') {
        for (const listener of listeners) listener(answer.event)
        return
      }
      waiting.get(answer.id)?.resolve(answer.response)
      waiting.delete(answer.id)
    },
    () => {
      if (gone) return
      gone = true
      for (const { reject } of waiting.values()) reject(new CoreLostError('the core ended before it answered'))
      waiting.clear()
      if (!closing) onLost()
    },
  )
  return {
    request: (envelope) => ask({ kind: 'request', id: randomUUID(), envelope }),
    deposit: (path) => ask({ kind: 'deposit', id: randomUUID(), path }),
    systemSession: (session) => ask({ kind: 'session', id: randomUUID(), session }),
    onEvent: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    close: async () => {
      closing = true
      if (!gone) await ask({ kind: 'close', id: randomUUID() })
      port.close()
    },
  }
}
