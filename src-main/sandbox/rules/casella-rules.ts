import type { Capabilities } from '../../provider-contract/capabilities.ts'
import type { Casella, CasellaPatch, CicloDiVita } from '../../provider-contract/casella.ts'
import type { FieldProblem } from '../../provider-contract/problem.ts'
import { quotaProblems, softLimitFor } from './quota.ts'

type Plan = Capabilities['plan']
export type Ruled<T> = { ok: true; value: T } | { ok: false; problems: FieldProblem[] }

const refused = (pointer: string, code: string): Ruled<never> => ({ ok: false, problems: [{ pointer, code }] })

/** D68: nothing of a deleted casella can be changed. */
export function isFinal(casella: Pick<Casella, 'ciclo'>): boolean {
  return casella.ciclo === 'eliminata'
}

/** The casella after the patch, by D67, D68 and D69; version and author are the caller's. */
export function patchedCasella(casella: Casella, patch: CasellaPatch, plan: Plan): Ruled<Casella> {
  if (isFinal(casella)) return refused('', 'casella_eliminata')
  const tipologia = patch.tipologia ?? casella.tipologia
  const changesPlan = tipologia !== casella.tipologia
  const piano = plan.piani.find((each) => each.tipologia === tipologia)
  if (changesPlan && plan.mode !== 'chosen') return refused('/tipologia', 'tipologia_fixed')
  if (changesPlan && piano === undefined) return refused('/tipologia', 'tipologia_unknown')
  const asked = patch.quotaMb ?? (changesPlan ? piano?.quotaMb : undefined)
  if (changesPlan && piano !== undefined && asked !== undefined && asked < piano.quotaMb)
    return refused('/quotaMb', 'quota_not_of_plan')
  const quotaMb = asked ?? casella.quotaMb
  const softLimitMb = patch.softLimitMb ?? (asked === undefined ? casella.softLimitMb : softLimitFor(quotaMb))
  const changesQuota = asked !== undefined || patch.softLimitMb !== undefined
  const problems = changesQuota ? quotaProblems({ quotaMb, softLimitMb }, plan) : []
  if (problems.length > 0) return { ok: false, problems }
  return {
    ok: true,
    value: {
      ...casella,
      tipologia,
      quotaMb,
      softLimitMb,
      comunicazioniEmail:
        patch.comunicazioniEmail === undefined ? casella.comunicazioniEmail : patch.comunicazioniEmail,
      disabilitata: patch.disabilitata ?? casella.disabilitata,
    },
  }
}

/** D68: the messages are lost, the row stays. */
export function deletedCasella(casella: Casella): Ruled<Casella> {
  if (isFinal(casella)) return refused('', 'casella_eliminata')
  return {
    ok: true,
    value: {
      ...casella,
      ciclo: 'eliminata',
      usatoMb: 0,
      disabilitata: false,
      richiesta: 'nessuna',
      passwordScadeIl: null,
    },
  }
}

/** D57, D58: what a new casella waits for. */
export function firstCiclo(activation: Capabilities['activation']): CicloDiVita {
  switch (activation) {
    case 'online_signature':
      return 'in_attesa_firma'
    case 'provider_after_upload':
    case 'wizard_form':
    case 'holder_sets_password':
      return 'in_attesa_gestore'
  }
}

/** The type and the space (MB) of a new casella: the plan's own unless a quota is asked for. */
export function newPlan(
  { tipologia, quotaMb }: { tipologia: string; quotaMb?: number | undefined },
  plan: Plan,
): Ruled<Pick<Casella, 'tipologia' | 'quotaMb' | 'softLimitMb'>> {
  const piano = plan.piani.find((each) => each.tipologia === tipologia)
  if (piano === undefined) return refused('/tipologia', 'tipologia_unknown')
  const quota = quotaMb ?? piano.quotaMb
  // Fixed: the plan's space and no other. Chosen: more can be bought, by the GB (D101). Quota: any within the bounds.
  if (plan.mode === 'fixed' && quota !== piano.quotaMb) return refused('/quotaMb', 'quota_fixed')
  if (plan.mode === 'chosen' && (quota < piano.quotaMb || (quota - piano.quotaMb) % 1024 !== 0)) {
    return refused('/quotaMb', 'quota_not_of_plan')
  }
  const space = { quotaMb: quota, softLimitMb: softLimitFor(quota) }
  const problems = quotaProblems(space, plan)
  return problems.length > 0 ? { ok: false, problems } : { ok: true, value: { tipologia, ...space } }
}
