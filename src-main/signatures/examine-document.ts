import type { AvvisoFirma, FormatoVerificato, Integrita } from '../contract/verifica.ts'
import { base64Source } from './base64-source.ts'
import { unreadableSignature, verifySignedData, type VerifiedSignature } from './cms.ts'
import { createBudget, encodedOf, readElement, sequenceOf } from './der.ts'
import { contentFormat, documentForm } from './document-form.ts'
import { emptySecurityStore, type PdfSecurityStore } from './pdf-security-store.ts'
import { isProgram } from './file-kind.ts'
import type { VerifiedPdf } from './pdf-verify.ts'
import { contentTypes } from './signed-data.ts'
import type { Source } from './source.ts'
import { damaged, StructureError } from './structure-error.ts'
import { lazyDigests, readTimestampedData, verifyTimestampedData } from './timestamped-data.ts'
import { verifyTimestamp, type VerifiedTimestamp } from './timestamp.ts'

/** Envelopes in each other, and wrappings of text around them. */
const MAX_LAYERS = 12

/** What is found out of a PDF. */
export type ExaminedPdf = Pick<
  VerifiedPdf,
  'integrity' | 'signatures' | 'documentTimestamps' | 'warnings' | 'securityStore'
>
export type ExaminePdf = (source: Source, options: { at: Date }) => Promise<ExaminedPdf>

export interface ExamineOptions {
  /** The moment for which it is asked. */
  at: Date
  /** What a detached signature or a timestamp is of. */
  content?: Source | undefined
  /** What its name says: unknown bytes are then a damaged envelope, or no PDF, and not just an unsigned document. */
  named?: 'signed' | 'pdf' | null | undefined
  examinePdf?: ExaminePdf | undefined
}

/** All that the bytes of a document say. The signatures still have what a judgement of their trust needs. */
export interface Examination {
  format: FormatoVerificato
  containers: string[]
  integrity: Integrita
  signatures: VerifiedSignature[]
  documentTimestamps: VerifiedTimestamp[]
  warnings: AvvisoFirma[]
  content: { format: string; bytes: number } | null
  /** The validation data that a PDF carries. */
  securityStore: PdfSecurityStore
}

const order: readonly Integrita[] = ['invalid', 'unverifiable', 'valid', 'not_signed']
/** The worst of several; of none, that nothing is signed. */
export function worstOf(integrities: readonly Integrita[]): Integrita {
  return order.find((integrity) => integrities.includes(integrity)) ?? 'not_signed'
}

interface Layer {
  /** Which envelope it is, from the outside, counted from 1. */
  envelope: number
  depth: number
  detached: Source | null
  expectSigned: boolean
  stampedAs: VerifiedTimestamp | null
}

/**
 * Examines a document: tells its form from its bytes, opens what it is wrapped in, and verifies every signature of every
 * envelope. Throws only the system's errors: what the bytes are is the answer.
 */
