import { isUniversal, oidOf, readElement, readHeader, tags, createBudget } from './der.ts'
import { contentTypes } from './signed-data.ts'
import type { Source } from './source.ts'
import { StructureError } from './structure-error.ts'

/**
 * What bytes are, told from themselves. `damaged`: an envelope it was, and no longer one that can be read; `encrypted`:
 * an envelope that only its recipient opens.
 */
export type DocumentForm =
  | 'pdf'
  | 'signed_data'
  | 'timestamped_data'
  | 'timestamp_response'
  | 'pem'
  | 'base64'
  | 'encrypted'
  | 'damaged'
  | 'other'

const HEAD = 1024
const encryptedTypes = ['1.2.840.113549.1.7.3', '1.2.840.113549.1.7.6', '1.2.840.113549.1.9.16.1.23']
/** The object identifiers of SignedData and of TimeStampedData as encoded. */
const marks = ['06092a864886f70d010702', '060b2a864886f70d010910011f'].map((text) => Buffer.from(text, 'hex'))

/** The first bytes of base64 text, decoded; null where it is none. */
export function base64Head(text: string): Uint8Array | null {
  const clean = text.replace(/^\uFEFF|^\u00ef\u00bb\u00bf/, '').replace(/[\r\n\t ]+/g, '')
  const whole = /^[A-Za-z0-9+/]{8,}={0,2}/.exec(clean)?.[0]
  return whole === undefined ? null : Buffer.from(whole, 'base64')
}

/** Whether one of the marks stands near the beginning, up to two damaged bytes of it. */
function resemblesEnvelope(head: Uint8Array): boolean {
  return marks.some((mark) => {
    for (let start = 0; start <= 24 && start + mark.length <= head.length; start++) {
      let wrong = 0
      for (let index = 0; index < mark.length && wrong <= 2; index++) if (head[start + index] !== mark[index]) wrong++
      if (wrong <= 2) return true
    }
    return false
  })
}

/** The form of a SEQUENCE by what stands first in it; null where it is nothing known. Throws StructureError. */
function sequenceForm(source: Source): DocumentForm | null {
  const budget = createBudget(1000)
  const outer = readHeader(source, 0, source.size, budget)
  if (!isUniversal(outer, tags.sequence)) return null
  const limit = outer.contentEnd ?? source.size
  const first = readElement(source, outer.contentStart, limit, budget)
  if (isUniversal(first, tags.oid)) {
    const oid = oidOf(first)
    if (oid === contentTypes.signedData) return 'signed_data'
    if (oid === contentTypes.timestampedData) return 'timestamped_data'
    return encryptedTypes.includes(oid) ? 'encrypted' : null
  }
  // TimeStampResp (RFC 3161, 2.4.2): a status, then the token where one was granted.
  if (!isUniversal(first, tags.sequence) || outer.contentEnd === null) return null
  const status = readElement(source, first.contentStart, first.contentEnd, budget)
  if (!isUniversal(status, tags.integer)) return null
  if (first.end >= limit) return limit === source.size ? 'timestamp_response' : null
  const token = readHeader(source, first.end, limit, budget)
  if (!isUniversal(token, tags.sequence)) return null
  const type = readElement(source, token.contentStart, token.contentEnd ?? limit, budget)
  return isUniversal(type, tags.oid) && oidOf(type) === contentTypes.signedData ? 'timestamp_response' : null
}

/** Tells the form of a document from its bytes. */
export function documentForm(source: Source): DocumentForm {
  const head = source.read(0, HEAD)
  const text = Buffer.from(head).toString('latin1')
  if (/^[\s\u00ef\u00bb\u00bf]*-----BEGIN [A-Z0-9 #]+-----/.test(text)) return 'pem'
  if (head[0] === 0x30) {
    try {
      const form = sequenceForm(source)
      if (form !== null) return form
    } catch (cause) {
      if (!(cause instanceof StructureError)) throw cause
    }
  }
  if (resemblesEnvelope(head)) return 'damaged'
  // After the envelopes: those of a PDF show its mark near their beginning.
  if (text.includes('%PDF-')) return 'pdf'
  const decoded = base64Head(text)
  // Envelopes are told from text that merely uses the same letters by what they decode to.
  if (decoded !== null && isEnvelopeHead(decoded)) return 'base64'
  return 'other'
}

/** Whether decoded text begins an envelope, or once more such text: base64 twice over is met in practice. */
function isEnvelopeHead(head: Uint8Array): boolean {
  if (resemblesEnvelope(head)) return true
  const text = Buffer.from(head).toString('latin1')
  const again = base64Head(text)
  return /^\s*-----BEGIN /.test(text) || (again !== null && resemblesEnvelope(again))
}

/** What the content of an envelope is, for who is to open it. */
export function contentFormat(source: Source): string {
  switch (documentForm(source)) {
    case 'pdf':
      return 'pdf'
    case 'signed_data':
    case 'pem':
    case 'base64':
    case 'damaged':
      return 'p7m'
    case 'timestamped_data':
      return 'tsd'
    case 'timestamp_response':
      return 'tsr'
    case 'encrypted':
      return 'encrypted'
    case 'other':
      return plainFormat(source.read(0, HEAD))
  }
}

function plainFormat(head: Uint8Array): string {
  const text = Buffer.from(head).toString('latin1')
  if (text.startsWith('PK\u0003\u0004')) return 'zip'
  if (text.startsWith('{\\rtf')) return 'rtf'
  if (text.startsWith('\u00d0\u00cf\u0011\u00e0')) return 'office'
  if (text.startsWith('\u00ff\u00d8\u00ff')) return 'jpeg'
  if (text.startsWith('\u0089PNG')) return 'png'
  if (/^[\s\u00ef\u00bb\u00bf]*<(\?xml|[A-Za-z])/.test(text)) return 'xml'
  return head.some((byte) => byte < 9 || (byte > 13 && byte < 32)) ? 'other' : 'text'
}
