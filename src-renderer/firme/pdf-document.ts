import type { PDFDocumentProxy } from 'pdfjs-dist'
import workerUrl from 'pdfjs-dist/build/pdf.worker.min.mjs?url'
import { PART_BYTES } from '../../src-main/contract/documenti-channels.ts'
import { call } from '../bridge/bridge.ts'

/** A private copy, or what its signed envelope holds. */
export interface DocumentSource {
  depositoId: string
  contenuto: boolean
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))
}

async function part(
  source: DocumentSource,
  offset: number,
  length: number,
): Promise<{ bytes: Uint8Array<ArrayBuffer>; total: number }> {
  const { base64, total } = await call('documenti.part', { ...source, offset, length })
  return { bytes: bytesOf(base64), total }
}

/** From `begin` up to `end`, in as many parts as it takes. */
async function range(source: DocumentSource, begin: number, end: number): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(end - begin)
  for (let at = begin; at < end;) {
    const got = (await part(source, at, Math.min(PART_BYTES, end - at))).bytes
    if (got.byteLength === 0) break
    bytes.set(got, at - begin)
    at += got.byteLength
  }
  return bytes
}

/** All of it. Throws CommandError. */
export async function wholeDocument(source: DocumentSource): Promise<Uint8Array<ArrayBuffer>> {
  const first = await part(source, 0, PART_BYTES)
  if (first.bytes.byteLength >= first.total) return first.bytes
  const rest = await range(source, first.bytes.byteLength, first.total)
  const all = new Uint8Array(first.total)
  all.set(first.bytes)
  all.set(rest, first.bytes.byteLength)
  return all
}

export type OpenedPdf =
  { kind: 'open'; pdf: PDFDocumentProxy; close: () => Promise<void> } | { kind: 'not_pdf' | 'protected' | 'damaged' }

/** Opens a PDF that is fetched by parts, as its pages ask for them. Throws CommandError. */
export async function openPdf(source: DocumentSource): Promise<OpenedPdf> {
  const first = await part(source, 0, PART_BYTES)
  const head = new TextDecoder('latin1').decode(first.bytes.subarray(0, 1024))
  if (!head.includes('%PDF-')) return { kind: 'not_pdf' }
  const pdfjs = await import('pdfjs-dist')
  pdfjs.GlobalWorkerOptions.workerSrc = workerUrl
  const { total } = first
  class Parts extends pdfjs.PDFDataRangeTransport {
    override requestDataRange(begin: number, end: number): void {
      range(source, begin, Math.min(end, total)).then(
        (bytes) => {
          this.onDataRange(begin, bytes)
        },
        () => {
          this.onDataRange(begin, null)
        },
      )
    }
  }
  const whole = first.bytes.byteLength >= total
  const beside = new URL('pdfjs/', document.baseURI).href
  const loading = pdfjs.getDocument({
    ...(whole ? { data: first.bytes } : { range: new Parts(total, first.bytes) }),
    rangeChunkSize: PART_BYTES,
    disableAutoFetch: true,
    disableStream: true,
    standardFontDataUrl: beside,
    wasmUrl: beside,
    // The page's policy forbids WebAssembly and every kind of eval.
    useWasm: false,
    enableXfa: false,
    stopAtErrors: false,
    verbosity: 0,
  })
  try {
    const pdf = await loading.promise
    return { kind: 'open', pdf, close: () => loading.destroy() }
  } catch (thrown) {
    await loading.destroy()
    return { kind: thrown instanceof Error && thrown.name === 'PasswordException' ? 'protected' : 'damaged' }
  }
}
