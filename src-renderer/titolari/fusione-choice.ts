import type { FieldValue } from '../../src-main/contract/operation.ts'
import type { TitolareDetail } from '../../src-main/contract/titolare.ts'

type Holder = TitolareDetail['titolare']
export type FlatFields = Record<string, FieldValue>

const PLAIN = [
  'tipologia',
  'tipoEnte',
  'nome',
  'cognome',
  'codiceFiscale',
  'email',
  'telefono',
  'cellulare',
  'fax',
] as const
const DOCUMENTO = 'documentoIdentita'
const DOCUMENTO_FIELDS = ['tipo', 'numero', 'rilasciatoDa', 'rilasciato', 'scadenza'] as const

/** What is chosen as one: a field, or the whole identity document. */
export const MERGED = [...PLAIN, DOCUMENTO] as const
export type Merged = (typeof MERGED)[number]

/** A holder's values as operations name them. */
export function flatFields(titolare: Holder): FlatFields {
  const fields: FlatFields = {}
  for (const name of PLAIN) fields[name] = titolare[name] ?? null
  for (const name of DOCUMENTO_FIELDS) fields[`${DOCUMENTO}.${name}`] = titolare.documentoIdentita?.[name] ?? null
  return fields
}

const partsOf = (merged: Merged): string[] =>
  merged === DOCUMENTO ? DOCUMENTO_FIELDS.map((name) => `${DOCUMENTO}.${name}`) : [merged]
const sameValue = (one: FieldValue | undefined, other: FieldValue | undefined): boolean => (one ?? '') === (other ?? '')

export function isEmptyOf(titolare: Holder, merged: Merged): boolean {
  const fields = flatFields(titolare)
  return partsOf(merged).every((name) => (fields[name] ?? '') === '')
}

/** Whether two holders have the same of it; nothing is nothing, whether null or an empty text. */
export function isSame(one: Holder, other: Holder, merged: Merged): boolean {
  const [mine, theirs] = [flatFields(one), flatFields(other)]
  return partsOf(merged).every((name) => sameValue(mine[name], theirs[name]))
}

/** Whose values are proposed: of the one that stays, and where that has none, of the first who has one. */
export function proposed(stays: Holder, others: readonly Holder[]): Record<Merged, string> {
  const from = (merged: Merged): string =>
    isEmptyOf(stays, merged) ? (others.find((other) => !isEmptyOf(other, merged)) ?? stays).id : stays.id
  const choice = Object.fromEntries(MERGED.map((merged) => [merged, from(merged)]))
  // Every name of the list is there.
  return choice as Record<Merged, string>
}

/** The values of the one that stays that change. */
export function changesOf(
  stays: Holder,
  others: readonly Holder[],
  choice: Readonly<Record<Merged, string>>,
): FlatFields {
  const before = flatFields(stays)
  const changes: FlatFields = {}
  for (const merged of MERGED) {
    const from = others.find(({ id }) => id === choice[merged])
    if (from === undefined) continue
    const fields = flatFields(from)
    for (const name of partsOf(merged)) if (!sameValue(before[name], fields[name])) changes[name] = fields[name] ?? null
  }
  return changes
}
