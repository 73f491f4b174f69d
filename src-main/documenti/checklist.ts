import type { Capabilities, DocumentoTipo } from '../provider-contract/capabilities.ts'
import type { VoceChecklist } from '../contract/documento.ts'
import type { Casella } from '../provider-contract/casella.ts'

/** A document of the casella, sent or still here. */
export interface DocumentoPresente {
  tipo: DocumentoTipo
  stato: 'ricevuto' | 'accettato' | 'respinto' | 'in_coda'
  caricato: string
  deletedBy: string | null
}

/** Whether the casella is now waited for a document of this type (D60, D62, D71, D72, D86). */
function isAwaited(tipo: DocumentoTipo, casella: Pick<Casella, 'ciclo' | 'richiesta'>): boolean {
  switch (tipo) {
    case 'attivazione':
      return ['in_attesa_gestore', 'documenti_errati'].includes(casella.ciclo)
    case 'subentro':
      return casella.richiesta === 'subentro'
    case 'cessazione':
      return casella.richiesta === 'cessazione'
    case 'nuove_credenziali':
    case 'altro':
      return false
  }
}

/**
 * What a casella has and lacks of each type that the profile takes; pure. `manca`: required, awaited now, and nothing but
 * refused documents is there.
 */
export function documentChecklist(
  casella: Pick<Casella, 'ciclo' | 'richiesta'>,
  types: Capabilities['documents']['types'],
  documenti: readonly DocumentoPresente[],
): VoceChecklist[] {
  return types.map(({ tipo, need }) => {
    const own = documenti.filter((each) => each.tipo === tipo && each.deletedBy === null)
    const best = (['accettato', 'ricevuto', 'in_coda', 'respinto'] as const).find((stato) =>
      own.some((each) => each.stato === stato),
    )
    const awaited = need !== 'off' && isAwaited(tipo, casella)
    const there = best !== undefined && best !== 'respinto'
    return {
      tipo,
      need,
      presente: best ?? null,
      quanti: own.length,
      manca: need === 'required' && awaited && !there,
      atteso: awaited,
    }
  })
}
