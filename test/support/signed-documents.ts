import { createHash } from 'node:crypto'
import { PDFDocument } from 'pdf-lib'
import { makeIdentity, signCms, type Identity } from '../signatures/openssl.ts'

/** Documents as holders send them: a PDF with a text, signed (CAdES) with a certificate of their codice fiscale. */
export interface SignedDocuments {
  pdf(text: string): Promise<Buffer>
  p7m(text: string, codiceFiscale: string): Promise<Buffer>
}

/** `folder`: where keys and certificates are kept. */
export function signedDocuments(folder: string): SignedDocuments {
  const identities = new Map<string, Identity>()
  function signer(codiceFiscale: string): Identity {
    const known = identities.get(codiceFiscale)
    if (known !== undefined) return known
    const subject = `/C=IT/CN=PROVA ${codiceFiscale.slice(0, 6)}/serialNumber=TINIT-${codiceFiscale}`
    const made = makeIdentity(folder, codiceFiscale, ['EC', '-pkeyopt', 'ec_paramgen_curve:P-256'], { subject })
    identities.set(codiceFiscale, made)
    return made
  }
  async function pdf(text: string): Promise<Buffer> {
    const document = await PDFDocument.create()
    document.addPage().drawText(text, { size: 12, x: 40, y: 700 })
    return Buffer.from(await document.save())
  }
  return {
    pdf,
    p7m: async (text, codiceFiscale) => signCms(signer(codiceFiscale), await pdf(text), '-nodetach'),
  }
}

export function sha256Of(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex')
}