export async function examineDocument(source: Source, options: ExamineOptions): Promise<Examination> {
  const found: Examination = {
    format: 'unknown',
    containers: [],
    integrity: 'not_signed',
    signatures: [],
    documentTimestamps: [],
    warnings: [],
    content: null,
    securityStore: emptySecurityStore,
  }
  let floor: Integrita = 'not_signed'

  function add(signatures: readonly VerifiedSignature[], { envelope }: Layer): void {
    for (const signature of signatures) {
      const { firma } = signature
      const id = envelope === 1 ? firma.id : `${envelope}/${firma.id}`
      found.signatures.push({ ...signature, firma: { ...firma, id } })
    }
  }
  function named(format: FormatoVerificato): void {
    if (found.format === 'unknown') found.format = format
  }
  function afterEnd(inside: Source, end: number): void {
    if (inside.size > end) found.warnings.push('trailing_bytes')
  }
  const inside = (layer: Layer): Layer => ({
    ...layer,
    envelope: layer.envelope + 1,
    depth: layer.depth + 1,
    detached: null,
    expectSigned: false,
  })

  /** What an envelope holds: another one is opened in its turn, anything else is the document. */
  async function openContent(content: Source, layer: Layer): Promise<void> {
    switch (documentForm(content)) {
      case 'signed_data':
      case 'timestamped_data':
      case 'pem':
      case 'base64':
      case 'damaged': {
        found.containers.push('nested')
        await unfold(content, inside(layer))
        return
      }
      case 'pdf':
      case 'timestamp_response':
      case 'encrypted':
      case 'other':
        found.content = { format: contentFormat(content), bytes: content.size }
    }
    // Its own signatures count besides; without any it is what was signed, and no unsigned document.
    if (found.content.format === 'pdf' && options.examinePdf !== undefined) {
      const pdf = await options.examinePdf(content, { at: options.at })
      if (pdf.signatures.length + pdf.documentTimestamps.length > 0) addPdf(pdf, inside(layer))
      else found.warnings.push(...pdf.warnings)
    }
  }
  function addPdf(pdf: ExaminedPdf, layer: Layer): void {
    add(pdf.signatures, layer)
    found.documentTimestamps.push(...pdf.documentTimestamps)
    found.warnings.push(...pdf.warnings)
    found.securityStore = pdf.securityStore
  }

  async function signedData(bytes: Source, layer: Layer): Promise<void> {
    const {
      signatures,
      content,
      signedData: structure,
      end,
    } = verifySignedData(bytes, {
      at: options.at,
      content: layer.detached ?? undefined,
      stampedAs: layer.stampedAs ?? undefined,
    })
    found.containers.push(structure.ber ? 'ber' : 'der')
    afterEnd(bytes, end)
    if (structure.contentType === contentTypes.timestampInfo) {
      named('tsr')
      timestampToken(bytes, layer)
      return
    }
    named(content === null ? 'p7s' : 'p7m')
    if (layer.envelope > 1) found.warnings.push('nested_envelope')
    if (content === null && layer.detached === null && signatures.length > 0)
      found.warnings.push('content_not_provided')
    add(signatures, layer)
    if (content !== null && signatures.length > 0) await openContent(content, layer)
  }

  function timestampToken(token: Source | Uint8Array, layer: Layer): void {
    const timestamp = verifyTimestamp(token, lazyDigests(layer.detached))
    found.documentTimestamps.push(timestamp)
    if (layer.detached === null) found.warnings.push('content_not_provided')
    else if (timestamp.marca.integrity !== 'valid') found.warnings.push('timestamp_invalid')
  }

  function timestampResponse(bytes: Source, layer: Layer): void {
    named('tsr')
    const response = readElement(bytes)
    found.containers.push('der')
    afterEnd(bytes, response.end)
    const [, token] = sequenceOf(response)
    if (token === undefined) throw damaged('a response without a timestamp: it was refused')
    timestampToken(encodedOf(token), layer)
  }

  async function timestampedData(bytes: Source, layer: Layer): Promise<void> {
    named('tsd')
    const budget = createBudget()
    const data = readTimestampedData(bytes, budget)
    found.containers.push('tsd')
    afterEnd(bytes, data.end)
    const timestamps = verifyTimestampedData(data, layer.detached, budget)
    found.documentTimestamps.push(...timestamps)
    if (timestamps.some(({ marca }) => marca.integrity !== 'valid')) found.warnings.push('timestamp_invalid')
    const [stampedAs] = timestamps
    const stamped = stampedAs?.marca.integrity === 'valid' ? stampedAs : null
    const content = data.content ?? layer.detached
    if (content === null) found.warnings.push('content_not_provided')
    else await openTimestamped(content, { ...layer, stampedAs: stamped ?? layer.stampedAs })
  }
  /** The document of a .tsd is its first envelope, not a nested one. */
  async function openTimestamped(content: Source, layer: Layer): Promise<void> {
    switch (documentForm(content)) {
      case 'signed_data':
      case 'timestamped_data':
      case 'pem':
      case 'base64':
      case 'damaged':
        await unfold(content, { ...layer, depth: layer.depth + 1, detached: null, expectSigned: false })
        return
      case 'pdf':
      case 'timestamp_response':
      case 'encrypted':
      case 'other':
        await openContent(content, { ...layer, envelope: layer.envelope - 1 })
    }
  }

  async function decoded(bytes: Source, pem: boolean, layer: Layer): Promise<void> {
    const held = base64Source(bytes, pem)
    found.containers.push(pem ? 'pem' : 'base64')
    if (!pem) found.warnings.push('base64_container')
    await unfold(held, { ...layer, depth: layer.depth + 1 })
  }

  /** Null where the form is no envelope. */
  async function openForm(bytes: Source, layer: Layer): Promise<void> {
    const form = documentForm(bytes)
    switch (form) {
      case 'signed_data':
      case 'damaged':
        return signedData(bytes, layer)
      case 'timestamped_data':
        return timestampedData(bytes, layer)
      case 'timestamp_response':
        timestampResponse(bytes, layer)
        return
      case 'pem':
      case 'base64':
        return decoded(bytes, form === 'pem', layer)
      case 'pdf':
        return pdfDocument(bytes, layer)
      case 'encrypted':
        found.warnings.push('encrypted_for_recipient')
        floor = 'unverifiable'
        return
      case 'other':
        if (layer.depth === 1 && options.named === 'pdf') found.warnings.push('file_not_what_named')
        if (layer.expectSigned) throw damaged('no envelope that can be recognised')
    }
  }

  async function pdfDocument(bytes: Source, layer: Layer): Promise<void> {
    named('pdf')
    if (options.examinePdf === undefined) {
      floor = 'unverifiable'
      return
    }
    const pdf = await options.examinePdf(bytes, { at: options.at })
    floor = pdf.integrity
    addPdf(pdf, layer)
  }

  async function unfold(bytes: Source, layer: Layer): Promise<void> {
    try {
      if (layer.depth > MAX_LAYERS) throw new StructureError('too_complex', 'envelopes in each other without end')
      await openForm(bytes, layer)
    } catch (cause) {
      if (!(cause instanceof StructureError)) throw cause
      named('p7m')
      add([unreadableSignature(cause)], layer)
    }
  }

  /** Of nothing, and of a program whatever its name is, no signature is looked for. */
  function unusable(): AvvisoFirma | null {
    if (source.size === 0) return 'file_empty'
    return isProgram(source.read(0, 4)) ? 'file_is_program' : null
  }

  const refusal = unusable()
  if (refusal !== null) {
    found.warnings.push(refusal)
    if (options.named === 'signed') floor = 'unverifiable'
  } else
    await unfold(source, {
      envelope: 1,
      depth: 1,
      detached: options.content ?? null,
      expectSigned: options.named === 'signed',
      stampedAs: null,
    })
  const judged = found.signatures.map(({ firma }) => firma.integrity)
  const stamps = found.documentTimestamps.map(({ marca }) => marca.integrity)
  return {
    ...found,
    warnings: [...new Set(found.warnings)],
    integrity: worstOf([floor, ...(judged.length === 0 ? stamps : judged)]),
  }
}
