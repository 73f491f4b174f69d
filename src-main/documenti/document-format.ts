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
