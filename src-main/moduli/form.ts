import type { Capabilities, DocumentoTipo } from '../provider-contract/capabilities.ts'
import type { ModuloKind } from '../contract/modulo.ts'
import type { FormValue } from './form-values.ts'

/** A place for one value: printed where the registry knows it, else ruled to be written on. */
export interface FormField {
  label: string
  value?: FormValue
  /** Of the twelve columns of a row. */
  columns: number
  /** A code is set in figures of one width; `cells` are drawn for a hand to write it. */
  code?: true
  cells?: number
}

/** Only for holders of this kind; left out: for all. */
export type FormCondition = 'company' | 'knownServers'

export type FormBlock = { when?: FormCondition } & (
  | { kind: 'fields'; title: string; intro?: string; rows: readonly (readonly FormField[])[] }
  /** `{value}` in a text stands for a value of the registry. */
  | { kind: 'text'; title?: string; paragraphs: readonly string[] }
  | { kind: 'list'; title: string; intro?: string; items: readonly string[]; mark: 'letter' | 'box' }
  | { kind: 'servers'; title: string }
  /** Kept on one page, with the place and date before them. */
  | { kind: 'signatures'; signers: readonly string[]; note?: string }
  | { kind: 'office' }
)

/** A form as data; `render-form.ts` draws it. */
export interface FormDefinition {
  kind: ModuloKind
  title: string
  subtitle: string
  /** Of the file. */
  fileName: string
  /** As what its signed copy is uploaded; null for a sheet that the holder keeps. */
  returnsAs: DocumentoTipo | null
  /** Whether a provider with this profile takes it. */
  offered(capabilities: Capabilities): boolean
  blocks: readonly FormBlock[]
}

/** Whether a kind of document is one that the provider takes (D83, D86). */
export const takes = ({ documents }: Capabilities, tipo: DocumentoTipo): boolean =>
  documents.types.some((type) => type.tipo === tipo && type.need !== 'off')
