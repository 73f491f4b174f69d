import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { CustodyState, KeptSecret, Stored } from '../../contract/custody.ts'
import type { SystemCustody } from '../../environment.ts'
import { custodyPlace } from '../node/custody-place.ts'
import type { CorePort } from './message-port.ts'

const named = { id: z.string(), name: z.string() }
const Question = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('state'), id: z.string() }),
  z.object({ kind: z.literal('load'), ...named }),
  z.object({ kind: z.literal('store'), ...named, secret: z.string() }),
  z.object({ kind: z.literal('replace'), ...named, secret: z.string() }),
  z.object({ kind: z.literal('remove'), ...named }),
  z.object({ kind: z.literal('proxy'), id: z.string(), url: z.string() }),
])
type Question = z.infer<typeof Question>
type Asked = Question extends infer Q ? (Q extends Question ? Omit<Q, 'id'> : never) : never
const Answer = z.object({ id: z.string(), value: z.unknown() })
type Answer = z.infer<typeof Answer>

/** What only the window's process can ask of the system: safeStorage, and Chromium's word on proxies. */
export interface SystemServices {
  custody: SystemCustody
  /** The system's proxy for an address, as an address of its own; null for none. Never rejects. */
  systemProxy(url: string): Promise<string | null>
}

/** The window's side. */
export function serveSystemOverPort({ custody, systemProxy }: SystemServices, port: CorePort): void {
  const valueFor = (question: Question): Promise<KeptSecret | string | boolean | null> => {
    switch (question.kind) {
      case 'state':
        return custody.state()
      case 'load':
        return custody.load(question.name)
      case 'store':
        return custody.store(question.name, question.secret)
      case 'replace':
        return custody.replace(question.name, question.secret)
      case 'remove':
        return custody.remove(question.name)
      case 'proxy':
        return systemProxy(question.url)
    }
  }
  port.listen(
    (message) => {
      const question = Question.parse(message)
      void valueFor(question).then((value) => {
        port.post({ id: question.id, value } satisfies Answer)
      })
    },
    () => undefined,
  )
}

/** The core's side. A port that closes answers as a custody that is closed, and as a system without a proxy. */
export function systemOverPort(port: CorePort): SystemServices {
  const waiting = new Map<string, (value: unknown) => void>()
  let gone = false
  async function ask<T>(question: Asked, shape: z.ZodType<T>, closed: T): Promise<T> {
    if (gone) return closed
    const id = randomUUID()
    const value = await new Promise<unknown>((resolve) => {
      waiting.set(id, resolve)
      port.post({ ...question, id })
    })
    const parsed = shape.safeParse(value)
    return parsed.success ? parsed.data : closed
  }
  port.listen(
    (message) => {
      const { id, value } = Answer.parse(message)
      waiting.get(id)?.(value)
      waiting.delete(id)
    },
    () => {
      gone = true
      for (const resolve of waiting.values()) resolve(undefined)
      waiting.clear()
    },
  )
  return {
    custody: {
      // The same machine and user; it is the window's process that keeps.
      place: custodyPlace('safe_storage'),
      state: () => ask({ kind: 'state' }, CustodyState, 'closed'),
      load: (name) => ask({ kind: 'load', name }, KeptSecret, { kind: 'closed', state: 'closed' }),
      store: (name, secret) => ask({ kind: 'store', name, secret }, Stored, 'failed'),
      replace: (name, secret) => ask({ kind: 'replace', name, secret }, z.boolean(), false),
      remove: (name) => ask({ kind: 'remove', name }, z.boolean(), false),
    },
    systemProxy: (url) => ask({ kind: 'proxy', url }, z.string().nullable(), null),
  }
}
