import type { Casella } from '../../provider-contract/casella.ts'
import { type CasellaHistory, type MessageMonth, monthNumber } from '../store/history-store.ts'
import type { Random } from './random.ts'

const MONTHS_KEPT = 24
/** How busy the months of the year are, January first. */
const SEASON = [1.1, 1, 1.05, 0.95, 1, 1.05, 0.95, 0.45, 1.05, 1.1, 1.05, 1.2] as const
/** Most caselle are quiet and a few very busy: which multiple of the usual a casella has. */
const BUSINESS = [0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 1, 1, 1.3, 1.8, 2.6, 7] as const

/** Messages of a usual month: received and sent. */
function usual(tipologia: string, isEntity: boolean): MessageMonth {
  if (tipologia.startsWith('MASSIVA-LARGE')) return { received: 900, sent: 6000 }
  if (tipologia.startsWith('MASSIVA')) return { received: 350, sent: 1200 }
  return isEntity ? { received: 70, sent: 30 } : { received: 7, sent: 3 }
}

/**
 * The last two years of a casella, month by month from its activation to today, its expiry or its deletion (D94).
 * Null for one that was never activated. A disabled one has had nothing for a while (D67).
 */
export function messageHistory(
  random: Random,
  casella: Pick<
    Casella,
    'ciclo' | 'inserita' | 'attivata' | 'scadenza' | 'updatedAt' | 'disabilitata' | 'tipologia' | 'usatoMb'
  >,
  isEntity: boolean,
  now: Date,
): CasellaHistory | null {
  const { ciclo, scadenza } = casella
  if (ciclo === 'in_attesa_firma' || ciclo === 'in_attesa_gestore' || ciclo === 'documenti_errati') return null
  const thisMonth = monthNumber(now.toISOString())
  // D44: some active caselle have no dates.
  const begun = monthNumber(casella.attivata ?? casella.inserita)
  const ended =
    ciclo === 'eliminata'
      ? monthNumber(casella.updatedAt)
      : ciclo === 'scaduta' && scadenza !== null
        ? monthNumber(scadenza)
        : thisMonth
  const firstMonth = Math.max(begun, thisMonth - MONTHS_KEPT + 1)
  const quietSince = casella.disabilitata ? ended - random.int(1, 6) : Infinity
  const business = BUSINESS[random.int(0, BUSINESS.length - 1)] ?? 1
  const { received, sent } = usual(casella.tipologia, isEntity)
  const months: MessageMonth[] = []
  for (let month = firstMonth; month <= Math.min(ended, thisMonth); month += 1) {
    const share = month === thisMonth ? now.getUTCDate() / 31 : 1
    const season = (SEASON[month % 12] ?? 1) * business * share
    const isQuiet = month >= quietSince
    months.push({
      received: isQuiet ? 0 : Math.floor(received * season * (0.5 + random.next()) + random.next()),
      sent: isQuiet ? 0 : Math.floor(sent * season * (0.4 + 1.2 * random.next()) + random.next()),
    })
  }
  return { firstMonth, months, archiveMb: random.chance(0.3) ? Math.floor(casella.usatoMb * 0.6 * random.next()) : 0 }
}
