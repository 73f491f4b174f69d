import { MessageChannel, MessagePort } from 'node:worker_threads'
import { z } from 'zod'
import { ProxyAddressError } from './proxy-choice.ts'
import { outwardNetwork, type OutwardNetwork } from './outward-network.ts'

/** What a thread gets so that its requests leave as all others do. */
export const ThreadNetwork = z.object({
  authorities: z.array(z.string()),
  /** Where it asks its way; null: by its own environment. */
  port: z.instanceof(MessagePort).nullable(),
})
export type ThreadNetwork = z.infer<typeof ThreadNetwork>

/** The address of the proxy for an address, with what it asks for; null: straight. Rejects with ProxyAddressError. */
export type ProxyFor = (url: string) => Promise<string | null>

const Question = z.object({ id: z.number(), url: z.string() })
/** Without `proxy` the way is not known: its address cannot be read. */
const Answer = z.object({ id: z.number(), proxy: z.string().nullable().optional() })

/** For one thread: `port` is handed over to it. Until the thread ends, its questions are answered. */
export function networkForThread(outward: OutwardNetwork): ThreadNetwork & { port: MessagePort } {
  const { port1, port2 } = new MessageChannel()
  port1.on('message', (message: unknown) => {
    const { id, url } = Question.parse(message)
    void outward.proxyFor(url).then(
      (way) => {
        port1.postMessage({ id, proxy: way?.address ?? null } satisfies z.infer<typeof Answer>)
      },
      () => {
        port1.postMessage({ id } satisfies z.infer<typeof Answer>)
      },
    )
  })
  port1.unref()
  return { authorities: [...outward.authorities], port: port2 }
}

/** The thread's side. */
export function proxyForThread({ port, authorities }: ThreadNetwork): ProxyFor {
  if (port === null) {
    const clock = { steady: () => Math.round(performance.now()) }
    const own = outwardNetwork({ env: process.env, authorities, clock })
    return async (url) => (await own.proxyFor(url))?.address ?? null
  }
  const waiting = new Map<number, (proxy: string | null | undefined) => void>()
  let ids = 0
  port.on('message', (message: unknown) => {
    const { id, proxy } = Answer.parse(message)
    waiting.get(id)?.(proxy)
    waiting.delete(id)
    if (waiting.size === 0) port.unref()
  })
  port.unref()
  return (url) =>
    new Promise((resolve, reject) => {
      ids += 1
      waiting.set(ids, (proxy) => {
        if (proxy === undefined) reject(new ProxyAddressError('the address of the proxy cannot be read'))
        else resolve(proxy)
      })
      port.ref()
      port.postMessage({ id: ids, url } satisfies z.infer<typeof Question>)
    })
}
