// Verifies documents one after the other, in a thread of its own.
import { parentPort, workerData } from 'node:worker_threads'
import { threadTrust } from '../trust/thread-trust.ts'
import { pdfReaderIn } from './pdf-reader.ts'
import { verifyPdf } from './pdf-verify.ts'
import { VerificationSetup, VerificationTask, type VerificationReply } from './verification-messages.ts'
import { verifyDocument } from './verify-document.ts'

// Beside this one, built or not.
const reader = pdfReaderIn(
  new URL(`./pdf-reader-worker.${import.meta.url.endsWith('.ts') ? 'ts' : 'js'}`, import.meta.url),
)

const { dataDir, network } = VerificationSetup.parse(workerData ?? {})
const judgeFor = threadTrust(dataDir, network)

const tell = (reply: VerificationReply): void => parentPort?.postMessage(reply)

/** The system's own errors have a code; anything else is a fault of the program, and ends the thread. */
function systemCodeOf(cause: unknown): string {
  if (cause instanceof Error && 'syscall' in cause && 'code' in cause && typeof cause.code === 'string')
    return cause.code
  throw cause
}

async function serve(message: unknown): Promise<void> {
  const { id, path, content, at, trust } = VerificationTask.parse(message)
  let told = 0
  try {
    const verifica = await verifyDocument(path, {
      content,
      at: at === null ? null : new Date(at),
      trust: judgeFor(trust),
      examinePdf: (pdf, options) => verifyPdf(pdf, { at: options.at, reader }),
      onProgress(done, total) {
        // A hundred times for a file, however large.
        if (done - told < total / 100) return
        told = done
        tell({ kind: 'progress', id, done, total })
      },
    })
    tell({ kind: 'done', id, verifica })
  } catch (cause) {
    tell({ kind: 'failed', id, systemCode: systemCodeOf(cause) })
  }
}

parentPort?.on('message', (message: unknown) => void serve(message))
