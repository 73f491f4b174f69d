import type { AvvisoFirma, CambiamentoDopoFirma, Integrita, MotivoFirma } from '../contract/verifica.ts'
import type { VerifiedSignature } from './cms.ts'
import { FORMAT_TAIL_BYTES, isPdfTruncated } from './file-kind.ts'
import { pdfBudget, pdfLimits, type PdfLimits } from './pdf-budget.ts'
import { changesAfterSigning, changesOrUnknown } from './pdf-changes.ts'
import { unreadSignature, unreadTimestamp, verifyContents, verifyDocumentTimestamp } from './pdf-contents.ts'
import { PdfFault } from './pdf-object.ts'
import type { PdfReader } from './pdf-reader.ts'
import type { DocumentState } from './pdf-roles.ts'
import { emptySecurityStore, readSecurityStore, type PdfSecurityStore } from './pdf-security-store.ts'
import { findSignatures, findWithoutStructure, readable, type FoundSignature } from './pdf-signatures.ts'
import { fieldsOf, pagesOf } from './pdf-tree.ts'
import { openPdf, type PdfFile, type PdfView } from './pdf-view.ts'
import { endOfRevision } from './pdf-xref.ts'
import type { Source } from './source.ts'
import { StructureError } from './structure-error.ts'
import type { VerifiedTimestamp } from './timestamp.ts'
import { readCertificate, type Certificate } from './x509.ts'

/** What was found out of a PDF. */
export interface VerifiedPdf {
  integrity: Integrita
  /** Why it is `unverifiable` where no signature says so. */
  reason: MotivoFirma | null
  signatures: VerifiedSignature[]
  documentTimestamps: VerifiedTimestamp[]
  warnings: AvvisoFirma[]
  securityStore: PdfSecurityStore
}

export interface PdfOptions {
  /** The moment for which it is asked. By itself now. */
  at?: Date | undefined
  /** Asked for a second opinion before anything is called not signed. */
  reader?: PdfReader | undefined
  onProgress?: ((bytes: number) => void) | undefined
  limits?: PdfLimits | undefined
}

interface Read {
  file: PdfFile
  /** Null where not even objects can be found. */
  view: PdfView | null
  found: FoundSignature[]
  usageRights: boolean
  state: DocumentState | null
}

function readPdf(source: Source, limits: PdfLimits): Read {
  const file = openPdf(source, pdfBudget(limits))
  const view = viewOrNull(file, source.size)
  if (view === null) return { file, view, found: findWithoutStructure(file), usageRights: false, state: null }
  const { signatures, usageRights, fields, pages } = findSignatures(file, view)
  return { file, view, found: signatures, usageRights, state: { view, fields, pages } }
}

function viewOrNull(file: PdfFile, end: number): PdfView | null {
  try {
    return file.viewAt(end)
  } catch (error) {
    if (error instanceof PdfFault && error.code !== 'too_complex') return null
    throw error
  }
}

/** What was done after a signature. Throws PdfFault `too_complex`. */
function changesOf({ file, found, state }: Read, { range }: FoundSignature): CambiamentoDopoFirma[] {
  if (range === null || range.coversWholeDocument || state === null) return []
  const { end } = range
  const later = found.filter((other) => other.range !== null && other.range.end > end)
  const signedBy = found.filter((other) => other.range !== null && other.range.end <= end)
  return changesOrUnknown(() => {
    const view = file.viewAt(end)
    const pages = pagesOf(view)
    return changesAfterSigning({
      file: file.bytes,
      signed: { view, pages, fields: fieldsOf(view, pages) },
      final: state,
      signedBy: signedBy.flatMap(({ num, dict }) => (dict === null ? [] : [{ num, dict }])),
      later: new Set(later.flatMap(({ num }) => num ?? [])),
      laterSignature: later.some(({ documentTimestamp }) => !documentTimestamp),
    })
  })
}

function certificatesOf({ certificates }: PdfSecurityStore): Certificate[] {
  return certificates.flatMap((der) => {
    try {
      return [readCertificate(der)]
    } catch (error) {
      if (error instanceof StructureError) return []
      throw error
    }
  })
}

/** One signature of the file; several where its CMS has several signers. */
function verifyFound(
  source: Source,
  read: Read,
  found: FoundSignature,
  certificates: readonly Certificate[],
  options: PdfOptions,
): VerifiedSignature[] {
  const { range, field, outsideForm } = found
  if (range === null) return [unreadSignature(field, 'invalid', 'byte_range_damaged')]
  let changes: CambiamentoDopoFirma[] = []
  let unknown: MotivoFirma | null = read.state === null ? 'structure_damaged' : null
  try {
    changes = changesOf(read, found)
  } catch (error) {
    if (!(error instanceof PdfFault)) throw error
    unknown = 'too_complex'
  }
  const { at, onProgress } = options
  return verifyContents(source, found, range, { certificates, at, onProgress }).map((signature) => {
    const { firma } = signature
    const warnings = [...firma.warnings]
    if (changes.length > 0) warnings.push('changes_after_signing')
    // What followed and is no change (signatures, their validation data) is nobody's worry.
    if (changes.length > 0 || (unknown !== null && !range.coversWholeDocument))
      warnings.push('signature_not_covering_document')
    if (outsideForm && read.view?.encrypted === false) warnings.push('signature_outside_form')
    // Nobody can say what a reader shows of it, so that nothing is called valid.
    const verdict =
      unknown !== null && firma.integrity === 'valid' ? { integrity: 'unverifiable' as const, reason: unknown } : {}
    const covers = range.coversWholeDocument
    return {
      ...signature,
      firma: { ...firma, changesAfterSigning: changes, coversWholeDocument: covers, warnings, ...verdict },
    }
  })
}

