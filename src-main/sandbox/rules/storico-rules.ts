import type { CampoCambiato } from '../../provider-contract/storico.ts'

/** Told by the storico's own fields. */
const bookkeeping: readonly string[] = ['id', 'version', 'updatedAt', 'updatedBy', 'enteId']

/** D89: the fields that differ between two states of a resource, null where there is none. A field that stays null is left out. */
export function changedFields(before: object | undefined, after: object | undefined): CampoCambiato[] {
  const [was, is] = [before ?? {}, after ?? {}].map((each) => new Map<string, unknown>(Object.entries(each)))
  const names = new Set([...(was?.keys() ?? []), ...(is?.keys() ?? [])])
  const changed: CampoCambiato[] = []
  for (const campo of names) {
    if (bookkeeping.includes(campo)) continue
    const prima = JSON.stringify(was?.get(campo) ?? null)
    const dopo = JSON.stringify(is?.get(campo) ?? null)
    if (prima === dopo) continue
    changed.push({
      campo,
      prima: JSON.parse(prima) as CampoCambiato['prima'],
      dopo: JSON.parse(dopo) as CampoCambiato['dopo'],
    })
  }
  return changed
}
