import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { tmpdir } from 'node:os'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { ProfileName } from '../provider-contract/capabilities.ts'
import { SandboxError, type SandboxErrorCode } from './data-folder.ts'
import { type SmtpRefusal, smtpDelivery } from './mail/smtp-delivery.ts'
import { FaultPlan, faultKinds } from './faults/fault-rule.ts'
import { type Sandbox, type SandboxOptions, startSandbox } from './sandbox.ts'

const HELP_WIDTH = 72

/** The words in lines of the help, each but the first indented as the options are. */
function wrapped(words: readonly string[]): string {
  const lines = ['']
  for (const word of words) {
    const line = lines.at(-1) ?? ''
    if (line.length + word.length > HELP_WIDTH) lines.push(word)
    else lines[lines.length - 1] = line === '' ? word : `${line}, ${word}`
  }
  return lines.join(`,\n${' '.repeat(18)}`)
}

const HELP = `Gestore di prova di Sportello LRA: un gestore PEC con dati generati, su 127.0.0.1.

Uso: sandbox [opzioni]

  --port N        porta (0: una libera; predefinita 8790)
  --data CARTELLA cartella dei dati (predefinita: nella cartella temporanea)
  --caselle N     caselle dell’utente demo (da 0 a 1000000; predefinite 5000)
  --seed N        seme dei dati: lo stesso seme genera gli stessi dati (predefinito 1)
  --profile NOME  ${ProfileName.options.join(', ')} (predefinito toscana)
  --smtp URL      server a cui consegnare la posta: smtp:// o smtps://[UTENTE:PASSWORD@]NOME[:PORTA], anche in
                  SPORTELLO_SANDBOX_SMTP; senza, un file .eml per messaggio
  --smtp-to A     indirizzo a cui consegnare ogni messaggio al posto del destinatario, che resta scritto nel testo e
                  in X-Sportello-Destinatario; obbligatorio se il server non è su questo computer, perché gli
                  indirizzi delle caselle sono inventati e possono essere di estranei
  --faults FILE   guasti da provocare, in un file JSON come descritto sotto; si cambiano anche dalla console
  --help          questo testo

Dati: gli stessi per lo stesso seme e lo stesso giorno. Più enti di un aggregatore, domini, titolari con più caselle,
due anni di messaggi mese per mese, note, segnalazioni e documenti. Un milione di caselle occupa circa 2,5 GB.

Guasti: {"seed": 1, "rules": [{"kind": "reset_after", "route": "/caselle/:id", "method": "PATCH", "probability": 0.2}]}
  kind            ${wrapped(faultKinds)}
  route           percorso; :nome sta per una sua parte, * in fondo per ciò che segue
  method          facoltativo: senza, tutti i metodi
  probability     da 0 a 1 (predefinita 1): lo stesso seme colpisce le stesse richieste
  skip, count     quante richieste passano prima, e quante se ne colpiscono (senza count: tutte)
  ms              millisecondi di latency e di slow_body (predefiniti 1000)
  Le stesse regole si leggono e si sostituiscono con GET e POST /console/faults.
`

const Arguments = z.object({
  port: z.coerce.number().int().min(0).max(65_535).default(8790),
  data: z.string().min(1).optional(),
  caselle: z.coerce.number().int().min(0).max(1_000_000).default(5000),
  seed: z.coerce.number().int().min(0).max(2_147_483_647).default(1),
  profile: ProfileName.default('toscana'),
  smtp: z.string().optional(),
  'smtp-to': z.string().optional(),
  faults: z.string().min(1).optional(),
})

const refusals: Record<SandboxErrorCode, (options: SandboxOptions) => string> = {
  port_in_use: ({ port }) => `La porta ${port} è occupata: indicarne un’altra con --port, o 0 per una libera.`,
  port_refused: ({ port }) => `La porta ${port} non si può usare: indicarne un’altra con --port.`,
  data_mismatch: ({ data }) => `La cartella ${data} contiene dati di un altro profilo, seme o numero di caselle.`,
  data_unreadable: ({ data }) => `La cartella ${data} non si può leggere o scrivere.`,
}

