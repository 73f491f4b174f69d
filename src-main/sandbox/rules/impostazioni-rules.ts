import type { Capabilities } from '../../provider-contract/capabilities.ts'
import type { Impostazioni, ImpostazioniPut } from '../../provider-contract/impostazioni.ts'
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

/** The settings one field under the other, as the storico tells their changes (D89). */
export function impostazioniFields({ conservazione, nonCertificata, notifica }: Impostazioni): Record<string, unknown> {
  const nested = (name: string, group: object) =>
    Object.entries(group).map(([field, value]) => [`${name}.${field}`, value] as const)
  return Object.fromEntries([
    ['conservazione', conservazione],
    ...nested('nonCertificata', nonCertificata),
    ...nested('notifica', notifica),
  ])
}
