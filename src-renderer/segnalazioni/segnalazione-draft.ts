import { z } from 'zod'
import type { BozzaData } from '../../src-main/contract/bozza.ts'
import type { AllegatoDeposito } from '../../src-main/contract/registro.ts'
import { SegnalazioneTipo } from '../../src-main/provider-contract/segnalazione.ts'
import { call } from '../bridge/bridge.ts'

/** A new segnalazione as it is written. */
export interface SegnalazioneForm {
  tipo: SegnalazioneTipo | null
  titolo: string
  descrizione: string
  destinatario: string
  casellaId: string | null
}

const text = z.string().catch('')
const Kept = z.object({
  tipo: SegnalazioneTipo.nullable().catch(null),
  titolo: text,
  descrizione: text,
  destinatario: text,
  casellaId: z.string().nullable().catch(null),
})

/** What a draft holds of a form; of what does not fit (an older program's, say) the empty value. Pure. */
export const formOfDraft = (data: BozzaData): SegnalazioneForm => Kept.parse(data)

/** Pure. The files are named alone: the deposit has them. */
export function draftOf(form: SegnalazioneForm, allegati: readonly AllegatoDeposito[]): BozzaData {
  return { ...form, allegati: allegati.map(({ depositoId }) => depositoId) }
}

/** The files of a draft, and how many of them are no more. Throws CommandError. */
export async function allegatiOfDraft(data: BozzaData): Promise<{ allegati: AllegatoDeposito[]; missing: number }> {
  const kept = data['allegati']
  const ids = Array.isArray(kept) ? kept.slice(0, 5) : []
  if (ids.length === 0) return { allegati: [], missing: 0 }
  const { rows } = await call('segnalazioni.allegati', { ids })
  return { allegati: rows, missing: ids.length - rows.length }
}
