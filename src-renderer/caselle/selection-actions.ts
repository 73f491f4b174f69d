import type { CaselleAction } from '../../src-main/contract/casella-selection.ts'
import type { Capabilities } from '../../src-main/provider-contract/capabilities.ts'

export type AzioneKey = Exclude<CaselleAction['kind'], 'azione'> | Extract<CaselleAction, { kind: 'azione' }>['azione']

/** Its words stand under `caselle.selezione.azione.<key>`. */
export function azioneKey(action: CaselleAction): AzioneKey {
  return action.kind === 'azione' ? action.azione : action.kind
}

/** What is offered on a selection: what the provider's profile offers (domain.md P). */
export function offeredActions(capabilities: Capabilities | null): CaselleAction[] {
  const azioni: CaselleAction[] = []
  if (capabilities?.credentials === 'link') azioni.push({ kind: 'azione', azione: 'reset_link' })
  if (capabilities?.credentials === 'activation_data') azioni.push({ kind: 'azione', azione: 'activation_data' })
  if (capabilities?.activation === 'online_signature') azioni.push({ kind: 'azione', azione: 'contract_resend' })
  return [
    { kind: 'disabilita' },
    { kind: 'abilita' },
    ...azioni,
    { kind: 'quota', quotaMb: 0 },
    ...(capabilities?.conservazione === true ? [{ kind: 'conservazione', conservazione: true } as const] : []),
    { kind: 'nota', testo: '' },
  ]
}
