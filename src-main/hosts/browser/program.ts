import { startWaitingCore } from '../../waiting-core.ts'
import { applicationFiles } from '../node/application-files.ts'
import { builtEnvironment } from '../node/built-environment.ts'
import { dataDirOf } from '../node/data-dir.ts'
import { gracePeriod } from '../node/grace-period.ts'
import { steadyHeap } from '../node/heap-growth.ts'
import { builtKeyringCustody } from '../node/keyring-custody.ts'
import { closeOnSignals } from '../node/shutdown.ts'
import { startFailure } from '../node/start-failure.ts'
import { parseStartOptions, startHelp } from '../node/start-options.ts'
import { openBrowser } from './open-browser.ts'
import { startBrowserHost, type BrowserHost } from './server.ts'

function leave(code: number, line: string): never {
  process.stderr.write(line + '\n')
  process.exit(code)
}

function errorCode(cause: unknown): unknown {
  return cause instanceof Error && 'code' in cause ? cause.code : null
}

/** The browser host as a program, of the application in `root`. Ends the process where it cannot begin. */
export async function runBrowserHost(root: string): Promise<void> {
  const parsed = parseStartOptions(process.argv.slice(2))
  if (parsed.kind === 'wrong') leave(2, parsed.message)
  if (parsed.kind === 'help') {
    process.stdout.write(startHelp)
    process.exit(0)
  }
  const { options } = parsed

  const files = applicationFiles(root)
  const dataDir = dataDirOf(options.dataDir)
  const environment = builtEnvironment(files, dataDir, (line) => process.stdout.write(`${line}\n`))
  const { log } = environment

  const core = await startWaitingCore(
    {
      ...environment,
      host: 'browser',
      custody: builtKeyringCustody(files.main),
      heapGrowth: steadyHeap(),
      graceMs: gracePeriod(process.env),
      proposedProviderUrl: options.providerUrl,
    },
    // The screen says it too: whoever reads only the terminal must not wait for nothing.
    (cause) => process.stderr.write(startFailure(cause, dataDir) + '\n'),
  ).catch((cause: unknown) => leave(1, startFailure(cause, dataDir)))

  let host: BrowserHost | null = null
  // Before the address is written: whoever reads it may end the program at once.
  closeOnSignals(async () => {
    await host?.close()
    await core.close()
  })
  host = await startBrowserHost({
    core,
    log,
    rendererDir: files.renderer,
    port: options.port,
    onAddress: (address) => process.stdout.write(`Sportello LRA: ${address}\n`),
  }).catch(async (cause: unknown) => {
    await core.close()
    return leave(
      1,
      errorCode(cause) === 'EADDRINUSE'
        ? `La porta ${options.port} è già in uso: indicarne un'altra con --port, o nessuna per averne una libera.`
        : `Il server locale non si è avviato: ${cause instanceof Error ? cause.message : String(cause)}`,
    )
  })
  log('host.started', { host: 'browser', version: files.version })
  if (options.open && !(await openBrowser(host.address())))
    process.stderr.write(
      "Nessun browser è stato aperto: copiare l'indirizzo qui sopra in un browser di questo computer.\n",
    )
}
