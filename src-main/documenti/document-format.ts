import type { DocumentoFormato } from '../provider-contract/capabilities.ts'

/** How many bytes of a file's start the format is told from. */
export const FORMAT_HEAD_BYTES = 2048

// OBJECT IDENTIFIER 1.2.840.113549.1.7.2, signedData (RFC 5652).
const signedData = Buffer.from('06092a864886f70d010702', 'hex')

function isCms(head: Buffer): boolean {
  return head[0] === 0x30 && head.subarray(0, 32).includes(signedData)
}

/** A p7m may be bare or PEM base64: its text, decoded as far as it goes. */
function base64Start(head: Buffer): Buffer {
  const text = head
    .toString('latin1')
    .replace(/^\uFEFF?\s*-----BEGIN [A-Z0-9 ]+-----/, '')
    .replace(/\s+/g, '')
  return /^[A-Za-z0-9+/=]{44}/.test(text) ? Buffer.from(text.slice(0, 1024), 'base64') : Buffer.alloc(0)
}

/**
 * What a file is by its first bytes, whatever its name says: a PDF, or a CMS signedData (.p7m: DER, BER, PEM or base64);
 * null for anything else. It says nothing of whether a signature holds.
 */
export function documentFormat(head: Buffer): DocumentoFormato | null {
  // Before the PDF: the envelope of a signed one has its beginning among its own first bytes.
  if (isCms(head) || isCms(base64Start(head))) return 'p7m'
  return head.subarray(0, 1024).includes('%PDF-') ? 'pdf' : null
}

// MZ of Windows, ELF, the Mach-O variants, a script that names its interpreter.
const programs = ['4d5a', '7f454c46', 'cafebabe', 'feedface', 'feedfacf', 'cefaedfe', 'cffaedfe', '2321']

/** Whether the first bytes are those of something that a computer runs. */
export function isProgram(head: Buffer): boolean {
  const hex = head.subarray(0, 4).toString('hex')
  return programs.some((start) => hex.startsWith(start))
}

/** How many bytes of a file's end its completeness is told from. */
export const FORMAT_TAIL_BYTES = 2048

/** Whether a PDF has no end (ISO 32000-1, 7.5.5): it was cut while it was copied or downloaded. */
export function isPdfTruncated(tail: Buffer): boolean {
  return !tail.includes('%%EOF')
}