const smtpRefusals: Record<SmtpRefusal, string> = {
  server_wrong: 'Valore non ammesso per --smtp: serve smtp:// o smtps:// con nome e porta del server, e null’altro.',
  address_wrong: 'Valore non ammesso per --smtp-to: serve un indirizzo e-mail.',
  address_missing:
    'Il server di --smtp non è su questo computer: con --smtp-to va indicato chi riceve tutti i messaggi al posto dei destinatari.',
  server_missing: '--smtp-to serve solo con --smtp.',
}

/** The options of the command line, or the Italian line that says what is wrong with them. */
function readArguments(args: string[]): SandboxOptions | { refusal: string } | 'help' {
  const string = { type: 'string' } as const
  let values
  try {
    const options = {
      port: string,
      data: string,
      caselle: string,
      seed: string,
      profile: string,
      smtp: string,
      'smtp-to': string,
      faults: string,
      help: { type: 'boolean' },
    } as const
    values = parseArgs({ args, options, strict: true }).values
  } catch {
    return { refusal: 'Argomenti non riconosciuti: --help mostra quelli ammessi.' }
  }
  if (values.help === true) return 'help'
  const smtp = process.env['SPORTELLO_SANDBOX_SMTP']
  const parsed = Arguments.safeParse({ ...(smtp === undefined || smtp === '' ? {} : { smtp }), ...values })
  if (!parsed.success) {
    const names = [...new Set(parsed.error.issues.map(({ path }) => `--${String(path[0])}`))].join(', ')
    return { refusal: `Valore non ammesso per ${names}: --help mostra i valori ammessi.` }
  }
  const { port, caselle, seed, profile } = parsed.data
  const delivery = smtpDelivery(parsed.data.smtp, parsed.data['smtp-to'])
  if (typeof delivery === 'string') return { refusal: smtpRefusals[delivery] }
  const data = parsed.data.data ?? join(tmpdir(), `sportello-lra-prova-${profile}-${caselle}-${seed}`)
  const faults = parsed.data.faults === undefined ? undefined : readFaults(parsed.data.faults)
  if (faults === null) return { refusal: 'Il file di --faults non si legge o non contiene guasti validi: --help.' }
  return { port, caselle, seed, profile, data, smtp: delivery, faults }
}

/** Null for a file that is missing or is no plan. */
function readFaults(file: string): FaultPlan | null {
  try {
    return FaultPlan.parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch {
    return null
  }
}

const PROGRESS_FROM = 20_000

/** How far the generation is, in tenths, for data that take a while: on stderr, so that stdout keeps the addresses. */
function progressLine(): (done: number, total: number) => void {
  let told = -1
  return (done, total) => {
    const tenths = Math.floor((done * 10) / total)
    if (total < PROGRESS_FROM || tenths === told) return
    told = tenths
    process.stderr.write(`Dati di prova: ${done} caselle di ${total} (${tenths * 10}%)\n`)
  }
}

function closeOnSignal(sandbox: Sandbox): void {
  const close = () => {
    void sandbox.close().then(() => process.exit(0))
  }
  process.once('SIGINT', close)
  process.once('SIGTERM', close)
}

async function run(): Promise<void> {
  const options = readArguments(process.argv.slice(2))
  if (options === 'help') {
    process.stdout.write(HELP)
    return
  }
  if ('refusal' in options) {
    process.stderr.write(`${options.refusal}\n`)
    process.exitCode = 2
    return
  }
  try {
    const sandbox = await startSandbox({ ...options, progress: progressLine() })
    closeOnSignal(sandbox)
    const { url, demo, console } = sandbox
    // At once: whoever starts it may stop reading after the line that it waits for.
    process.stdout.write(
      `Gestore di prova: ${url}\nutente demo: ${demo.user} / ${demo.password}\nconsole: ${console.url}\nutente console: ${console.user} / ${console.password}\n`,
    )
  } catch (error) {
    if (!(error instanceof SandboxError)) throw error
    process.stderr.write(`${refusals[error.code](options)}\n`)
    process.exitCode = 1
  }
}

await run()
