import { entriesOf, isStream, PdfFault, type PdfValue } from './pdf-object.ts'
import type { PdfView } from './pdf-view.ts'

/**
 * The validation data that a PDF carries for its signatures (document security store, ETSI EN 319 142-1, 5.4), as DER.
 * Nothing of it is verified: whoever judges trust does.
 */
export interface PdfSecurityStore {
  certificates: Uint8Array[]
  ocspResponses: Uint8Array[]
  revocationLists: Uint8Array[]
}

/** Italian lists reach some 10 MB. */
const largestItem = 32 << 20
const mostItems = 2_000

export const emptySecurityStore: PdfSecurityStore = { certificates: [], ocspResponses: [], revocationLists: [] }

function itemsOf(view: PdfView, holder: PdfValue, keys: readonly string[]): PdfValue[] {
  return keys.flatMap((key) => {
    const listed = view.get(holder, key)
    return Array.isArray(listed) ? listed : []
  })
}

/** Reads it; what is damaged or beyond measure is passed over. Throws PdfFault `too_complex`. */
export function readSecurityStore(view: PdfView): PdfSecurityStore {
  const store = view.resolve(view.catalog.get('DSS'))
  if (store === null) return emptySecurityStore
  // Data of one signature may stand in its VRI only.
  const own = [...entriesOf(view.get(store, 'VRI')).values()]
  const read = (key: string, ownKey: string): Uint8Array[] => {
    const values = [...itemsOf(view, store, [key]), ...own.flatMap((vri) => itemsOf(view, vri, [ownKey]))]
    const items = new Map<string, Uint8Array>()
    for (const value of values.slice(0, mostItems)) {
      const bytes = streamBytes(view, value)
      if (bytes !== null) items.set(`${bytes.length} ${Buffer.from(bytes.subarray(0, 512)).toString('base64')}`, bytes)
    }
    return [...items.values()]
  }
  return {
    certificates: read('Certs', 'Cert'),
    ocspResponses: read('OCSPs', 'OCSP'),
    revocationLists: read('CRLs', 'CRL'),
  }
}

function streamBytes(view: PdfView, value: PdfValue): Uint8Array | null {
  try {
    const stream = view.resolve(value)
    if (!isStream(stream) || view.streamLength(stream) > largestItem) return null
    // A copy: the blocks of the file are not kept.
    return Uint8Array.from(view.decoded(stream))
  } catch (error) {
    if (error instanceof PdfFault && error.code !== 'too_complex') return null
    throw error
  }
}
