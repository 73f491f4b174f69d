import type { ConfrontoTitolare, Mancanza, StatoRiga } from '../contract/lotto.ts'
import { serveConsenso } from '../contract/serve-consenso.ts'
import type { Giudizio } from '../contract/verifica.ts'
import type { DocumentoTipo } from '../provider-contract/capabilities.ts'

/** All that decides where a row stands. */
export interface RigaFacts {
  isHere: boolean
  isRead: boolean
  refused: boolean
  giudizio: Giudizio | null
  protetto: boolean
  hasConsenso: boolean
  casellaId: string | null
  casellaEliminata: boolean
  confidenza: number | null
  ambigua: boolean
  confermata: boolean
  tipo: DocumentoTipo | null
  ammessi: readonly DocumentoTipo[]
  duplicato: boolean
  confronto: ConfrontoTitolare | null
  hasTitolo: boolean
  scartata: boolean
  inviata: boolean
}

/** What keeps the row from going, the gravest first; pure. */
export function mancanzeOf(facts: RigaFacts, soglia: number): Mancanza[] {
  const found: Mancanza[] = []
  if (facts.refused) return ['file']
  if (!facts.isRead) return []
  if (facts.giudizio !== null && !facts.hasConsenso) found.push(...serveConsenso(facts.giudizio, facts.protetto))
  if (facts.casellaId === null) found.push('casella')
  else {
    if (facts.casellaEliminata) found.push('eliminata')
    if (!facts.confermata && facts.ambigua) found.push('ambigua')
    else if (!facts.confermata && (facts.confidenza ?? 0) < soglia) found.push('soglia')
    if (facts.confronto === 'altro' && !facts.hasTitolo) found.push('firmatario')
  }
  if (facts.tipo === null) found.push('tipo')
  else if (!facts.ammessi.includes(facts.tipo)) found.push('tipo_rifiutato')
  if (facts.duplicato && !facts.confermata) found.push('duplicato')
  return found
}

/** Where the row stands; pure. */
export function statoRiga(facts: RigaFacts, soglia: number): { stato: StatoRiga; mancanze: Mancanza[] } {
  const mancanze = mancanzeOf(facts, soglia)
  if (facts.inviata) return { stato: 'inviata', mancanze: [] }
  if (facts.scartata) return { stato: 'scartata', mancanze }
  if (facts.refused) return { stato: 'non_valida', mancanze }
  if (!facts.isHere) return { stato: 'in_arrivo', mancanze }
  if (!facts.isRead) return { stato: 'da_leggere', mancanze }
  if (mancanze.includes('firma') || mancanze.includes('protetto')) return { stato: 'non_valida', mancanze }
  return { stato: mancanze.length === 0 ? 'pronta' : 'da_decidere', mancanze }
}
