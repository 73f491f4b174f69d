import { CommandError } from '../command-error.ts'
import { isEmail } from '../contract/rules/email.ts'
import type { Fields } from '../outbox/operation.ts'
import type { Capabilities } from '../provider-contract/capabilities.ts'
import { Impostazioni, ImpostazioniPut } from '../provider-contract/impostazioni.ts'

const listed = (addresses: readonly string[]): string => addresses.join(', ')
const addressesIn = (text: unknown): string[] =>
  typeof text === 'string'
    ? text
        .split(',')
        .map((address) => address.trim())
        .filter((address) => address !== '')
    : []

/** The settings of a casella (D111 to D118) as single values, named with their group as the storico names them. */
export function fieldsOfImpostazioni({
  conservazione,
  nonCertificata,
  notifica,
  antispam,
  regole,
  smsA,
}: Impostazioni): Fields {
  return {
    conservazione,
    'nonCertificata.modo': nonCertificata.modo,
    'nonCertificata.inoltroA': nonCertificata.modo === 'forward' ? nonCertificata.inoltroA : null,
    'nonCertificata.cartella': nonCertificata.modo === 'folder' ? nonCertificata.cartella : null,
    'notifica.indirizzi': listed(notifica.indirizzi),
    'notifica.mittenti': listed(notifica.mittenti),
    antispam,
    // One value: their order is what is compared.
    regole: JSON.stringify(regole),
    smsA,
  }
}

function regoleIn(text: unknown): unknown {
  if (typeof text !== 'string' || text === '') return []
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/** The whole that a PUT sends; undefined where the values do not fit the contract together. */
export function impostazioniPutOf(fields: Fields): ImpostazioniPut | undefined {
  const modo = fields['nonCertificata.modo']
  const parsed = ImpostazioniPut.safeParse({
    conservazione: fields['conservazione'],
    nonCertificata: {
      modo,
      ...(modo === 'forward' ? { inoltroA: fields['nonCertificata.inoltroA'] } : {}),
      ...(modo === 'folder' ? { cartella: fields['nonCertificata.cartella'] } : {}),
    },
    notifica: {
      indirizzi: addressesIn(fields['notifica.indirizzi']),
      mittenti: addressesIn(fields['notifica.mittenti']),
    },
    antispam: fields['antispam'],
    regole: regoleIn(fields['regole']),
    smsA: fields['smsA'] ?? null,
  })
  return parsed.success ? parsed.data : undefined
}

/** The settings with changed values set in; values that do not fit the contract together leave them as they were. */
export function impostazioniWith(impostazioni: Impostazioni, fields: Fields): Impostazioni {
  const put = impostazioniPutOf({ ...fieldsOfImpostazioni(impostazioni), ...fields })
  return put === undefined ? impostazioni : { ...impostazioni, ...put }
}

/** Values as the provider writes them: lists of addresses with one comma and one space. */
export function cleanImpostazioni(changes: Fields): Fields {
  return Object.fromEntries(
    Object.entries(changes).map(([field, value]) => [
      field,
      field.startsWith('notifica.') ? listed(addressesIn(value)) : typeof value === 'string' ? value.trim() : value,
    ]),
  )
}

/**
 * Whether settings can be sent as they would be after `changes`, by what the profile offers. Throws CommandError
 * `invalid_field`.
 */
export function checkedImpostazioni(
  whole: Fields,
  changes: Fields,
  {
    nonCertified,
    conservazione,
    antispam,
    regole,
    sms,
  }: Pick<Capabilities, 'nonCertified' | 'conservazione' | 'antispam' | 'regole' | 'sms'>,
): ImpostazioniPut {
  const invalid = (field: string, rule: string): CommandError =>
    new CommandError('invalid_field', rule, { field, rule })
  if (changes['conservazione'] === true && !conservazione) throw invalid('conservazione', 'not_offered')
  const modo = whole['nonCertificata.modo']
  if (!nonCertified.some((each) => each === modo)) throw invalid('nonCertificata.modo', 'not_offered')
  if (changes['antispam'] !== undefined && !antispam) throw invalid('antispam', 'not_offered')
  if (changes['smsA'] != null && !sms) throw invalid('smsA', 'not_offered')
  if (changes['regole'] !== undefined) {
    const wanted = ImpostazioniPut.shape.regole.safeParse(regoleIn(changes['regole']))
    if (!wanted.success) throw invalid('regole', 'contract')
    if (wanted.data.length > regole) throw invalid('regole', regole === 0 ? 'not_offered' : 'too_many')
    const wrong = wanted.data.some(({ azione }) => azione.tipo === 'inoltra' && !isEmail(azione.inoltroA))
    if (wrong) throw invalid('regole', 'email')
  }
  const put = impostazioniPutOf(whole)
  if (
    put === undefined &&
    changes['smsA'] !== undefined &&
    !ImpostazioniPut.shape.smsA.safeParse(changes['smsA']).success
  )
    throw invalid('smsA', 'telefono')
  if (put === undefined)
    throw invalid(modo === 'folder' ? 'nonCertificata.cartella' : 'nonCertificata.inoltroA', 'contract')
  for (const [field, addresses] of Object.entries(put.notifica))
    if (!addresses.every(isEmail)) throw invalid(`notifica.${field}`, 'email')
  return put
}
