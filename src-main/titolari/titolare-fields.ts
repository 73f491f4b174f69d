import { CommandError } from '../command-error.ts'
import { TitolareUpdateRequest } from '../contract/registro.ts'
import { checkCodiceFiscale, cleanCodiceFiscale } from '../contract/rules/codice-fiscale.ts'
import { checkDocumentoDays } from '../contract/rules/documento-identita.ts'
import { cleanEmail, isEmail } from '../contract/rules/email.ts'
import { isCodiceDestinatario } from '../contract/rules/codice-destinatario.ts'
import { isCap, isProvincia } from '../contract/rules/indirizzo.ts'
import { checkPartitaIva, cleanPartitaIva } from '../contract/rules/partita-iva.ts'
import { isRea } from '../contract/rules/rea.ts'
import { normaliseCellulare } from '../contract/rules/telefono.ts'
import type { Fields } from '../outbox/operation.ts'
import type { Capabilities } from '../provider-contract/capabilities.ts'
import { documentoFields } from './titolare-row-fields.ts'

const invalid = (field: string, rule: string): CommandError => new CommandError('invalid_field', rule, { field, rule })

/** An optional e-mail as it is stored. Throws CommandError `invalid_field`. */
function email(field: string, given: string | null): string | null {
  const clean = given === null ? null : cleanEmail(given)
  if (clean !== null && !isEmail(clean)) throw invalid(field, 'email')
  return clean
}

function cellulare(given: string | null, isRequired: boolean): string | null {
  if (given === null || given.trim() === '') {
    if (isRequired) throw invalid('cellulare', 'cellulare')
    return null
  }
  const normal = normaliseCellulare(given)
  if (normal === null) throw invalid('cellulare', 'cellulare')
  return normal
}

const optional = (given: string | null): string | null => (given === null || given.trim() === '' ? null : given.trim())

/** A holder's changed values as they will be sent (D27 to D30). Throws CommandError `invalid_field`. */
export function checkedTitolare(
  { changes, overrideReason }: Pick<TitolareUpdateRequest, 'changes' | 'overrideReason'>,
  { holder, cellulareRequired }: Pick<Capabilities, 'holder' | 'cellulareRequired'>,
): Fields {
  const fields: Fields = {}
  for (const name of ['nome', 'cognome'] as const) {
    const given = changes[name]
    if (given === undefined) continue
    // A casella's own name may be all that is known of its holder (D55).
    if (given.trim() === '' && (name === 'cognome' || holder === 'registry')) throw invalid(name, 'empty')
    fields[name] = given.trim()
  }
  if (changes.tipologia !== undefined) fields['tipologia'] = changes.tipologia
  if (changes.codiceFiscale !== undefined) {
    const code = cleanCodiceFiscale(changes.codiceFiscale)
    const verdict = checkCodiceFiscale(code)
    const overridden = verdict === 'wrong_check_character' && (overrideReason ?? '').trim() !== ''
    const dispensable = verdict === 'empty' && holder === 'name_email'
    if (verdict !== 'valid' && !overridden && !dispensable) throw invalid('codiceFiscale', verdict)
    fields['codiceFiscale'] = code
  }
  if (changes.email !== undefined) fields['email'] = email('email', changes.email)
  if (changes.cellulare !== undefined) fields['cellulare'] = cellulare(changes.cellulare, cellulareRequired)
  if (changes.telefono !== undefined) fields['telefono'] = optional(changes.telefono)
  if (changes.fax !== undefined) fields['fax'] = optional(changes.fax)
  if (changes.tipoEnte !== undefined) fields['tipoEnte'] = changes.tipoEnte
  for (const name of documentoFields) {
    const given = changes[name]
    if (given !== undefined) fields[name] = optional(given)
  }
  return fields
}

/**
 * D61: the identity document that a change leaves, all of it or nothing, with days in order and, where it changes, not
 * expired. `today`: `YYYY-MM-DD` in Europe/Rome. Throws CommandError `invalid_field`.
 */
