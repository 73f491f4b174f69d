import type { Capabilities } from '../../provider-contract/capabilities.ts'
import type { DocumentoNew } from '../../provider-contract/documento.ts'
import type { FieldProblem } from '../../provider-contract/problem.ts'

/** D83 to D87: what the profile does not admit of a documento; `present` counts those of the same casella and type. */
export function documentoProblems(
  documento: DocumentoNew,
  { documents }: Pick<Capabilities, 'documents'>,
  present: number,
): FieldProblem[] {
  const problems: FieldProblem[] = []
  const need = documents.types.find(({ tipo }) => tipo === documento.tipo)?.need ?? 'off'
  if (need === 'off') problems.push({ pointer: '/tipo', code: 'tipo_off' })
  if (!documents.formats.includes(documento.formato))
    problems.push({ pointer: '/formato', code: 'formato_not_allowed' })
  if (present >= documents.maxFiles) {
    problems.push({ pointer: '/casellaId', code: 'too_many_files', params: { max: documents.maxFiles } })
  }
  return problems
}
