import type { CampoCambiato } from '../../provider-contract/storico.ts'

/** Told by the storico's own fields. */
const bookkeeping: readonly string[] = ['id', 'version', 'updatedAt', 'updatedBy', 'enteId']

/** D89: the fields that differ between two states of a resource, null where there is none. A field that stays null is left out. */
export function changedFields(before: object | undefined, after: object | undefined): CampoCambiato[] {
  const [was, is]: Record<string, unknown>[] = [{ ...before }, { ...after }]
  const changed: CampoCambiato[] = []
  for (const campo of Object.keys({ ...was, ...is })) {
    const [one, other] = [was?.[campo] ?? null, is?.[campo] ?? null]
    // Most are alike, and are no lists.
    if (one === other || bookkeeping.includes(campo)) continue
    const prima = JSON.stringify(one)
    const dopo = JSON.stringify(other)
    if (prima === dopo) continue
    changed.push({
      campo,
      prima: JSON.parse(prima) as CampoCambiato['prima'],
      dopo: JSON.parse(dopo) as CampoCambiato['dopo'],
    })
  }
  return changed
}