export function checkDocumentoLeft(before: Fields, changes: Fields, today: string): void {
  if (!documentoFields.some((name) => changes[name] !== undefined)) return
  const after = { ...before, ...changes }
  const values = documentoFields.map((name) => after[name] ?? null)
  if (values.every((value) => value === null)) return
  const missing = documentoFields.find((name) => (after[name] ?? null) === null)
  if (missing !== undefined) throw invalid(missing, 'empty')
  const day = (name: 'rilasciato' | 'scadenza'): string => String(after[`documentoIdentita.${name}`])
  const verdict = checkDocumentoDays({ rilasciato: day('rilasciato'), scadenza: day('scadenza') }, today)
  if (verdict !== 'valid') throw invalid('documentoIdentita.scadenza', `documento_${verdict}`)
}

/** As `checkedTitolare`, of single values. Throws CommandError `invalid_field`. */
export function checkedTitolareFields(
  given: Fields,
  profile: Pick<Capabilities, 'holder' | 'cellulareRequired'>,
): Fields {
  const changes = TitolareUpdateRequest.shape.changes.safeParse(given)
  if (!changes.success) throw invalid(String(changes.error.issues[0]?.path[0] ?? 'titolare'), 'contract')
  return checkedTitolare({ changes: changes.data, overrideReason: null }, profile)
}

/** The values of an address as they will be sent (D23, D49). Throws CommandError `invalid_field`. */
export function checkedIndirizzo(given: Fields): Fields {
  const fields: Fields = {}
  for (const [name, value] of Object.entries(given)) {
    const text = typeof value === 'string' ? value : null
    switch (name) {
      case 'via':
      case 'localita':
        if (text === null || text.trim() === '') throw invalid(name, 'empty')
        fields[name] = text.trim()
        break
      case 'provincia':
        if (text === null || !isProvincia(text)) throw invalid(name, 'provincia')
        fields[name] = text.trim().toUpperCase()
        break
      case 'cap':
        if (text === null || !isCap(text)) throw invalid(name, 'cap')
        fields[name] = text.trim()
        break
      case 'email':
        fields[name] = email(name, text)
        break
      case 'cellulare':
        fields[name] = cellulare(text, false)
        break
      case 'telefono':
      case 'fax':
        fields[name] = optional(text)
        break
      default:
        throw invalid(name, 'unknown')
    }
  }
  return fields
}

/** The values of a company as they will be sent (D24). Throws CommandError `invalid_field`. */
export function checkedAttivita(given: Fields): Fields {
  const fields: Fields = {}
  for (const [name, value] of Object.entries(given)) {
    const text = typeof value === 'string' ? value : null
    switch (name) {
      case 'ragioneSociale':
        if (text === null || text.trim() === '') throw invalid(name, 'empty')
        fields[name] = text.trim()
        break
      case 'partitaIva':
        // An administration or an association may have its codice fiscale alone (D53).
        if (!['valid', 'empty'].includes(checkPartitaIva(text ?? ''))) throw invalid(name, 'partita_iva')
        fields[name] = cleanPartitaIva(text ?? '')
        break
      case 'codiceDestinatario':
        if (text !== null && text.trim() !== '' && !isCodiceDestinatario(text))
          throw invalid(name, 'codice_destinatario')
        fields[name] = optional(text)?.toUpperCase() ?? null
        break
      case 'pecDestinatario':
        fields[name] = email(name, text)
        break
      case 'rea':
        if (text !== null && text.trim() !== '' && !isRea(text)) throw invalid(name, 'rea')
        fields[name] = optional(text)
        break
      case 'formaGiuridica':
      case 'codiceIpa':
      case 'referenteAmministrativo':
        fields[name] = optional(text)
        break
      default:
        throw invalid(name, 'unknown')
    }
  }
  return fields
}
