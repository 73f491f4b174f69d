import type { FieldValue } from '../../src-main/contract/operation.ts'
import { isEmail } from '../../src-main/contract/rules/email.ts'
import { normaliseCellulare } from '../../src-main/contract/rules/telefono.ts'
import type { Capabilities } from '../../src-main/provider-contract/capabilities.ts'
import { regoleOf } from '../locales/regole-words.ts'
import { draftsOf, regoleValue, type RegolaDraft } from './regole-edit.ts'

export type PostaMode = Capabilities['nonCertified'][number]
type Fields = Record<string, FieldValue>

/** The settings of a casella's mail as they are being written (D111, D112, D117), beside what was on the screen. */
export interface PostaEdit {
  readonly casellaId: string
  readonly seen: Readonly<Fields>
  modo: string
  inoltroA: string
  cartella: string
  indirizzi: [string, string]
  mittenti: [string, string]
  conservazione: boolean
  antispam: string
  regole: RegolaDraft[]
  smsA: string
}

/** Words under `vita.posta.problemi`. */
export type PostaIssue = {
  field: PostaField
  code: 'email' | 'vuoto' | 'stessa' | 'doppio' | 'senzaIndirizzo' | 'telefono'
}
export type PostaField = 'smsA' | 'inoltroA' | 'cartella' | 'indirizzi.0' | 'indirizzi.1' | 'mittenti.0' | 'mittenti.1'

const text = (value: FieldValue | undefined): string => (typeof value === 'string' ? value : '')

/** The addresses that a field lists, as the core writes lists. */
export function addressesOf(value: FieldValue | undefined): string[] {
  return text(value)
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '')
}

const pair = (value: FieldValue | undefined): [string, string] => {
  const [first = '', second = ''] = addressesOf(value)
  return [first, second]
}

export function startPostaEdit(casellaId: string, fields: Readonly<Fields>): PostaEdit {
  return {
    casellaId,
    seen: { ...fields },
    modo: text(fields['nonCertificata.modo']),
    inoltroA: text(fields['nonCertificata.inoltroA']),
    cartella: text(fields['nonCertificata.cartella']),
    indirizzi: pair(fields['notifica.indirizzi']),
    mittenti: pair(fields['notifica.mittenti']),
    conservazione: fields['conservazione'] === true,
    antispam: text(fields['antispam']),
    regole: draftsOf(regoleOf(fields['regole'])),
    smsA: text(fields['smsA']),
  }
}

/** What keeps the settings from being saved. `indirizzo`: the casella's own, which must not be written to (a loop). */
export function postaIssues(edit: PostaEdit, indirizzo: string): PostaIssue[] {
  const issues: PostaIssue[] = []
  const isOwn = (address: string): boolean => address.trim().toLowerCase() === indirizzo.toLowerCase()
  if (edit.modo === 'forward') {
    if (edit.inoltroA.trim() === '') issues.push({ field: 'inoltroA', code: 'vuoto' })
    else if (!isEmail(edit.inoltroA)) issues.push({ field: 'inoltroA', code: 'email' })
    else if (isOwn(edit.inoltroA)) issues.push({ field: 'inoltroA', code: 'stessa' })
  }
  if (edit.modo === 'folder' && edit.cartella.trim() === '') issues.push({ field: 'cartella', code: 'vuoto' })
  for (const list of ['indirizzi', 'mittenti'] as const)
    for (const at of [0, 1] as const) {
      const address = edit[list][at].trim()
      const field = `${list}.${at}` as const
      if (address === '') continue
      if (!isEmail(address)) issues.push({ field, code: 'email' })
      else if (at === 1 && address.toLowerCase() === edit[list][0].trim().toLowerCase())
        issues.push({ field, code: 'doppio' })
      else if (list === 'indirizzi' && isOwn(address)) issues.push({ field, code: 'stessa' })
    }
  if (edit.smsA.trim() !== '' && normaliseCellulare(edit.smsA) === null)
    issues.push({ field: 'smsA', code: 'telefono' })
  const isFiltered = edit.mittenti.some((each) => each.trim() !== '')
  if (isFiltered && edit.indirizzi.every((each) => each.trim() === ''))
    issues.push({ field: 'indirizzi.0', code: 'senzaIndirizzo' })
  return issues
}

const listed = (addresses: readonly string[]): string =>
  addresses
    .map((each) => each.trim())
    .filter((each) => each !== '')
    .join(', ')

/** What a field stands for that an archive of before it does not have. */
const absent: Fields = { antispam: '', regole: '[]' }

/** What differs from what was on the screen; empty when nothing does. What a mode does not use goes with it. */
export function postaChanges(edit: PostaEdit): Fields {
  const wanted: Fields = {
    'nonCertificata.modo': edit.modo,
    'nonCertificata.inoltroA': edit.modo === 'forward' ? edit.inoltroA.trim() : null,
    'nonCertificata.cartella': edit.modo === 'folder' ? edit.cartella.trim() : null,
    'notifica.indirizzi': listed(edit.indirizzi),
    'notifica.mittenti': listed(edit.mittenti),
    conservazione: edit.conservazione,
    antispam: edit.antispam,
    regole: regoleValue(edit.regole),
    smsA: edit.smsA.trim() === '' ? null : (normaliseCellulare(edit.smsA) ?? edit.smsA.trim()),
  }
  return Object.fromEntries(
    Object.entries(wanted).filter(([field, value]) => value !== (edit.seen[field] ?? absent[field] ?? null)),
  )
}

export function isPostaDirty(edit: PostaEdit): boolean {
  return Object.keys(postaChanges(edit)).length > 0
}
