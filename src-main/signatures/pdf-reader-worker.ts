// pdf.js in a thread of its own (pdf-reader.ts), with its worker in the same thread.
import { parentPort } from 'node:worker_threads'
import 'pdfjs-dist/legacy/build/pdf.worker.mjs'
import {
  getDocument,
  PDFDataRangeTransport,
  VerbosityLevel,
  type PDFDocumentProxy,
} from 'pdfjs-dist/legacy/build/pdf.mjs'
import { z } from 'zod'
import { scannedCodes } from '../moduli/scanned-codes.ts'
import type { FromThread, PdfTask, ReadSignature, ReadText, TextLimits, ToThread } from './pdf-reader.ts'

const chunk = 64 * 1024
const Signature = z.object({ fieldName: z.string().nullish(), byteRange: z.array(z.number()) })

async function signaturesOf(document: PDFDocumentProxy): Promise<ReadSignature[]> {
  const listed = z.array(Signature).parse((await document.getSignatures()) ?? [])
  return listed.map(({ fieldName, byteRange }) => ({ field: fieldName ?? null, byteRange }))
}

async function textOf(document: PDFDocumentProxy, limits: TextLimits): Promise<ReadText> {
  const pages: string[] = []
  let room = limits.characters
  for (let number = 1; number <= Math.min(document.numPages, limits.pages) && room > 0; number++) {
    const page = await document.getPage(number)
    const { items } = await page.getTextContent()
    let text = ''
    for (const item of items) if ('str' in item && text.length < room) text += item.str + (item.hasEOL ? '\n' : '')
    pages.push(text.slice(0, room))
    room -= text.length
    page.cleanup()
  }
  return {
    pages,
    pageCount: document.numPages,
    complete: pages.length === document.numPages && room > 0,
    locked: false,
  }
}

function answerOf(document: PDFDocumentProxy, task: PdfTask): Promise<unknown> {
  switch (task.kind) {
    case 'signatures':
      return signaturesOf(document)
    case 'text':
      return textOf(document, task.limits)
    case 'scanned_codes':
      return scannedCodes(document)
  }
}

const port = parentPort
let current: { id: number; transport: PDFDataRangeTransport } | null = null

async function open(id: number, size: number, task: PdfTask): Promise<void> {
  const tell = (message: FromThread): void => port?.postMessage(message)
  class Transport extends PDFDataRangeTransport {
    override requestDataRange(begin: number, end: number): void {
      tell({ kind: 'read', id, begin, end })
    }
  }
  const transport = new Transport(size, null)
  current = { id, transport }
  const loading = getDocument({
    range: transport,
    rangeChunkSize: chunk,
    disableAutoFetch: true,
    disableStream: true,
    verbosity: VerbosityLevel.ERRORS,
    useSystemFonts: false,
    disableFontFace: true,
    enableXfa: false,
  })
  let locked = false
  const isLocked = (): boolean => locked
  loading.onPassword = () => {
    locked = true
    void loading.destroy()
  }
  try {
    tell({ kind: 'done', id, answer: await answerOf(await loading.promise, task) })
  } catch {
    const closed: ReadText = { pages: [], pageCount: 0, complete: false, locked: true }
    tell({ kind: 'done', id, answer: isLocked() && task.kind === 'text' ? closed : null })
  } finally {
    current = null
    await loading.destroy()
  }
}

port?.on('message', (message: ToThread) => {
  switch (message.kind) {
    case 'open':
      void open(message.id, message.size, message.task)
      return
    case 'bytes':
      if (current?.id === message.id) current.transport.onDataRange(message.begin, message.bytes)
  }
})
