import type { Capabilities } from '../../provider-contract/capabilities.ts'
import type { Impostazioni, ImpostazioniPut } from '../../provider-contract/impostazioni.ts'
import type { FieldProblem } from '../../provider-contract/problem.ts'

/** D111, D115 to D117: what the profile does not offer of the settings. */
export function impostazioniProblems(
  { conservazione, nonCertificata, antispam, regole, smsA }: ImpostazioniPut,
  capabilities: Pick<Capabilities, 'nonCertified' | 'conservazione' | 'antispam' | 'regole' | 'sms'>,
): FieldProblem[] {
  const problems: FieldProblem[] = []
  if (conservazione && !capabilities.conservazione) {
    problems.push({ pointer: '/conservazione', code: 'conservazione_not_offered' })
  }
  if (!capabilities.nonCertified.includes(nonCertificata.modo)) {
    problems.push({ pointer: '/nonCertificata/modo', code: 'modo_not_offered' })
  }
  if (antispam !== 'spento' && !capabilities.antispam)
    problems.push({ pointer: '/antispam', code: 'antispam_not_offered' })
  if (regole.length > capabilities.regole) {
    problems.push({ pointer: '/regole', code: capabilities.regole === 0 ? 'regole_not_offered' : 'regole_too_many' })
  }
  if (smsA !== null && !capabilities.sms) problems.push({ pointer: '/smsA', code: 'sms_not_offered' })
  return problems
}

/** The settings one field under the other, as the storico tells their changes (D89). */
export function impostazioniFields({
  conservazione,
  nonCertificata,
  notifica,
  antispam,
  regole,
  smsA,
}: Impostazioni): Record<string, unknown> {
  const nested = (name: string, group: object) =>
    Object.entries(group).map(([field, value]) => [`${name}.${field}`, value] as const)
  return Object.fromEntries([
    ['conservazione', conservazione],
    ...nested('nonCertificata', nonCertificata),
    ...nested('notifica', notifica),
    ['antispam', antispam],
    ['regole', regole],
    ['smsA', smsA],
  ])
}
