import type { Capabilities } from '../../src-main/provider-contract/capabilities.ts'
import { DocumentoIdentita, TipoEnte, TitolareTipologia } from '../../src-main/provider-contract/titolare.ts'
import { checkDocumentoDays } from '../../src-main/contract/rules/documento-identita.ts'
import { romeToday } from '../nuova-casella/rome-today.ts'
import type { FieldSpec } from '../components/field-edit.ts'

/** The parts of the provider's profile that the fields of a holder follow (domain.md P). */
export type HolderProfile = Pick<Capabilities, 'holder' | 'cellulareRequired'> &
  Partial<Pick<Capabilities, 'documentoIdentita'>>

/** The fields of the panes (D22 to D24); null for a pane that the provider does not have. */
export interface TitolarePanes {
  dati: readonly FieldSpec[]
  indirizzi: readonly FieldSpec[] | null
  attivita: readonly FieldSpec[] | null
  /** D61. */
  documento: readonly FieldSpec[] | null
}

const nameFields: readonly FieldSpec[] = [
  { name: 'cognome', kind: 'text', required: true },
  { name: 'nome', kind: 'text', required: true },
]
const indirizzo: readonly FieldSpec[] = [
  { name: 'via', kind: 'text', required: true, wide: true },
  { name: 'localita', kind: 'comune', required: true, wide: true },
  { name: 'cap', kind: 'cap', required: true },
  { name: 'provincia', kind: 'provincia', required: true },
  { name: 'telefono', kind: 'telefono', nullable: true },
  { name: 'fax', kind: 'telefono', nullable: true },
  { name: 'cellulare', kind: 'cellulare', nullable: true },
  { name: 'email', kind: 'email', nullable: true },
]
const whole = 'documentoIdentita'
/** The identity document: all of it or nothing. */
export const documentoIdentitaFields: readonly FieldSpec[] = [
  {
    name: 'documentoIdentita.tipo',
    kind: 'choice',
    nullable: true,
    whole,
    options: DocumentoIdentita.shape.tipo.options,
  },
  { name: 'documentoIdentita.numero', kind: 'text', nullable: true, whole },
  { name: 'documentoIdentita.rilasciatoDa', kind: 'text', nullable: true, whole, wide: true },
  { name: 'documentoIdentita.rilasciato', kind: 'giorno', nullable: true, whole },
  {
    name: 'documentoIdentita.scadenza',
    kind: 'giorno',
    nullable: true,
    whole,
    beside: (stored) => {
      const { 'documentoIdentita.rilasciato': rilasciato, 'documentoIdentita.scadenza': scadenza } = stored
      // What is no day is said of its own field.
      if (![rilasciato, scadenza].every((day) => /^\d{4}-/.test(day ?? ''))) return null
      const verdict = checkDocumentoDays(
        { rilasciato: rilasciato ?? '', scadenza: scadenza ?? '' },
        romeToday(Date.now()),
      )
      return verdict === 'valid' ? null : `documento_${verdict}`
    },
  },
]
const attivita = (needsPartitaIva: boolean, isPa: boolean): readonly FieldSpec[] => [
  { name: 'ragioneSociale', kind: 'text', required: true, wide: true },
  { name: 'formaGiuridica', kind: 'text', nullable: true },
  { name: 'partitaIva', kind: 'partitaIva', required: needsPartitaIva },
  { name: 'rea', kind: 'rea', nullable: true },
  { name: 'codiceDestinatario', kind: 'codiceDestinatario', nullable: true },
  ...(isPa ? [{ name: 'codiceIpa', kind: 'text', nullable: true } as const] : []),
  { name: 'pecDestinatario', kind: 'email', nullable: true, wide: true },
  { name: 'referenteAmministrativo', kind: 'text', nullable: true, wide: true },
]

/** What the panes of a holder hold under a profile; an unknown profile counts as one that keeps the whole registry. */
export function titolarePanes(profile: HolderProfile | null, tipologia: TitolareTipologia): TitolarePanes {
  if (profile?.holder === 'name_email')
    return {
      dati: [...nameFields, { name: 'email', kind: 'email', required: true, nullable: true, wide: true }],
      indirizzi: null,
      attivita: null,
      documento: null,
    }
  return {
    dati: [
      ...nameFields,
      { name: 'codiceFiscale', kind: 'codiceFiscale', required: true, wide: true },
      { name: 'tipologia', kind: 'choice', required: true, options: TitolareTipologia.options },
      ...(tipologia === 'pa_locale'
        ? [{ name: 'tipoEnte', kind: 'choice', nullable: true, options: TipoEnte.options } as const]
        : []),
      { name: 'cellulare', kind: 'cellulare', nullable: true, required: profile?.cellulareRequired ?? false },
      { name: 'email', kind: 'email', nullable: true, wide: true },
      { name: 'telefono', kind: 'telefono', nullable: true },
      { name: 'fax', kind: 'telefono', nullable: true },
    ],
    indirizzi: indirizzo,
    // Only these always have one (D52, D53).
    attivita: attivita(
      tipologia === 'impresa' || tipologia === 'professionista',
      tipologia === 'pa_locale' || tipologia === 'pa_centrale',
    ),
    documento: profile?.documentoIdentita === 'off' ? null : documentoIdentitaFields,
  }
}
