import type { BozzaData } from '../../src-main/contract/bozza.ts'
import type { CasellaForm } from './casella-form.ts'

/**
 * The form as a draft holds it, over an empty one. What does not fit (a field that an older version wrote, a value of
 * another kind) is left as in the empty form. Pure.
 */
export function formOfDraft(empty: CasellaForm, data: BozzaData): CasellaForm {
  const fitting = Object.entries(empty).map(([field, value]): [string, unknown] => {
    const kept = data[field]
    if (kept === undefined || Array.isArray(kept)) return [field, value]
    const isOptional = field === 'dominioId' || field === 'titolareId' || field === 'quotaMb'
    if (kept === null) return [field, isOptional ? null : value]
    return [field, typeof kept === (field === 'quotaMb' ? 'number' : 'string') ? kept : value]
  })
  // Each value has the kind of the field that it stands in.
  return Object.fromEntries(fitting) as unknown as CasellaForm
}
