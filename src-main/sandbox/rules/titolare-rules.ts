import type { Capabilities } from '../../provider-contract/capabilities.ts'
import type { FieldProblem } from '../../provider-contract/problem.ts'
import { DocumentoIdentita, type Titolare, type TitolarePatch } from '../../provider-contract/titolare.ts'

/** D61: an identity document that is no longer valid, or of days out of order, is not registered. `today`: YYYY-MM-DD. */
export function documentoIdentitaProblems(
  documento: DocumentoIdentita | null | undefined,
  today: string,
): FieldProblem[] {
  if (documento == null) return []
  const pointer = '/documentoIdentita'
  if (documento.rilasciato >= documento.scadenza || documento.rilasciato > today)
    return [{ pointer, code: 'documento_dates' }]
  return documento.scadenza < today ? [{ pointer, code: 'documento_expired' }] : []
}

/** The document after a patch, in which null takes it away and what is left out stays; undefined where it is not whole. */
export function patchedDocumento(
  documento: Titolare['documentoIdentita'],
  patch: TitolarePatch['documentoIdentita'],
): DocumentoIdentita | null | undefined {
  if (patch === undefined) return documento ?? null
  if (patch === null) return null
  const whole = DocumentoIdentita.safeParse({ ...documento, ...patch })
  return whole.success ? whole.data : undefined
}

/** D28, D55, D61: what a new casella of this titolare lacks under the profile. */
export function holderProblems(
  titolare: Titolare,
  { documentoIdentita }: Pick<Capabilities, 'documentoIdentita'>,
): FieldProblem[] {
  return documentoIdentita === 'required' && titolare.documentoIdentita == null
    ? [{ pointer: '/titolareId', code: 'documento_identita_required' }]
    : []
}
