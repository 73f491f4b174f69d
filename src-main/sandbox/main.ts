import { join } from 'node:path'
import { tmpdir } from 'node:os'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { ProfileName } from '../provider-contract/capabilities.ts'
import { SandboxError, type SandboxErrorCode } from './data-folder.ts'
import { type Sandbox, type SandboxOptions, startSandbox } from './sandbox.ts'

const HELP = `Gestore di prova di Sportello LRA: un gestore PEC con dati generati, su 127.0.0.1.

Uso: sandbox [opzioni]

  --port N        porta (0: una libera; predefinita 8790)
  --data CARTELLA cartella dei dati (predefinita: nella cartella temporanea)
  --caselle N     caselle dell’utente demo (da 0 a 1000000; predefinite 5000)
  --seed N        seme dei dati: lo stesso seme genera gli stessi dati (predefinito 1)
  --profile NOME  ${ProfileName.options.join(', ')} (predefinito toscana)
  --smtp URL      server a cui consegnare la posta (smtp:// o smtps://, anche in SPORTELLO_SANDBOX_SMTP): un server
                  che la trattenga, perché gli indirizzi sono inventati; senza, un file .eml per messaggio
  --help          questo testo
`

const Arguments = z.object({
  port: z.coerce.number().int().min(0).max(65_535).default(8790),
  data: z.string().min(1).optional(),
  caselle: z.coerce.number().int().min(0).max(1_000_000).default(5000),
  seed: z.coerce.number().int().min(0).max(2_147_483_647).default(1),
  profile: ProfileName.default('toscana'),
  smtp: z.url({ protocol: /^smtps?$/ }).optional(),
})

const refusals: Record<SandboxErrorCode, (options: SandboxOptions) => string> = {
  port_in_use: ({ port }) => `La porta ${port} è occupata: indicarne un’altra con --port, o 0 per una libera.`,
  port_refused: ({ port }) => `La porta ${port} non si può usare: indicarne un’altra con --port.`,
  data_mismatch: ({ data }) => `La cartella ${data} contiene dati di un altro profilo, seme o numero di caselle.`,
  data_unreadable: ({ data }) => `La cartella ${data} non si può leggere o scrivere.`,
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
  const { port, caselle, seed, profile, smtp: server } = parsed.data
  const data = parsed.data.data ?? join(tmpdir(), `sportello-lra-prova-${profile}-${caselle}-${seed}`)
  return { port, caselle, seed, profile, data, smtp: server }
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
    const sandbox = await startSandbox(options)
    closeOnSignal(sandbox)
    process.stdout.write(`Gestore di prova: ${sandbox.url}\n`)
    process.stdout.write(`utente demo: ${sandbox.demo.user} / ${sandbox.demo.password}\n`)
    process.stdout.write(`console: ${sandbox.console.user} / ${sandbox.console.password}\n`)
  } catch (error) {
    if (!(error instanceof SandboxError)) throw error
    process.stderr.write(`${refusals[error.code](options)}\n`)
    process.exitCode = 1
  }
}

await run()
