import type { Capabilities } from '../../provider-contract/capabilities.ts'
import type { Casella } from '../../provider-contract/casella.ts'
import { softLimitFor } from '../rules/quota.ts'
import type { Random } from './random.ts'

/** Where a generated casella stands in its life: all of its fields but names and owners. */
export type Vita = Pick<
  Casella,
  | 'tipologia'
  | 'ciclo'
  | 'disabilitata'
  | 'sospesa'
  | 'passwordScaduta'
  | 'contratto'
  | 'richiesta'
  | 'quotaMb'
  | 'softLimitMb'
  | 'usatoMb'
  | 'inserita'
  | 'attivata'
  | 'scadenza'
  | 'updatedAt'
>

const DAY_MS = 86_400_000

/** The last day of a month, `YYYY-MM-DD` (D37). */
export function lastDayOfMonth(year: number, month: number): string {
  return new Date(Date.UTC(year, month + 1, 0)).toISOString().slice(0, 10)
}

function pickCiclo(random: Random, capabilities: Capabilities): Casella['ciclo'] {
  const draw = random.next()
  const waiting = capabilities.activation === 'online_signature' ? 'in_attesa_firma' : 'in_attesa_gestore'
  if (draw < 0.9) return 'attiva'
  if (draw < 0.93) return waiting
  if (draw < 0.935) return 'in_attesa_gestore'
  if (draw < 0.94) return capabilities.activation === 'provider_after_upload' ? 'documenti_errati' : waiting
  if (draw < 0.96) return 'scaduta'
  return 'eliminata'
}

function quotaOf(random: Random, capabilities: Capabilities, planMb: number): number {
  if (capabilities.plan.mode !== 'quota') return planMb
  return random.pick([100, 100, 100, 200, 500, 1000, 2000])
}

/** Much unused space, and a few caselle over their soft limit. */
function usedOf(random: Random, quotaMb: number): number {
  if (random.chance(0.03)) return Math.floor(quotaMb * (0.8 + 0.2 * random.next()))
  return Math.floor(quotaMb * 0.79 * random.next() ** 3)
}

function richiestaOf(random: Random, daysLeft: number): Casella['richiesta'] {
  if (daysLeft < 60 && random.chance(0.5)) return 'rinnovo'
  const draw = random.next()
  if (draw < 0.007) return 'cessazione'
  return draw < 0.014 ? 'subentro' : 'nessuna'
}

export function vita(random: Random, now: Date, capabilities: Capabilities): Vita {
  const piano = random.pick([capabilities.plan.piani[0] ?? { tipologia: '', quotaMb: 1 }, ...capabilities.plan.piani])
  const quotaMb = quotaOf(random, capabilities, piano.quotaMb)
  const ciclo = pickCiclo(random, capabilities)
  const isWaiting = ciclo === 'in_attesa_firma' || ciclo === 'in_attesa_gestore' || ciclo === 'documenti_errati'
  const ageDays = isWaiting ? random.int(0, 40) : random.int(30, 8 * 365)
  const inserita = now.getTime() - ageDays * DAY_MS - random.int(0, 10 * 3600) * 1000
  const base = {
    tipologia: piano.tipologia,
    ciclo,
    quotaMb,
    softLimitMb: random.chance(0.95) ? softLimitFor(quotaMb) : Math.max(1, Math.floor(quotaMb * 0.9)),
    inserita: new Date(inserita).toISOString(),
  }
  if (isWaiting) {
    return {
      ...base,
      disabilitata: false,
      sospesa: false,
      passwordScaduta: false,
      contratto: false,
      richiesta: 'nessuna',
      usatoMb: 0,
      attivata: null,
      scadenza: null,
      updatedAt: base.inserita,
    }
  }
  const attivata = Math.min(inserita + random.int(1, 20 * 24) * 3_600_000, now.getTime())
  const monthNow = now.getUTCMonth()
  const months = ciclo === 'attiva' ? random.int(0, 23) : -random.int(1, Math.max(1, Math.min(12, ageDays / 31)))
  const scadenza = lastDayOfMonth(now.getUTCFullYear(), monthNow + months)
  const daysLeft = (Date.parse(scadenza) - now.getTime()) / DAY_MS
  const hasNoDates = ciclo === 'attiva' && random.chance(0.005)
  const isActive = ciclo === 'attiva'
  return {
    ...base,
    disabilitata: isActive && random.chance(0.02),
    sospesa: isActive && random.chance(0.006),
    passwordScaduta: isActive && capabilities.passwordPolicy.expiryDays > 0 && random.chance(0.06),
    contratto: random.chance(0.97),
    richiesta: isActive && !hasNoDates ? richiestaOf(random, daysLeft) : 'nessuna',
    usatoMb: ciclo === 'eliminata' ? 0 : usedOf(random, quotaMb),
    attivata: hasNoDates ? null : new Date(attivata).toISOString(),
    scadenza: hasNoDates ? null : scadenza,
    updatedAt: new Date(attivata + Math.floor((now.getTime() - attivata) * random.next())).toISOString(),
  }
}
