import type { StatoCasella } from '../contract/casella.ts'
import type { Casella } from '../provider-contract/casella.ts'

/** The lifecycle and its flags as one word: the first that keeps the casella from being used wins (domain.md, canonical model). */
export function statoCasella(casella: Pick<Casella, 'ciclo' | 'sospesa' | 'disabilitata'>): StatoCasella {
  switch (casella.ciclo) {
    case 'eliminata':
    case 'in_attesa_firma':
    case 'in_attesa_gestore':
    case 'documenti_errati':
    case 'scaduta':
      return casella.ciclo
    case 'attiva':
      if (casella.sospesa) return 'sospesa'
      return casella.disabilitata ? 'disabilitata' : 'attiva'
  }
}

/** D69: how the used space stands to the soft limit and the quota, all in MB. */
export function spaceState(
  casella: Pick<Casella, 'usatoMb' | 'softLimitMb' | 'quotaMb'>,
): 'ok' | 'over_soft_limit' | 'over_quota' {
  if (casella.usatoMb > casella.quotaMb) return 'over_quota'
  return casella.usatoMb > casella.softLimitMb ? 'over_soft_limit' : 'ok'
}
