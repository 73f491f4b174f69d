import type { Verifica } from '../contract/verifica.ts'
import type { DepositedFile } from './deposited-file.ts'

/** What was found in one document besides what its bytes are. It holds personal data: never in a log. */
export interface DocumentInspection {
  verifica: Verifica
  /** The words of a PDF, of what a p7m holds as well; null where there are none to be read. */
  testo: string | null
  pagine: number | null
  /** A password is needed to read it. */
  protetto: boolean
  /** Codes of forms that were printed here, found in the text or in a QR code. */
  codiciModulo: string[]
  /** It shows pictures that could not be looked at: whether one of them has the code of a form is not known. */
  codiceNonLetto: boolean
}

/** Reads a deposited document: signatures, text, form codes. It works beside the core, never in its way. */
export interface DocumentInspector {
  /** Throws CommandError `file_changed` when the copy is not what was chosen, `file_unreadable`, `cancelled`. */
  inspect(file: DepositedFile, signal: AbortSignal): Promise<DocumentInspection>
  /** What the signed envelope holds; the file itself where it is no envelope. Null where nothing can be taken out. */
  content(file: DepositedFile): Promise<Uint8Array | null>
  close(): Promise<void>
}
