import { parseArgs } from 'node:util'

export interface StartOptions {
  /** The browser host even where a window could be opened. */
  browser: boolean
  /** Opens the address in the person's browser. */
  open: boolean
  /** 0: any free port. */
  port: number
  /** Null: the system's usual folder. */
  dataDir: string | null
  providerUrl: string | null
}

export type ParsedStart =
  | { kind: 'options'; options: StartOptions }
  | { kind: 'help' }
  /** One Italian line that says what is wrong. */
  | { kind: 'wrong'; message: string }

export const startHelp = `Uso: npm start -- [opzioni]

Apre Sportello LRA in una finestra; dove non è possibile, nel browser su 127.0.0.1.

Opzioni:
  --browser         usa il browser anche dove si potrebbe aprire la finestra
  --no-open         scrive l'indirizzo senza aprire il browser
  --port N          porta del browser (1024-65535; senza, una porta libera qualsiasi)
  --data CARTELLA   cartella dei dati (senza, quella consueta del sistema)
  --provider URL    indirizzo del gestore proposto all'accesso
  --help            queste righe

Codici di uscita: 0 chiuso regolarmente, 1 avvio non riuscito, 2 opzioni errate.
`

function isHttpUrl(text: string): boolean {
  const url = URL.parse(text)
  return url !== null && (url.protocol === 'http:' || url.protocol === 'https:')
}

/** The flags of `npm start`. Never throws. */
export function parseStartOptions(args: readonly string[]): ParsedStart {
  let values
  try {
    values = parseArgs({
      args: [...args],
      strict: true,
      allowPositionals: false,
      options: {
        browser: { type: 'boolean', default: false },
        'no-open': { type: 'boolean', default: false },
        port: { type: 'string' },
        data: { type: 'string' },
        provider: { type: 'string' },
        help: { type: 'boolean', default: false },
      },
    }).values
  } catch {
    return { kind: 'wrong', message: `Opzioni non riconosciute: ${args.join(' ')}. L'elenco è in npm start -- --help.` }
  }
  if (values.help) return { kind: 'help' }
  let port = 0
  if (values.port !== undefined) {
    port = /^\d{1,5}$/.test(values.port) ? Number(values.port) : Number.NaN
    if (!(port >= 1024 && port <= 65_535))
      return { kind: 'wrong', message: `--port ${values.port}: serve un numero fra 1024 e 65535.` }
  }
  if (values.data === '') return { kind: 'wrong', message: '--data: manca il nome della cartella.' }
  if (values.provider !== undefined && !isHttpUrl(values.provider))
    return {
      kind: 'wrong',
      message: `--provider ${values.provider}: serve un indirizzo che inizi con https:// o http://.`,
    }
  return {
    kind: 'options',
    options: {
      browser: values.browser,
      open: !values['no-open'],
      port,
      dataDir: values.data ?? null,
      providerUrl: values.provider ?? null,
    },
  }
}
