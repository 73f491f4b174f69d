import { type Prezzo, PREZZO_GB_AGGIUNTIVO } from '../../src-main/provider-contract/capabilities.ts'
import type { CasellaForm, FormProfile } from './casella-form.ts'

export interface Costo {
  voci: { descrizione: string; importoCent: number }[]
  totaleCent: number
  periodo: Prezzo['periodo']
}

/** What a casella costs by the prices of the profile (D101); null where the provider tells none for it. Pure. */
export function costoOf(
  { tipologia, gbAggiuntivi }: Pick<CasellaForm, 'tipologia' | 'gbAggiuntivi'>,
  { plan, prezzi }: Pick<FormProfile, 'plan' | 'prezzi'>,
): Costo | null {
  const listed = prezzi.find(({ codice }) => codice === tipologia)
  const piano = plan.piani.find((each) => each.tipologia === tipologia)
  const fee =
    listed ??
    (piano?.semestraleCent == null
      ? undefined
      : { descrizione: tipologia, importoCent: piano.semestraleCent, periodo: 'semestre' as const })
  if (fee === undefined) return null
  const gb = prezzi.find(({ codice, periodo }) => codice === PREZZO_GB_AGGIUNTIVO && periodo === fee.periodo)
  const more = plan.mode === 'chosen' && /^\d{1,3}$/.test(gbAggiuntivi.trim()) ? Number(gbAggiuntivi) : 0
  const voci = [
    { descrizione: fee.descrizione, importoCent: fee.importoCent },
    ...(gb === undefined || more === 0
      ? []
      : [{ descrizione: `${gb.descrizione} × ${more}`, importoCent: gb.importoCent * more }]),
  ]
  return { voci, totaleCent: voci.reduce((sum, { importoCent }) => sum + importoCent, 0), periodo: fee.periodo }
}
