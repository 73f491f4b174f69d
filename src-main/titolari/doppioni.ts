import type { Doppione, TitolareRow } from '../contract/titolare.ts'
import { normaliseCodiceFiscale } from '../contract/rules/codice-fiscale.ts'

const nameKey = ({ cognome, nome, email }: TitolareRow): string | null =>
  email === null || email.trim() === ''
    ? null
    : [cognome, nome, email].map((text) => text.normalize('NFC').trim().toLowerCase()).join('\n')

function groupedBy(rows: readonly TitolareRow[], key: (row: TitolareRow) => string | null): TitolareRow[][] {
  const groups = new Map<string, TitolareRow[]>()
  for (const row of rows) {
    const its = key(row)
    if (its === null || its === '') continue
    const group = groups.get(its)
    if (group === undefined) groups.set(its, [row])
    else group.push(row)
  }
  return [...groups.values()].filter((group) => group.length > 1)
}

/**
 * Who may be the same: by the codice fiscale, omocodia or not (D28), and by name and e-mail where one of them has none
 * (D55). Two with different codes are two, whatever they are called. Pure.
 */
export function doppioniAmong(rows: readonly TitolareRow[]): Doppione[] {
  const byCode = groupedBy(rows, ({ codiceFiscale }) => normaliseCodiceFiscale(codiceFiscale))
  const byName = groupedBy(rows, nameKey).filter((group) => {
    const codes = new Set(group.map(({ codiceFiscale }) => normaliseCodiceFiscale(codiceFiscale)))
    return codes.has('') && codes.size <= 2
  })
  return [
    ...byCode.map((titolari): Doppione => ({ per: 'codice_fiscale', titolari })),
    ...byName.map((titolari): Doppione => ({ per: 'nome_email', titolari })),
  ]
}
