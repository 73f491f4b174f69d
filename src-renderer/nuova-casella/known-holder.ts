import type { AttivitaRow, IndirizzoRow } from '../../src-main/contract/registro.ts'
import type { TitolareDetail } from '../../src-main/contract/titolare.ts'
import { TitolareTipologia } from '../../src-main/provider-contract/titolare.ts'
import { formatDate } from '../locales/format.ts'
import { type CasellaForm, type FormField, noHolder } from './casella-form.ts'

/** The fields of the form that are a holder's, and their names in the contract. */
export const holderFields = {
  titolareTipologia: 'tipologia',
  nome: 'nome',
  cognome: 'cognome',
  cellulare: 'cellulare',
  email: 'email',
  telefono: 'telefono',
  fax: 'fax',
  tipoEnte: 'tipoEnte',
  documentoTipo: 'documentoIdentita.tipo',
  documentoNumero: 'documentoIdentita.numero',
  documentoRilasciatoDa: 'documentoIdentita.rilasciatoDa',
  documentoRilasciato: 'documentoIdentita.rilasciato',
  documentoScadenza: 'documentoIdentita.scadenza',
} as const satisfies Partial<Record<FormField, string>>
export type FormHolderField = keyof typeof holderFields
export type HolderValues = Readonly<Record<FormHolderField, string>>
export const holderFieldNames = Object.keys(holderFields) as FormHolderField[]

/** A holder that the archive knows, as the wizard needs it (D48, D51). */
export interface KnownHolder {
  id: string
  values: HolderValues
  indirizzi: readonly IndirizzoRow[]
  attivita: readonly AttivitaRow[]
}

/** What was entered together with a holder that has not left has no id of its own yet: it cannot be named. */
const canBeNamed = ({ id, deletedBy }: { id: string; deletedBy: string | null }): boolean =>
  deletedBy === null && !id.includes('/')

export function knownHolder({ titolare, indirizzi, attivita }: TitolareDetail): KnownHolder {
  const documento = titolare.documentoIdentita ?? null
  return {
    id: titolare.id,
    values: {
      titolareTipologia: titolare.tipologia,
      nome: titolare.nome,
      cognome: titolare.cognome,
      cellulare: titolare.cellulare ?? '',
      email: titolare.email ?? '',
      telefono: titolare.telefono ?? '',
      fax: titolare.fax ?? '',
      tipoEnte: titolare.tipoEnte ?? '',
      documentoTipo: documento?.tipo ?? '',
      documentoNumero: documento?.numero ?? '',
      documentoRilasciatoDa: documento?.rilasciatoDa ?? '',
      documentoRilasciato: documento === null ? '' : formatDate(documento.rilasciato),
      documentoScadenza: documento === null ? '' : formatDate(documento.scadenza),
    },
    indirizzi: indirizzi.filter(canBeNamed),
    attivita: attivita.filter(canBeNamed),
  }
}

function seenBefore({ visto }: CasellaForm): HolderValues {
  try {
    const parsed: unknown = JSON.parse(visto)
    if (typeof parsed !== 'object' || parsed === null) return noHolder
    const values = new Map<string, unknown>(Object.entries(parsed))
    return Object.fromEntries(
      holderFieldNames.map((name) => {
        const value = values.get(name)
        return [name, typeof value === 'string' ? value : noHolder[name]]
      }),
    ) as Record<FormHolderField, string>
  } catch {
    return noHolder
  }
}

/**
 * The form with a holder filled in (D48), or taken out again (null): what was typed stays, what only stood there from
 * the holder before makes room. Pure.
 */
export function withHolder(form: CasellaForm, known: KnownHolder | null): CasellaForm {
  const before = seenBefore(form)
  const now = known?.values ?? noHolder
  const filled = holderFieldNames
    .filter((name) => form[name] === before[name])
    .map((name): [string, string] => [name, now[name]])
  const { titolareTipologia, ...others } = Object.fromEntries(filled)
  const tipologia = TitolareTipologia.safeParse(titolareTipologia)
  return {
    ...form,
    ...others,
    ...(tipologia.success ? { titolareTipologia: tipologia.data } : {}),
    titolareId: known?.id ?? null,
    visto: known === null ? '' : JSON.stringify(now),
    indirizzoScelta: choiceOf(form.indirizzoScelta, known?.indirizzi ?? []),
    attivitaScelta: choiceOf(form.attivitaScelta, known?.attivita ?? []),
  }
}

/** What stays chosen of what there is; else the first. */
function choiceOf(chosen: string, rows: readonly { id: string }[]): string {
  if (rows.length === 0) return ''
  return chosen === 'nuovo' || rows.some(({ id }) => id === chosen) ? chosen : (rows[0]?.id ?? '')
}
