import { parseArgs } from 'node:util'
import type { z } from 'zod'
import { AttachRequest } from '../../contract/documento.ts'
import { DEFAULT_SOGLIA, MotivoConsenso } from '../../contract/lotto.ts'
import { readForm, type FormArguments } from './form-arguments.ts'
import { readReport, type ReportArguments } from './report-arguments.ts'
import { exportLists, filterNames, formatOf, readFilter, type ExportArguments } from './export-subject.ts'

const DocumentoTipo = AttachRequest.shape.tipo
type DocumentoTipo = z.infer<typeof DocumentoTipo>

export const commandNames = ['status', 'sync', 'upload', 'export', 'report', 'form', 'verify'] as const
export type CommandName = (typeof commandNames)[number]

export interface CommonOptions {
  dataDir: string | null
  providerUrl: string | null
  json: boolean
  demo: boolean
  /** User and password come as two lines of the standard input. */
  stdin: boolean
  timeoutMs: number
}

/** Verification needs neither archive nor sign-in. */
export interface VerifyCommand {
  name: 'verify'
  /** Whose trusted lists are used; null: of the system's usual folder. */
  dataDir: string | null
  json: boolean
  files: string[]
  /** What detached signatures are of. */
  content: string | null
  at: Date | null
  trust: TrustOption
}
export type TrustOption = (typeof trustOptions)[number]
const trustOptions = ['on', 'online', 'off'] as const

export type Command =
  | { name: 'status'; options: CommonOptions }
  | { name: 'sync'; options: CommonOptions }
  | {
      name: 'upload'
      options: CommonOptions
      files: string[]
      casella: string
      tipo: DocumentoTipo
      /** Why files go whose signature does not hold; null: they do not. */
      consenso: string | null
    }
  | { name: 'upload-folder'; options: CommonOptions; folder: string; dryRun: boolean; minConfidence: number }
  | { name: 'export'; options: CommonOptions; asked: ExportArguments }
  | { name: 'report'; options: CommonOptions; asked: ReportArguments }
  | { name: 'form'; options: CommonOptions; asked: FormArguments }

export type ParsedCommand =
  | { kind: 'command'; command: Command }
  | { kind: 'verify'; command: VerifyCommand }
  | { kind: 'help'; name: CommandName | null }
  | { kind: 'wrong'; message: string }

const DEFAULT_TIMEOUT_S = 300
const string = { type: 'string' } as const
const flag = { type: 'boolean', default: false } as const
const wrong = (message: string): ParsedCommand => ({ kind: 'wrong', message })
const secretOption = /^--?(user|utente|password|passphrase|pass|pwd|totp)(=|$)/i

function parseFolder(
  folder: string,
  options: CommonOptions,
  dryRun: boolean,
  confidence: string | undefined,
): ParsedCommand {
  const given = confidence ?? String(DEFAULT_SOGLIA)
  if (!/^(?:\d|[1-9]\d|100)$/.test(given)) return wrong(`--min-confidence ${given}: serve un numero da 0 a 100.`)
  return {
    kind: 'command',
    command: { name: 'upload-folder', options, folder, dryRun, minConfidence: Number(given) },
  }
}