function worstOf(parts: readonly { integrity: 'valid' | 'invalid' | 'unverifiable' }[]): Integrita {
  if (parts.length === 0) return 'not_signed'
  if (parts.some(({ integrity }) => integrity === 'invalid')) return 'invalid'
  return parts.some(({ integrity }) => integrity === 'unverifiable') ? 'unverifiable' : 'valid'
}

/**
 * Verifies the signatures of a PDF: those that its structure has and those that only its bytes show, each over the bytes
 * that it names, and what was done after it (PAdES, ETSI EN 319 142-1). Trust is `not_checked`. Answers, whatever the
 * bytes are; throws the system's errors.
 */
export async function verifyPdf(source: Source, options: PdfOptions = {}): Promise<VerifiedPdf> {
  try {
    const read = readPdf(source, options.limits ?? pdfLimits)
    const securityStore = securityStoreOf(read)
    const certificates = certificatesOf(securityStore)
    const signatures: VerifiedSignature[] = []
    const stamps: { end: number; timestamp: VerifiedTimestamp }[] = []
    const ends = new Map<VerifiedSignature, number>()
    let place = 0
    for (const found of read.found) {
      if (found.documentTimestamp) {
        const { range } = found
        const timestamp =
          range === null
            ? unreadTimestamp('invalid', 'byte_range_damaged')
            : verifyDocumentTimestamp(source, range, certificates)
        stamps.push({ end: range?.end ?? 0, timestamp })
        continue
      }
      place++
      for (const signature of verifyFound(source, read, found, certificates, options)) {
        // `1` and `1.1` of the second signature's CMS are `2` and `2.1` of the document.
        const id = signature.firma.id.replace(/^\d*/, String(place))
        const verified = { ...signature, firma: { ...signature.firma, id } }
        signatures.push(verified)
        ends.set(verified, found.range?.end ?? Infinity)
      }
    }
    const documentTimestamps = stamps.map(({ timestamp }) => timestamp)
    // A timestamp over the document is over all signatures that stand before it.
    for (const signature of signatures) {
      const later = stamps.filter(({ end }) => end > (ends.get(signature) ?? Infinity))
      signature.timestamps.push(...later.map(({ timestamp }) => timestamp))
    }
    const warnings: AvvisoFirma[] = []
    if (read.usageRights) warnings.push('usage_rights_signature')
    if (read.view?.encrypted === true) {
      warnings.push('encrypted_document')
      if (options.reader !== undefined && (await isLocked(source, options.reader))) warnings.push('password_required')
    }
    const parts = [...signatures.map(({ firma }) => firma), ...documentTimestamps.map(({ marca }) => marca)]
    const verified = { signatures, documentTimestamps, warnings, securityStore }
    if (parts.length > 0) return { ...verified, integrity: worstOf(parts), reason: null }
    const without = await withoutSignature(source, read, options)
    return { ...verified, ...without, warnings: [...warnings, ...troubleOf(source, without)] }
  } catch (error) {
    if (!(error instanceof PdfFault)) throw error
    const unread = {
      integrity: 'unverifiable',
      reason: error.code === 'too_complex' ? 'too_complex' : 'structure_damaged',
      signatures: [],
    } as const
    return {
      ...unread,
      signatures: [],
      documentTimestamps: [],
      warnings: troubleOf(source, unread),
      securityStore: emptySecurityStore,
    }
  }
}

/** Whether nobody reads it without a password or a key: a PDF that only restricts its use opens without either. */
async function isLocked(source: Source, reader: PdfReader): Promise<boolean> {
  const read = await reader.text(source, { pages: 0, characters: 0 })
  return read?.locked ?? true
}

/** What is said of a file in which no signature could be looked for to the end. */
function troubleOf(
  source: Source,
  { integrity, reason, signatures }: Pick<VerifiedPdf, 'integrity' | 'reason'> & { signatures: readonly unknown[] },
): AvvisoFirma[] {
  if (integrity !== 'unverifiable' || signatures.length > 0) return []
  if (reason === 'too_complex') return ['file_too_complex']
  const tail = Math.max(0, source.size - FORMAT_TAIL_BYTES)
  return [isPdfTruncated(source.read(tail, FORMAT_TAIL_BYTES)) ? 'file_truncated' : 'file_damaged']
}

function securityStoreOf({ view }: Read): PdfSecurityStore {
  return view === null ? emptySecurityStore : readable(() => readSecurityStore(view), emptySecurityStore)
}

/**
 * Of a file in which no signature was seen (rule 2): not signed only where it could be read to its end, and the second
 * reader has seen none either.
 */
async function withoutSignature(
  source: Source,
  { file, view }: Read,
  { reader }: PdfOptions,
): Promise<Pick<VerifiedPdf, 'integrity' | 'reason' | 'signatures'>> {
  // Where not even objects were found, nothing that a second reader sees makes it a document that is not signed.
  const seen = (view === null ? null : await reader?.signatures(source)) ?? []
  if (seen.length > 0) {
    const signatures = seen.map(({ field }, index) => {
      const { firma, ...rest } = unreadSignature(field, 'unverifiable', 'structure_damaged')
      return { ...rest, firma: { ...firma, id: String(index + 1) } }
    })
    return { integrity: 'unverifiable', reason: null, signatures }
  }
  const isWhole = view !== null && endOfRevision(file.bytes, source.size)?.unfinished === false
  if (isWhole) return { integrity: 'not_signed', reason: null, signatures: [] }
  return { integrity: 'unverifiable', reason: 'structure_damaged', signatures: [] }
}
