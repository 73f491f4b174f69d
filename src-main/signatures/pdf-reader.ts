import { Worker } from 'node:worker_threads'
import { z } from 'zod'
import type { Source } from './source.ts'

/** A signature as pdf.js lists it. */
export const ReadSignature = z.object({ field: z.string().nullable(), byteRange: z.array(z.number()) })
export type ReadSignature = z.infer<typeof ReadSignature>

/** Text of a PDF; `complete` is false where a limit cut it. `locked`: a password is needed, and nothing was read. */
export const ReadText = z.object({
  pages: z.array(z.string()),
  pageCount: z.number().int(),
  complete: z.boolean(),
  locked: z.boolean(),
})
export type ReadText = z.infer<typeof ReadText>

/** `unread`: a picture was there that could not be looked at, as JBIG2 and JPEG 2000 cannot. */
export const ScannedCodes = z.object({ codes: z.array(z.string()), unread: z.boolean() })
export type ScannedCodes = z.infer<typeof ScannedCodes>

export interface TextLimits {
  pages: number
  characters: number
}

/**
 * pdf.js in a thread of its own: it takes what time and memory a document makes it take, and is ended when that is too
 * much. The document's bytes are asked for as they are needed.
 */
export interface PdfReader {
  /** Null where pdf.js has no opinion: it could not read the file, or not in time. */
  signatures(source: Source): Promise<ReadSignature[] | null>
  text(source: Source, limits: TextLimits): Promise<ReadText | null>
  /** Codes of printed forms in the pictures of the first pages: of a scan, which has no text. */
  scannedCodes(source: Source): Promise<ScannedCodes | null>
  /** Ends the thread; what runs is answered with null. */
  close(): Promise<void>
}

export type PdfTask = { kind: 'signatures' } | { kind: 'scanned_codes' } | { kind: 'text'; limits: TextLimits }
/** What the thread is told, and what it asks. */
export type ToThread =
  | { kind: 'open'; id: number; size: number; task: PdfTask }
  | { kind: 'bytes'; id: number; begin: number; bytes: Uint8Array }
const FromThread = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('read'), id: z.number(), begin: z.number(), end: z.number() }),
  z.object({ kind: z.literal('done'), id: z.number(), answer: z.unknown() }),
])
export type FromThread = z.infer<typeof FromThread>

const timeMs = 10_000
const memoryMb = 384

/** `script` is the built `pdf-reader-worker.js`. The thread starts with the first task and serves one at a time. */
export function pdfReaderIn(script: string | URL): PdfReader {
  let worker: Worker | null = null
  let last: Promise<unknown> = Promise.resolve()
  let tasks = 0

  function start(): Worker {
    const started = new Worker(script, {
      // What pdf.js has to say of a document goes nowhere: it may quote it.
      stdout: true,
      stderr: true,
      resourceLimits: { maxOldGenerationSizeMb: memoryMb },
    })
    started.unref()
    return started
  }

  async function run<Answer>(source: Source, task: PdfTask, schema: z.ZodType<Answer>): Promise<Answer | null> {
    const id = ++tasks
    const thread = (worker ??= start())
    const answer = await new Promise<unknown>((resolve) => {
      const timer = setTimeout(end, timeMs)
      function end(): void {
        if (worker === thread) worker = null
        void thread.terminate()
        settle(null)
      }
      function settle(value: unknown): void {
        clearTimeout(timer)
        thread.off('message', onMessage)
        thread.off('error', end)
        thread.off('exit', end)
        resolve(value)
      }
      function onMessage(received: unknown): void {
        const message = FromThread.safeParse(received)
        if (!message.success || message.data.id !== id) return
        if (message.data.kind === 'done') {
          settle(message.data.answer)
          return
        }
        const { begin } = message.data
        const bytes = Uint8Array.from(source.read(begin, message.data.end - begin))
        thread.postMessage({ kind: 'bytes', id, begin, bytes } satisfies ToThread, [bytes.buffer])
      }
      thread.on('message', onMessage)
      thread.once('error', end)
      thread.once('exit', end)
      thread.postMessage({ kind: 'open', id, size: source.size, task } satisfies ToThread)
    })
    return schema.nullable().catch(null).parse(answer)
  }
  function queued<Answer>(source: Source, task: PdfTask, schema: z.ZodType<Answer>): Promise<Answer | null> {
    const next = last.then(() => run(source, task, schema))
    last = next.catch(() => null)
    return next
  }

  return {
    signatures: (source) => queued(source, { kind: 'signatures' }, z.array(ReadSignature)),
    text: (source, limits) => queued(source, { kind: 'text', limits }, ReadText),
    scannedCodes: (source) => queued(source, { kind: 'scanned_codes' }, ScannedCodes),
    async close() {
      const ending = worker
      worker = null
      await ending?.terminate()
    },
  }
}
