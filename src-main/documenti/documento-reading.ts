import { CommandError } from '../command-error.ts'
import { confrontoTitolare } from '../contract/rules/confronto-titolare.ts'
import type { Deposito } from '../contract/documento.ts'
import type { DocumentoEsaminato } from '../contract/documenti-channels.ts'
import { giudizioOf } from '../contract/verifica.ts'
import type { ProviderSession } from '../provider/provider-session.ts'
import { errorOfWire } from '../provider/login-error.ts'
import type { Deposit } from './deposit.ts'
import type { DepositedFile } from './deposited-file.ts'
import type { DocumentInspection, DocumentInspector } from './document-inspector.ts'
import type { DocumentoStore } from './documento-store.ts'
import type { InspectedDocuments } from './inspected-documents.ts'

/** Looking into documents: their bytes by parts, what is signed, what the provider holds. */
export interface DocumentoReading {
  /** Throws CommandError `deposito_not_found`, and what the inspector throws. */
  inspect(depositoId: string, casellaId: string | null): Promise<DocumentoEsaminato>
  part(
    depositoId: string,
    contenuto: boolean,
    offset: number,
    length: number,
  ): Promise<{ base64: string; total: number }>
  /** Throws CommandError `not_found`, `file_changed`, or why the provider did not answer. */
  fetch(documentoId: string): Promise<Deposito>
}

export function documentoReading(dependencies: {
  documenti: DocumentoStore
  deposit: Deposit
  inspector: DocumentInspector
  session: ProviderSession
  titolareOf(casellaId: string): { titolare: string; codiceFiscale: string } | undefined
  /** What the document says of where it belongs. */
  conclude(
    nomeFile: string,
    inspection: DocumentInspection,
  ): Pick<DocumentoEsaminato, 'cfFirma' | 'tipo' | 'motivoTipo' | 'candidati' | 'ambiguo' | 'codiceNonLetto'>
  inspected: InspectedDocuments
  /** The casella of a form that was printed here. */
  casellaOfModulo(codice: string): string | undefined
  now(): string
}): DocumentoReading {
  const { documenti, deposit, inspector, session } = dependencies
  /** What the last envelope held: its parts are asked one after the other. */
  let opened: { id: string; bytes: Promise<Uint8Array | null> } | null = null

  function existing(id: string): DepositedFile {
    const file = documenti.deposito(id)
    if (file === undefined || !documenti.needsBytes(id)) throw new CommandError('deposito_not_found', 'no copy is kept')
    return file
  }

  async function contentOf(file: DepositedFile): Promise<Uint8Array> {
    if (opened?.id !== file.id) opened = { id: file.id, bytes: inspector.content(file) }
    const bytes = await opened.bytes
    if (bytes === null) throw new CommandError('file_unreadable', 'nothing can be taken out of the envelope')
    return bytes
  }

  async function readPart(file: DepositedFile, offset: number, length: number): Promise<Buffer> {
    const parts: Buffer[] = []
    let left = Math.min(length, Math.max(0, file.bytes - offset))
    if (left === 0) return Buffer.alloc(0)
    const bytes = deposit.read(file, offset)
    for await (const chunk of bytes as AsyncIterable<Buffer>) {
      parts.push(chunk.subarray(0, left))
      left -= Math.min(left, chunk.byteLength)
      if (left === 0) break
    }
    bytes.destroy()
    return Buffer.concat(parts)
  }

  return {
    inspect: async (depositoId, casellaId) => {
      const file = existing(depositoId)
      const inspection = await inspector.inspect(file, new AbortController().signal)
      const { verifica, pagine, protetto } = inspection
      const holder = casellaId === null ? undefined : dependencies.titolareOf(casellaId)
      const told = dependencies.conclude(file.nomeFile, inspection)
      const giudizio = giudizioOf(verifica)
      const moduli = inspection.codiciModulo.flatMap((codice) => {
        const known = dependencies.casellaOfModulo(codice)
        return known === undefined ? [] : [{ codice, casellaId: known }]
      })
      dependencies.inspected.remember(depositoId, { giudizio, protetto, moduli })
      return {
        ...told,
        depositoId,
        nomeFile: file.nomeFile,
        bytes: file.bytes,
        sha256: file.sha256,
        giudizio,
        verifica,
        pagine,
        protetto,
        confronto: holder === undefined ? null : confrontoTitolare(told.cfFirma, holder.codiceFiscale),
        titolare: holder?.titolare ?? null,
      }
    },
    part: async (depositoId, contenuto, offset, length) => {
      const file = existing(depositoId)
      if (!contenuto) return { base64: (await readPart(file, offset, length)).toString('base64'), total: file.bytes }
      const bytes = await contentOf(file)
      return {
        base64: Buffer.from(bytes.subarray(offset, offset + length)).toString('base64'),
        total: bytes.byteLength,
      }
    },
    fetch: async (documentoId) => {
      const documento = documenti.get(documentoId)
      if (documento === undefined) throw new CommandError('not_found', 'no such document')
      const told = (file: DepositedFile): Deposito => ({
        id: file.id,
        nomeFile: file.nomeFile,
        bytes: file.bytes,
        sha256: file.sha256,
        formato: file.formato,
        duplicateOf: null,
      })
      const kept = documenti.copyOfSha256(documento.sha256)
      if (kept !== undefined) return told(kept)
      const answer = await session.stream({
        method: 'GET',
        path: `/documenti/${encodeURIComponent(documentoId)}/content`,
        streamed: ['application/pdf', 'application/pkcs7-mime', 'application/octet-stream'],
      })
      if (answer.kind !== 'stream') throw errorOfWire(answer)
      const file = await deposit.put(documento.nomeFile, answer.body, null, dependencies.now())
      if (file.sha256 !== documento.sha256) {
        documenti.removeDeposito(file.id)
        deposit.removeBytes(file.id)
        throw new CommandError('file_changed', 'the provider sent other bytes than it names')
      }
      documenti.assignDeposito(file.id, documento.casellaId)
      documenti.markArrived([file.id], dependencies.now(), true)
      return told(file)
    },
  }
}
