import { ExportFormat, ExportSubject } from '../../contract/esportazione.ts'
import { usageError } from './cli-error.ts'

export const exportLists = ['caselle', 'titolari', 'domini', 'assistenti', 'scadenze'] as const
export type ExportListName = (typeof exportLists)[number]

/** What is exported, as it was written; domains by name and assistenti by code are looked up later. */
export interface ExportArguments {
  list: ExportListName
  format: ExportFormat
  out: string
  search: string
  filters: readonly { name: string; value: string }[]
  personal: boolean
}

/** By its name on the command line, the field of the list's own filter. */
const names: Record<ExportListName, Readonly<Record<string, string>>> = {
  caselle: {
    dominio: 'dominioId',
    stato: 'stato',
    richiesta: 'richiesta',
    dal: 'inseritaDal',
    al: 'inseritaAl',
    tipologia: 'tipologia',
    assistente: 'assistenteId',
    scadenza: 'scadenza',
    spazio: 'piene',
    email: 'email',
  },
  titolari: {
    nome: 'nome',
    cognome: 'cognome',
    'codice-fiscale': 'codiceFiscale',
    email: 'email',
    telefono: 'telefono',
    fax: 'fax',
    'ragione-sociale': 'ragioneSociale',
    'partita-iva': 'partitaIva',
    casella: 'pec',
  },
  domini: {},
  assistenti: {},
  scadenze: { tipo: 'kind', dominio: 'dominioId', dal: 'from', al: 'to' },
}

/** A format by the file's name, where none is given: CSV for any other. */
export function formatOf(given: string | undefined, out: string): ExportFormat | null {
  if (given !== undefined) return ExportFormat.safeParse(given).data ?? null
  return ExportFormat.safeParse(/\.([a-z]+)$/i.exec(out)?.[1]?.toLowerCase()).data ?? 'csv'
}

/** `name=value` as written; null for what is not, or no filter of the list. */
export function readFilter(list: ExportListName, written: string): { name: string; value: string } | null {
  const at = written.indexOf('=')
  const name = written.slice(0, Math.max(0, at))
  const value = written.slice(at + 1)
  return Object.hasOwn(names[list], name) && value !== '' ? { name, value } : null
}
export const filterNames = (list: ExportListName): string[] => Object.keys(names[list])

function isoDay(value: string): string {
  const [, day = '', month = '', year = ''] = /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/.exec(value) ?? []
  return year === '' ? value : `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`
}

/** What the core is asked for. Throws CliError for a value that a filter does not take. Pure. */
export function exportSubject(
  { list, search, filters }: ExportArguments,
  known: { domini: readonly { id: string; nome: string }[]; assistenti: readonly { id: string; codice: string }[] },
): ExportSubject {
  const fields: Record<string, string> = {}
  for (const { name, value } of filters) {
    const field = names[list][name] ?? ''
    if (field === 'dominioId' || field === 'assistenteId') {
      const found =
        field === 'dominioId'
          ? known.domini.find(({ id, nome }) => id === value || nome === value.toLowerCase())
          : known.assistenti.find(({ id, codice }) => id === value || codice === value)
      if (found === undefined) throw usageError(`export: ${name} ${value} non è nell’archivio.`)
      fields[field] = found.id
    } else fields[field] = name === 'dal' || name === 'al' ? isoDay(value) : value
  }
  const subject = ExportSubject.safeParse(
    list === 'titolari' ? { list, search, filters: fields } : { list, search, kind: 'caselle', ...fields },
  )
  if (subject.success) return subject.data
  const wrong = subject.error.issues[0]?.path.at(-1)
  const name = Object.entries(names[list]).find(([, field]) => field === wrong)?.[0] ?? String(wrong ?? '')
  const value = filters.find((each) => each.name === name)?.value ?? ''
  throw usageError(`export: il filtro ${name} non ammette il valore ${value}.`)
}
