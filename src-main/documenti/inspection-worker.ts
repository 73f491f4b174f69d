// Looks into copies of the deposit one after the other, in a thread of its own: plain bytes exist in its memory only.
import { createHash } from 'node:crypto'
import { parentPort, workerData } from 'node:worker_threads'
import { formCodesIn } from '../moduli/form-code.ts'
import { pdfReaderIn, type ScannedCodes } from '../signatures/pdf-reader.ts'
import type { Source } from '../signatures/source.ts'
import { verifyPdf } from '../signatures/pdf-verify.ts'
import { verifySource } from '../signatures/verify-document.ts'
import { threadTrust } from '../trust/thread-trust.ts'
import { documentText } from './document-text.ts'
import { contentOf } from './envelope-content.ts'
import { InspectionSetup, InspectionTask, type InspectionReply } from './inspection-messages.ts'
import { openSealedSource } from './sealed-source.ts'

const { pdfReader: script, dataDir, network } = InspectionSetup.parse(workerData)
const judgeFor = threadTrust(dataDir, network)
const reader = pdfReaderIn(script.startsWith('file:') ? new URL(script) : script)
const MOST_CONTENT = 256 * 1024 * 1024

function sha256Of(source: Source): string {
  const hash = createHash('sha256')
  source.scan(0, source.size, (piece) => hash.update(piece))
  return hash.digest('hex')
}

async function scannedCodesOf(source: Source): Promise<ScannedCodes> {
  const content = contentOf(source)
  // What took too long may have shown a code as well.
  return (content === null ? null : await reader.scannedCodes(content)) ?? { codes: [], unread: true }
}

async function inspect(id: number, nomeFile: string, source: Source): Promise<InspectionReply> {
  const verifica = await verifySource(source, {
    name: nomeFile,
    sha256: () => sha256Of(source),
    examinePdf: (pdf, { at }) => verifyPdf(pdf, { at, reader }),
    trust: judgeFor('online'),
  })
  const read = await documentText(source, reader)
  const testo = read === null || read.locked ? null : read.pages.join('\n')
  const written = formCodesIn(testo ?? '')
  const { codes, unread } =
    testo === null || written.length > 0 ? { codes: written, unread: false } : await scannedCodesOf(source)
  return {
    kind: 'inspected',
    id,
    found: {
      verifica,
      testo,
      pagine: read === null || read.locked ? null : read.pageCount,
      // Encrypted, and not to be read without what somebody knows.
      protetto:
        read?.locked ??
        verifica.warnings.some((each) => each === 'password_required' || each === 'encrypted_for_recipient'),
      codiciModulo: codes,
      codiceNonLetto: codes.length === 0 && unread,
    },
  }
}

function bytesOf(id: number, source: Source): InspectionReply {
  const content = contentOf(source)
  const bytes = content === null || content.size > MOST_CONTENT ? null : Uint8Array.from(content.read(0, content.size))
  return { kind: 'content', id, bytes }
}

/** The system's own errors have a code; anything else is a fault of the program, and ends the thread. */
function systemCodeOf(cause: unknown): string {
  if (cause instanceof Error && 'syscall' in cause && 'code' in cause && typeof cause.code === 'string')
    return cause.code
  throw cause
}

async function serve(message: unknown): Promise<void> {
  const { id, kind, path, key, iv, nomeFile } = InspectionTask.parse(message)
  let reply: InspectionReply
  try {
    const source = openSealedSource(path, Buffer.from(key, 'hex'), Buffer.from(iv, 'hex'))
    try {
      reply = kind === 'inspect' ? await inspect(id, nomeFile, source) : bytesOf(id, source)
    } finally {
      source.close()
    }
  } catch (cause) {
    reply = { kind: 'failed', id, systemCode: systemCodeOf(cause) }
  }
  parentPort?.postMessage(reply)
}

parentPort?.on('message', (message: unknown) => void serve(message))
