import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import type { SystemCustody } from '../../environment.ts'
import type { CorePort } from './message-port.ts'

const Question = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('available'), id: z.string() }),
  z.object({ kind: z.literal('load'), id: z.string(), name: z.string() }),
  z.object({ kind: z.literal('store'), id: z.string(), name: z.string(), secret: z.string() }),
])
type Question = z.infer<typeof Question>
const Answer = z.object({ id: z.string(), value: z.union([z.boolean(), z.string(), z.null()]) })
type Answer = z.infer<typeof Answer>

/** The window's process keeps the secrets: safeStorage exists there only. */
export function serveCustodyOverPort(custody: SystemCustody, port: CorePort): void {
  const valueFor = (question: Question): Promise<boolean | string | null> => {
    switch (question.kind) {
      case 'available':
        return custody.available()
      case 'load':
        return custody.load(question.name)
      case 'store':
        return custody.store(question.name, question.secret)
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

/** The core's side. A port that closes answers every open question with "not available". */
export function custodyOverPort(port: CorePort): SystemCustody {
  const waiting = new Map<string, (value: Answer['value']) => void>()
  let gone = false
  const ask = (question: Question): Promise<Answer['value']> =>
    new Promise((resolve) => {
      if (gone) {
        resolve(null)
        return
      }
      waiting.set(question.id, resolve)
      port.post(question)
    })
  port.listen(
    (message) => {
      const { id, value } = Answer.parse(message)
      waiting.get(id)?.(value)
      waiting.delete(id)
    },
    () => {
      gone = true
      for (const resolve of waiting.values()) resolve(null)
    },
  )
  return {
    available: async () => (await ask({ kind: 'available', id: randomUUID() })) === true,
    load: async (name) => {
      const value = await ask({ kind: 'load', id: randomUUID(), name })
      return typeof value === 'string' ? value : null
    },
    store: async (name, secret) => (await ask({ kind: 'store', id: randomUUID(), name, secret })) === true,
  }
}
