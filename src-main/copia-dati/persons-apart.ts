import { normaliseCodiceFiscale } from '../contract/rules/codice-fiscale.ts'
import type { HeldPerson, HeldRow } from './copia-dati-store.ts'

/** Who wrote or did something: said by role, because a colleague's name is another person's data (GDPR, art. 15 par. 4). */
const authors = new Set([
  ...['updatedBy', 'operator', 'operatorName', 'operator_name', 'entered_by', 'enteredBy', 'autore', 'apertaDa'],
  ...['destinatario', 'who', 'chi', 'operatore', 'changedBy', 'aperta_da', 'mossa_da'],
])
export const OPERATORE = 'operatore'
export const ALTRA_PERSONA = 'altra persona'

/** Pure. */
export function withoutAuthors(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutAuthors)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, each]: [string, unknown]) => [
      name,
      authors.has(name) && typeof each === 'string' && each !== '' ? OPERATORE : withoutAuthors(each),
    ]),
  )
}

const literal = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)

/** Whether a row has one of the texts as a whole: `t1` is not in `t12`, nor `a@x.it` in `maria.a@x.it`. Pure. */
export function mentions(row: HeldRow, { needles }: Pick<HeldPerson, 'needles'>): boolean {
  const text = JSON.stringify(row)
  return needles.some((needle) =>
    new RegExp(String.raw`(?<![a-z0-9._-])${literal(needle)}(?![a-z0-9_-])`, 'i').test(text),
  )
}

const CODICE = /\b[A-Z]{6}[0-9LMNPQRSTUV]{2}[A-EHLMPRST][0-9LMNPQRSTUV]{2}[A-Z][0-9LMNPQRSTUV]{3}[A-Z]\b/gi

/** Whether a codice fiscale that is not the person's stands in it. Pure. */
export function namesOthers(value: unknown, { codici }: Pick<HeldPerson, 'codici'>): boolean {
  const own = new Set(codici.map((each) => normaliseCodiceFiscale(each)))
  return [...JSON.stringify(value ?? null).matchAll(CODICE)].some(
    ([code]) => !own.has(normaliseCodiceFiscale(code.toUpperCase())),
  )
}

/**
 * What a draft says of the person; null where it says nothing, or may be of a namesake. Of a form with many rows, those of
 * the person alone. Pure.
 */
export function bozzaOf(row: HeldRow, person: HeldPerson): HeldRow | null {
  const data = typeof row['data'] === 'object' && row['data'] !== null ? { ...row['data'] } : {}
  const columns = Object.entries(data).filter((entry): entry is [string, unknown[]] => Array.isArray(entry[1]))
  if (columns.length > 0) {
    const length = Math.max(...columns.map(([, cells]) => cells.length))
    const own = Array.from({ length }, (_, at) => at).filter((at) =>
      isOf(Object.fromEntries(columns.map(([name, cells]) => [name, cells[at] ?? ''])), person),
    )
    if (own.length === 0) return null
    const kept = Object.fromEntries(columns.map(([name, cells]) => [name, own.map((at) => cells[at] ?? '')]))
    return { ...row, title: null, data: kept }
  }
  return isOf({ title: row['title'], data }, person) ? row : null
}

function isOf(row: HeldRow, person: HeldPerson): boolean {
  if (mentions(row, person)) return true
  const words = JSON.stringify(row).toLowerCase()
  const isNamed = person.nomi.some(
    ({ nome, cognome }) =>
      nome !== '' && cognome !== '' && words.includes(nome.toLowerCase()) && words.includes(cognome.toLowerCase()),
  )
  return isNamed && !namesOthers(row, person)
}
