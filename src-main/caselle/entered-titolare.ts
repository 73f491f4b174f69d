import { CommandError } from '../command-error.ts'
import type { AttivitaEntered, CasellaCreateRequest, IndirizzoEntered } from '../contract/casella.ts'
import { checkCodiceFiscale, cleanCodiceFiscale } from '../contract/rules/codice-fiscale.ts'
import { cleanEmail } from '../contract/rules/email.ts'
import { normaliseCellulare } from '../contract/rules/telefono.ts'
import type { Capabilities } from '../provider-contract/capabilities.ts'
import { AttivitaFields, IndirizzoFields, TitolareNew } from '../provider-contract/titolare.ts'
import type { z } from 'zod'

const invalid = (field: string, rule: string): CommandError => new CommandError('invalid_field', rule, { field, rule })

/** What is said of how to reach somebody. */
interface Contacts {
  telefono: string | null
  fax: string | null
  email: string | null
  cellulare: string | null
}

const orNull = (text: string | null | undefined): string | null =>
  text == null || text.trim() === '' ? null : text.trim()

/** An entered address in the contract's form; how to reach the holder is said again where nothing else is (D49). Throws CommandError `invalid_field`. */
export function enteredIndirizzo(entered: IndirizzoEntered, holder: Contacts): z.infer<typeof IndirizzoFields> {
  const cellulare = orNull(entered.cellulare)
  const parsed = IndirizzoFields.safeParse({
    ...entered,
    telefono: orNull(entered.telefono) ?? holder.telefono,
    fax: orNull(entered.fax) ?? holder.fax,
    email: entered.email == null ? holder.email : (cleanEmail(entered.email) ?? holder.email),
    cellulare: cellulare === null ? holder.cellulare : normaliseCellulare(cellulare),
  })
  if (!parsed.success) throw invalid(`indirizzo.${String(parsed.error.issues[0]?.path[0] ?? 'via')}`, 'contract')
  return parsed.data
}

/** An entered company or administration in the contract's form. Throws CommandError `invalid_field`. */
export function enteredAttivita(entered: AttivitaEntered): z.infer<typeof AttivitaFields> {
  const parsed = AttivitaFields.safeParse({
    ragioneSociale: entered.ragioneSociale.trim(),
    formaGiuridica: orNull(entered.formaGiuridica),
    partitaIva: entered.partitaIva,
    rea: orNull(entered.rea),
    codiceDestinatario: orNull(entered.codiceDestinatario),
    pecDestinatario: entered.pecDestinatario == null ? null : cleanEmail(entered.pecDestinatario),
    referenteAmministrativo: orNull(entered.referenteAmministrativo),
    codiceIpa: orNull(entered.codiceIpa),
  })
  if (!parsed.success || parsed.data.ragioneSociale === '')
    throw invalid(`attivita.${String(parsed.error?.issues[0]?.path[0] ?? 'ragioneSociale')}`, 'contract')
  return parsed.data
}

/**
 * The entered holder in the contract's form. Where the profile asks for name and e-mail alone the codice fiscale and the
 * first name may be left out, and then the e-mail may not (D55); a code that is given is judged as anywhere. Throws
 * CommandError `invalid_field`.
 */
export function enteredTitolare(
  entered: Extract<CasellaCreateRequest['titolare'], { kind: 'new' }>,
  { holder, cellulareRequired }: Pick<Capabilities, 'holder' | 'cellulareRequired'>,
): TitolareNew {
  const codiceFiscale = cleanCodiceFiscale(entered.codiceFiscale)
  const verdict = checkCodiceFiscale(codiceFiscale)
  const overridden =
    verdict === 'wrong_check_character' && entered.overrideReason !== null && entered.overrideReason.trim() !== ''
  const dispensable = verdict === 'empty' && holder === 'name_email'
  if (verdict !== 'valid' && !overridden && !dispensable) throw invalid('codiceFiscale', verdict)
  if (entered.nome.trim() === '' && holder === 'registry') throw invalid('nome', 'empty')
  const cellulare = orNull(entered.cellulare) === null ? null : normaliseCellulare(entered.cellulare ?? '')
  if (cellulare === null && (cellulareRequired || orNull(entered.cellulare) !== null))
    throw invalid('cellulare', 'cellulare')
  const email = entered.email === null ? null : cleanEmail(entered.email)
  if (email === null && codiceFiscale === '') throw invalid('email', 'empty')
  const contacts = { telefono: orNull(entered.telefono), fax: orNull(entered.fax), email, cellulare }
  const parsed = TitolareNew.safeParse({
    tipologia: entered.tipologia,
    nome: entered.nome.trim(),
    cognome: entered.cognome.trim(),
    codiceFiscale,
    ...contacts,
    tipoEnte: orNull(entered.tipoEnte),
    documentoIdentita: entered.documentoIdentita ?? null,
    ...(entered.indirizzo === null ? {} : { indirizzi: [enteredIndirizzo(entered.indirizzo, contacts)] }),
    ...(entered.attivita === null ? {} : { attivita: [enteredAttivita(entered.attivita)] }),
  })
  if (!parsed.success) {
    const [first, second] = parsed.error.issues[0]?.path ?? []
    throw invalid(second === undefined ? String(first ?? 'titolare') : `${String(first)}.${String(second)}`, 'contract')
  }
  return parsed.data
}
