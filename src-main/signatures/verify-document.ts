import { createHash } from 'node:crypto'
import { extname } from 'node:path'
import type { Fiducia, Firma, MarcaTemporale, Verifica } from '../contract/verifica.ts'
import type { VerifiedSignature } from './cms.ts'
import { examineDocument, type ExaminePdf } from './examine-document.ts'
import type { PdfSecurityStore } from './pdf-security-store.ts'
import { openFileSource, type Source } from './source.ts'
import type { VerifiedTimestamp } from './timestamp.ts'

/** Says what the trusted lists say of a certificate. Without one, trust is `not_checked`. */
export interface TrustJudge {
  /**
   * `at` is null where nobody asked for a date: the signature's own moment counts. `securityStore` is the validation data
   * that the document carries.
   */
  signature(signature: VerifiedSignature, at: Date | null, securityStore?: PdfSecurityStore): Promise<Fiducia>
  timestamp(timestamp: VerifiedTimestamp, at: Date | null, securityStore?: PdfSecurityStore): Promise<Fiducia>
}
interface TrustQuestion {
  at: Date | null
  securityStore: PdfSecurityStore
}

export interface VerifyOptions {
  /** Path of what a detached signature or a timestamp is of. */
  content?: string | null | undefined
  /** A date other than now for which it is asked. */
  at?: Date | null | undefined
  now?: Date | undefined
  examinePdf?: ExaminePdf | undefined
  trust?: TrustJudge | undefined
  /** Bytes read of how many. */
  onProgress?: ((done: number, total: number) => void) | undefined
}

const signedEndings = ['.p7m', '.p7s', '.p7', '.tsd', '.tsr', '.tst']
function namedAs(name: string): 'signed' | 'pdf' | null {
  const ending = extname(name).toLowerCase()
  if (ending === '.pdf') return 'pdf'
  return signedEndings.includes(ending) ? 'signed' : null
}

async function judgedTimestamp(
  timestamp: VerifiedTimestamp,
  trust: TrustJudge | undefined,
  asked: TrustQuestion,
): Promise<MarcaTemporale> {
  const { marca } = timestamp
  return trust === undefined
    ? marca
    : { ...marca, trust: await trust.timestamp(timestamp, asked.at, asked.securityStore) }
}

async function judgedSignature(
  signature: VerifiedSignature,
  trust: TrustJudge | undefined,
  asked: TrustQuestion,
): Promise<Firma> {
  const { firma, timestamps } = signature
  if (trust === undefined) return firma
  const shown = timestamps.find(({ marca }) => marca === firma.timestamp)
  // The signature first: it brings what its timestamps are judged by.
  const judged = await trust.signature(signature, asked.at, asked.securityStore)
  return {
    ...firma,
    timestamp: shown === undefined ? firma.timestamp : await judgedTimestamp(shown, trust, asked),
    trust: judged,
  }
}

/** A document that is read through a source of its own. */
export interface SourceOptions extends Omit<VerifyOptions, 'content' | 'onProgress'> {
  /** By its ending it is expected to be signed. */
  name: string
  /** What a detached signature or a timestamp is of. */
  content?: Source | undefined
  /** Of the whole document; asked when all else has been read. */
  sha256(): string
}

/** Verifies one document of whatever form, which is read by position. Throws what the source throws. */
export async function verifySource(source: Source, options: SourceOptions): Promise<Verifica> {
  const now = options.now ?? new Date()
  const at = options.at ?? null
  const found = await examineDocument(source, {
    at: at ?? now,
    content: options.content,
    named: namedAs(options.name),
    examinePdf: options.examinePdf,
  })
  const asked = { at, securityStore: found.securityStore }
  const signatures = []
  for (const signature of found.signatures) signatures.push(await judgedSignature(signature, options.trust, asked))
  const documentTimestamps = []
  for (const timestamp of found.documentTimestamps)
    documentTimestamps.push(await judgedTimestamp(timestamp, options.trust, asked))
  return {
    format: found.format,
    containers: found.containers,
    integrity: found.integrity,
    signatures,
    documentTimestamps,
    warnings: found.warnings,
    sha256: options.sha256(),
    bytes: source.size,
    content: found.content,
    verifiedAt: now.toISOString(),
    at: at?.toISOString() ?? null,
  }
}

/**
 * Verifies one document of whatever form. Reads it by position, once where it can, and writes nothing. Throws the system's errors where the file, or the content given, cannot be read.
 */
export async function verifyDocument(path: string, options: VerifyOptions = {}): Promise<Verifica> {
  const hash = createHash('sha256')
  let total = 0
  let done = 0
  const source = openFileSource(path, {
    update(piece) {
      hash.update(piece)
      done += piece.length
      options.onProgress?.(done, total)
    },
  })
  total = source.size
  const content = options.content == null ? null : openContent(options.content, source.close)
  try {
    return await verifySource(source, {
      ...options,
      name: path,
      content: content ?? undefined,
      sha256() {
        source.readRest()
        return hash.digest('hex')
      },
    })
  } finally {
    content?.close()
    source.close()
  }
}

function openContent(path: string, closeOther: () => void): ReturnType<typeof openFileSource> {
  try {
    return openFileSource(path)
  } catch (cause) {
    closeOther()
    throw cause
  }
}
