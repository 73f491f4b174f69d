import type { Capabilities } from '../../provider-contract/capabilities.ts'
import type { ImpostazioniPut } from '../../provider-contract/impostazioni.ts'
import type { FieldProblem } from '../../provider-contract/problem.ts'

/** D111, D117: what the profile does not offer of the settings. */
export function impostazioniProblems(
  { conservazione, nonCertificata }: ImpostazioniPut,
  capabilities: Pick<Capabilities, 'nonCertified' | 'conservazione'>,
): FieldProblem[] {
  const problems: FieldProblem[] = []
  if (conservazione && !capabilities.conservazione) {
    problems.push({ pointer: '/conservazione', code: 'conservazione_not_offered' })
  }
  if (!capabilities.nonCertified.includes(nonCertificata.modo)) {
    problems.push({ pointer: '/nonCertificata/modo', code: 'modo_not_offered' })
  }
  return problems
}
