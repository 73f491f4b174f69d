import type { DocumentoFormato } from '../provider-contract/capabilities.ts'

/** A file that was chosen: its private copy lies encrypted under `id` in the deposit folder. */
export interface DepositedFile {
  id: string
  nomeFile: string
  bytes: number
  sha256: string
  formato: DocumentoFormato
  iv: Uint8Array
  /** Of the pieces of its file (piece-tags.ts); null for a copy that was made before there were any. */
  tags: Uint8Array | null
  createdAt: string
  /** The casella it was queued for; null while it is only chosen. */
  casellaId: string | null
}

/** As `DepositedFile`, or `altro`: of any format, which goes with a segnalazione and never with a casella. */
export type AnyDepositedFile = Omit<DepositedFile, 'formato'> & { formato: DocumentoFormato | 'altro' }
