import { italianDay } from '../caselle/italian-day.ts'
import { formatDate } from '../locales/format.ts'
import { checkCodiceFiscale, cleanCodiceFiscale } from '../../src-main/contract/rules/codice-fiscale.ts'
import { isCodiceDestinatario } from '../../src-main/contract/rules/codice-destinatario.ts'
import { isEmail } from '../../src-main/contract/rules/email.ts'
import { isCap, isProvincia } from '../../src-main/contract/rules/indirizzo.ts'
import { checkPartitaIva, cleanPartitaIva } from '../../src-main/contract/rules/partita-iva.ts'
import { isRea } from '../../src-main/contract/rules/rea.ts'
import { isTelefono, normaliseCellulare } from '../../src-main/contract/rules/telefono.ts'

export type FieldKind =
  | 'text'
  | 'choice'
  | 'codiceFiscale'
  | 'partitaIva'
  | 'cap'
  | 'comune'
  | 'provincia'
  | 'cellulare'
  | 'telefono'
  | 'email'
  | 'rea'
  | 'codiceDestinatario'
  | 'giorno'

/** What a kind of field admits, how it is stored, and what its input looks like. */
export interface KindRule {
  /** The code of what is wrong with a text that is not empty (words under `campi.problemi`); null when nothing is. */
  problem: (text: string) => string | null
  /** The form in which a right text is stored. */
  clean: (text: string) => string
  /** How what is stored is written. */
  write: (stored: string) => string
  maxLength: number
  /** For codes and addresses. */
  mono: boolean
  upper: boolean
  type: 'text' | 'email' | 'tel'
  inputmode: 'text' | 'numeric' | 'email' | 'tel'
}

const trimmed = (text: string): string => text.trim()
const upper = (text: string): string => text.trim().toUpperCase()
const unless = (isRight: (text: string) => boolean, code: string) => (text: string) => (isRight(text) ? null : code)
const plain: KindRule = {
  problem: () => null,
  clean: trimmed,
  write: (stored) => stored,
  maxLength: 200,
  mono: false,
  upper: false,
  type: 'text',
  inputmode: 'text',
}

export const kindRules: Readonly<Record<FieldKind, KindRule>> = {
  text: plain,
  choice: plain,
  codiceFiscale: {
    ...plain,
    problem: (text) => {
      const verdict = checkCodiceFiscale(text)
      return verdict === 'valid' || verdict === 'empty' ? null : `codice_fiscale_${verdict}`
    },
    clean: cleanCodiceFiscale,
    maxLength: 20,
    mono: true,
    upper: true,
  },
  partitaIva: {
    ...plain,
    problem: (text) => {
      const verdict = checkPartitaIva(text)
      return verdict === 'valid' || verdict === 'empty' ? null : `partita_iva_${verdict}`
    },
    clean: cleanPartitaIva,
    maxLength: 16,
    mono: true,
    inputmode: 'numeric',
  },
  comune: plain,
  cap: { ...plain, problem: unless(isCap, 'cap_wrong'), maxLength: 5, mono: true, inputmode: 'numeric' },
  provincia: {
    ...plain,
    problem: unless(isProvincia, 'provincia_wrong'),
    clean: upper,
    maxLength: 2,
    upper: true,
  },
  cellulare: {
    ...plain,
    problem: unless((text) => normaliseCellulare(text) !== null, 'cellulare_wrong'),
    clean: (text) => normaliseCellulare(text) ?? text.trim(),
    maxLength: 30,
    type: 'tel',
    inputmode: 'tel',
  },
  telefono: { ...plain, problem: unless(isTelefono, 'telefono_wrong'), maxLength: 30, type: 'tel', inputmode: 'tel' },
  email: { ...plain, problem: unless(isEmail, 'email_wrong'), maxLength: 254, type: 'email', inputmode: 'email' },
  rea: { ...plain, problem: unless(isRea, 'rea_wrong'), clean: upper, maxLength: 20, mono: true, upper: true },
  codiceDestinatario: {
    ...plain,
    problem: unless(isCodiceDestinatario, 'codice_destinatario_wrong'),
    clean: upper,
    maxLength: 7,
    mono: true,
    upper: true,
  },
  giorno: {
    ...plain,
    problem: unless((text) => italianDay(text) !== null, 'giorno_wrong'),
    clean: (text) => italianDay(text) ?? text.trim(),
    write: formatDate,
    maxLength: 10,
    inputmode: 'numeric',
  },
}
