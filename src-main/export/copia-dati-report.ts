import accessi from '../../src-renderer/locales/it/accessi.json' with { type: 'json' }
import type { AccessoScopo } from '../contract/accesso.ts'
import type { ExportedFile } from '../contract/archive.ts'
import type { CopiaDati, RigaCopia, SezioneCopia } from '../contract/copia-dati.ts'
import { italianDate, italianMoment } from './italian-date.ts'
import { section, type ReportContent, type ReportSection } from './report-content.ts'
import { filled } from './words.ts'

const words = accessi.documento
const labels: Readonly<Record<string, string>> = words.campo
/** The order in which a person reads them. */
const sezioni = Object.entries(words.sezione) as [SezioneCopia, string][]
/** A longer text goes on over the page's end, which the value of a fact does not. */
const LONG = 1000

const labelOf = (path: readonly string[]): string =>
  path.map((part) => (/^\d+$/.test(part) ? String(Number(part) + 1) : (labels[part] ?? part))).join(', ')

function wordsOf(value: string | number | boolean): string {
  if (typeof value === 'boolean') return value ? words.si : words.no
  if (typeof value === 'number') return value.toLocaleString('it-IT')
  if (/^\d{4}-\d{2}-\d{2}T[\d:.]+Z$/.test(value)) return italianMoment(value)
  return /^\d{4}-\d{2}-\d{2}$/.test(value) ? italianDate(`${value}T12:00:00Z`) : value
}

/** Every value that is not empty, with the way to it in words. */
function flattened(value: RigaCopia[string], path: readonly string[]): [string, string][] {
  if (value === null || value === '') return []
  if (typeof value !== 'object') return [[labelOf(path), wordsOf(value)]]
  return Object.entries(value).flatMap(([name, each]) => flattened(each, [...path, name]))
}

/** The provider's row and what here waits on top of it, or the row as it stands. */
function factsOf(row: RigaCopia): [string, string][] {
  const known = row['shown'] ?? row['server'] ?? row['local'] ?? null
  if (known === null) return flattened(row, [])
  const beside = ['in_coda', 'read_at'].flatMap((name) => flattened(row[name] ?? null, [name]))
  const local = row['local'] ?? null
  const entered = known === local ? [] : flattened(local, [])
  return [...flattened(known, []), ...entered, ...beside.filter(([, value]) => value !== '0')]
}

function sectionsOf(title: string, rows: readonly RigaCopia[]): ReportSection[] {
  if (rows.length === 0) return [section(title, { paragraphs: [words.nessuno] })]
  return rows.map((row, at) => {
    const all = factsOf(row)
    const named = rows.length === 1 ? title : filled(words.voce, { sezione: title, n: at + 1, tutte: rows.length })
    return section(named, {
      facts: all.filter(([, value]) => value.length <= LONG),
      paragraphs: all.filter(([, value]) => value.length > LONG).map(([name, value]) => `${name}: ${value}`),
    })
  })
}

/** Pure. */
export function copiaDatiContent(copia: CopiaDati, scopo: AccessoScopo): ReportContent {
  return {
    title: accessi.copia.titolo,
    intro: [
      filled(words.intro, { ente: copia.ente, gestore: copia.gestore }),
      filled(words.creata, { quando: italianMoment(copia.creata), scopo: accessi.scopi[scopo] }),
      ...(copia.allineata === null ? [] : [filled(words.allineata, { quando: italianMoment(copia.allineata) })]),
      words.ruoli,
    ],
    sections: sezioni.flatMap(([name, title]) => sectionsOf(title, copia[name])),
  }
}

/** The file's name says the holder's id, never the name: it is seen in folders and lists of downloads. */
export async function copiaDatiFile(
  copia: CopiaDati,
  titolareId: string,
  scopo: AccessoScopo,
  formato: 'json' | 'pdf',
): Promise<ExportedFile> {
  const bytes =
    formato === 'json'
      ? Buffer.from(JSON.stringify(copia, null, 2), 'utf8')
      : Buffer.from(
          await (await import('./report-pdf.ts')).reportPdf(copiaDatiContent(copia, scopo), new Date(copia.creata)),
        )
  return {
    nomeFile: `copia-dati-${titolareId.replaceAll(/[^a-zA-Z0-9._-]+/g, '-')}.${formato}`,
    mime: formato === 'json' ? 'application/json' : 'application/pdf',
    base64: bytes.toString('base64'),
    count: sezioni.reduce((sum, [name]) => sum + copia[name].length, 0),
  }
}
