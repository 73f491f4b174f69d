import type { Fields } from '../outbox/operation.ts'
import { DocumentoIdentita, Titolare, type TitolareNew } from '../provider-contract/titolare.ts'

const plain = [
  'tipologia',
  'nome',
  'cognome',
  'codiceFiscale',
  'email',
  'telefono',
  'cellulare',
  'fax',
  'tipoEnte',
] as const
const PREFIX = 'documentoIdentita.'

/** The fields of the identity document (D61) as single values, named with their group. */
export const documentoFields = DocumentoIdentita.keyof().options.map((name) => `${PREFIX}${name}` as const)

/** What operators may change of a holder, as single values, as the rebase compares them. */
export function fieldsOfTitolare(titolare: Omit<TitolareNew, 'indirizzi' | 'attivita'>): Fields {
  const fields: Fields = {}
  for (const name of plain) fields[name] = titolare[name] ?? null
  const documento = titolare.documentoIdentita ?? null
  for (const name of DocumentoIdentita.keyof().options) fields[`${PREFIX}${name}`] = documento?.[name] ?? null
  return fields
}

/** Changed values in the contract's form: a merge patch, in which the document is an object of its own, and null when nothing of it is left. */
export function titolarePatchOf(fields: Fields): Record<string, unknown> {
  const own = Object.entries(fields).filter(([name]) => !name.startsWith(PREFIX))
  const documento = Object.entries(fields)
    .filter(([name]) => name.startsWith(PREFIX))
    .map(([name, value]) => [name.slice(PREFIX.length), value] as const)
  const isGone = documento.length > 0 && documento.every(([, value]) => value === null)
  return {
    ...Object.fromEntries(own),
    ...(documento.length === 0 ? {} : { documentoIdentita: isGone ? null : Object.fromEntries(documento) }),
  }
}

/** The holder with changed values set in; values that do not fit the contract leave it as it was. */
export function titolareWith(titolare: Titolare, fields: Fields): Titolare {
  const { documentoIdentita, ...own } = titolarePatchOf(fields)
  const known = Object.entries(own).filter(([name]) => plain.some((each) => each === name))
  const merged = Titolare.safeParse({
    ...titolare,
    ...Object.fromEntries(known),
    ...(documentoIdentita === undefined
      ? {}
      : {
          documentoIdentita:
            typeof documentoIdentita === 'object' && documentoIdentita !== null
              ? { ...titolare.documentoIdentita, ...documentoIdentita }
              : null,
        }),
  })
  return merged.success ? merged.data : titolare
}