/** Reads the command line, and nothing else. Secrets given as arguments are refused: every user of the machine sees them. */
export function parseCommandLine(args: readonly string[]): ParsedCommand {
  if (args.some((arg) => secretOption.test(arg)))
    return wrong(
      'Utente, password e frase segreta non si scrivono tra gli argomenti, che sono visibili agli altri utenti del ' +
        'computer: usare SPORTELLO_LRA_USER, SPORTELLO_LRA_PASSWORD e SPORTELLO_LRA_PASSPHRASE, oppure --stdin.',
    )
  let parsed
  try {
    parsed = parseArgs({
      args: [...args],
      allowPositionals: true,
      strict: true,
      options: {
        provider: string,
        data: string,
        timeout: string,
        casella: { type: 'string', multiple: true },
        tipo: string,
        out: string,
        cerca: string,
        format: { type: 'string', multiple: true },
        periodo: string,
        filter: { type: 'string', multiple: true },
        'con-dati-personali': flag,
        content: string,
        at: string,
        trust: string,
        'min-confidence': string,
        consenso: string,
        'dry-run': flag,
        json: flag,
        demo: flag,
        stdin: flag,
        help: flag,
      },
    })
  } catch {
    return wrong('Opzioni non riconosciute: --help mostra quelle ammesse.')
  }
  const { values, positionals } = parsed
  const [first, ...rest] = positionals
  const name = commandNames.find((known) => known === first) ?? null
  if (values.help || (first === undefined && args.length === 0)) return { kind: 'help', name }
  if (name === null)
    return wrong(`Comando non riconosciuto: ${first ?? ''}. I comandi sono ${commandNames.join(', ')}.`)
  const timeout = values.timeout ?? String(DEFAULT_TIMEOUT_S)
  if (!/^[1-9]\d{0,5}$/.test(timeout)) return wrong(`--timeout ${timeout}: serve un numero di secondi.`)
  if (values.demo && values.stdin) return wrong('--demo usa le credenziali di prova: --stdin non serve.')
  const options: CommonOptions = {
    dataDir: values.data ?? null,
    providerUrl: values.provider ?? null,
    json: values.json,
    demo: values.demo,
    stdin: values.stdin,
    timeoutMs: Number(timeout) * 1000,
  }
  switch (name) {
    case 'status':
    case 'sync':
      return rest.length > 0
        ? wrong(`${name} non vuole altri argomenti.`)
        : { kind: 'command', command: { name, options } }
    case 'upload': {
      const tipo = DocumentoTipo.safeParse(values.tipo)
      if (rest.length === 0) return wrong('upload: manca il nome di almeno un file, o di una cartella.')
      const [folder] = rest
      if (values.casella === undefined && values.tipo === undefined && rest.length === 1 && folder !== undefined)
        return parseFolder(folder, options, values['dry-run'], values['min-confidence'])
      const consenso = values.consenso === undefined ? null : MotivoConsenso.safeParse(values.consenso)
      if (consenso?.success === false) return wrong('upload: --consenso è il motivo, da 5 a 300 caratteri.')
      if (values['dry-run'] || values['min-confidence'] !== undefined)
        return wrong('upload: --dry-run e --min-confidence valgono per una cartella, senza --casella né --tipo.')
      const [casella, ...more] = values.casella ?? []
      if (casella === undefined || more.length > 0)
        return wrong('upload: serve una --casella, con l’indirizzo della casella.')
      if (!tipo.success) return wrong(`upload: --tipo è uno fra ${DocumentoTipo.options.join(', ')}.`)
      return {
        kind: 'command',
        command: { name, options, files: rest, casella, tipo: tipo.data, consenso: consenso?.data ?? null },
      }
    }
    case 'verify': {
      if (rest.length === 0) return wrong('verify: manca il nome di almeno un file.')
      const at = values.at === undefined ? null : endOfDay(values.at)
      if (at !== null && Number.isNaN(at.getTime()))
        return wrong(`verify: --at ${values.at ?? ''} non è una data (per esempio 2025-03-31 o 31/03/2025).`)
      const trust = trustOptions.find((known) => known === (values.trust ?? 'on'))
      if (trust === undefined) return wrong(`verify: --trust è uno fra ${trustOptions.join(', ')}.`)
      const content = values.content ?? null
      return {
        kind: 'verify',
        command: { name, json: values.json, dataDir: values.data ?? null, files: rest, content, at, trust },
      }
    }
    case 'report': {
      const asked = readReport(rest, values)
      return 'wrong' in asked ? wrong(asked.wrong) : { kind: 'command', command: { name, options, asked } }
    }
    case 'form': {
      const asked = readForm(rest, values)
      return 'wrong' in asked ? wrong(asked.wrong) : { kind: 'command', command: { name, options, asked } }
    }
    case 'export': {
      const list = exportLists.find((known) => rest.length === 1 && known === rest[0])
      if (list === undefined) return wrong(`export: si esporta uno fra ${exportLists.join(', ')}.`)
      if (values.out === undefined)
        return wrong('export: manca --out con il nome del file, o - per lo standard output.')
      if (values.out === '-' && options.json) return wrong('export: --json e --out - scriverebbero nello stesso posto.')
      const [given, ...more] = values.format ?? []
      const format = formatOf(given, values.out)
      if (format === null || more.length > 0) return wrong('export: --format è uno fra csv, xlsx, pdf.')
      const search = values.cerca ?? ''
      if (search !== '' && list !== 'caselle' && list !== 'titolari')
        return wrong('export: --cerca vale per caselle e titolari.')
      const filters = (values.filter ?? []).map((written) => readFilter(list, written))
      if (filters.some((filter) => filter === null)) {
        const known = filterNames(list)
        return wrong(
          known.length === 0
            ? `export: ${list} non ha filtri.`
            : `export: --filter è nome=valore; i nomi per ${list} sono ${known.join(', ')}.`,
        )
      }
      const asked: ExportArguments = {
        list,
        format,
        out: values.out,
        search,
        filters: filters.filter((filter) => filter !== null),
        personal: values['con-dati-personali'],
      }
      return { kind: 'command', command: { name, options, asked } }
    }
  }
}

/** A date as it is written, to the end of its day here; with a time, that moment. An invalid Date for what is neither. */
function endOfDay(text: string): Date {
  const italian = /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/.exec(text)
  const [, day = '', month = '', year = ''] = italian ?? []
  const iso = italian === null ? text : `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`
  if (/^\d{4}-\d{2}-\d{2}T/.test(iso)) return new Date(iso)
  const written = /^(\d{4})-(\d{2})-(\d{2})$/.exec(iso)
  const moment = new Date(written === null ? Number.NaN : `${iso}T23:59:59.999`)
  // The 31st of February is no date, though it can be counted.
  return moment.getDate() === Number(written?.[3]) ? moment : new Date(Number.NaN)
}
