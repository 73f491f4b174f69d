import { ModuliFormat, ModuloKind } from '../../contract/modulo.ts'
import { filterNames, readFilter } from './export-subject.ts'

/** Forms as they were asked for: of caselle by their addresses, or of all that a filter finds. */
export interface FormArguments {
  kind: ModuloKind
  format: ModuliFormat
  out: string
  caselle: readonly string[]
  search: string
  filters: readonly { name: string; value: string }[]
}

/** Reads what follows `form`; what is wrong with it in words. Pure. */
export function readForm(
  rest: readonly string[],
  values: {
    out?: string | undefined
    format?: readonly string[] | undefined
    casella?: readonly string[] | undefined
    cerca?: string | undefined
    filter?: readonly string[] | undefined
  },
): FormArguments | { wrong: string } {
  const kind = ModuloKind.safeParse(rest[0])
  if (!kind.success || rest.length > 1) return { wrong: `form: il modulo è uno fra ${ModuloKind.options.join(', ')}.` }
  const { out = '', cerca: search = '', casella: caselle = [] } = values
  if (out === '' || out === '-') return { wrong: 'form: manca --out con il nome del file (.pdf o .zip).' }
  const [given = /\.zip$/i.test(out) ? 'zip' : 'pdf', ...more] = values.format ?? []
  const format = ModuliFormat.safeParse(given)
  if (!format.success || more.length > 0) return { wrong: 'form: --format è uno fra pdf, zip.' }
  const filters = (values.filter ?? []).map((written) => readFilter('caselle', written))
  if (filters.includes(null))
    return { wrong: `form: --filter è nome=valore; i nomi sono ${filterNames('caselle').join(', ')}.` }
  const isFiltered = search !== '' || filters.length > 0
  if (caselle.length > 0 && isFiltered) return { wrong: 'form: o --casella, o --cerca e --filter.' }
  // All caselle of an office are nothing that anybody prints by leaving something out.
  if (caselle.length === 0 && !isFiltered)
    return { wrong: 'form: manca --casella con l’indirizzo (anche più volte), oppure --cerca o --filter.' }
  return {
    kind: kind.data,
    format: format.data,
    out,
    caselle,
    search,
    filters: filters.filter((each) => each !== null),
  }
}
