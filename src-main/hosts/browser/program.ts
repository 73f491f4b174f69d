import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { fileLog } from '../../diagnostics/log.ts'
import { refreshInThread } from '../../trust/refresh-thread.ts'
import { systemClock } from '../../environment.ts'
import { startWaitingCore } from '../../waiting-core.ts'
import { applicationFiles } from '../node/application-files.ts'
import { machineRules } from '../node/authorities-file.ts'
import { copyCheckIn } from '../node/copy-check.ts'
import { documentThreads } from '../node/document-threads.ts'
import { indexThread } from '../node/index-thread.ts'
import { defaultDataDir } from '../node/data-dir.ts'
import { startEmbeddedSandbox } from '../node/embedded-sandbox.ts'
import { gracePeriod } from '../node/grace-period.ts'
import { keyringCustody, KEYRING_LIMIT_MS, keyringOf } from '../node/keyring-custody.ts'
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
  const dataDir =
    options.dataDir === null
      ? defaultDataDir(process.platform, process.env, homedir())
      : resolve(process.env['INIT_CWD'] ?? process.cwd(), options.dataDir)
  const log = fileLog(dataDir)

  const core = await startWaitingCore(
    {
      dataDir,
      host: 'browser',
      version: files.version,
      clock: systemClock,
      custody: keyringCustody(keyringOf(join(files.main, 'keyring-process.js'), KEYRING_LIMIT_MS)),
      log,
      startSandbox: (folder) =>
        startEmbeddedSandbox(files.main, folder, { tell: (line) => process.stdout.write(`${line}\n`) }),
      checkCopy: copyCheckIn(join(files.main, 'copy-check-worker.js')),
      documentThreads: documentThreads(files.main),
      indexThread: indexThread(files.main),
      proxies: process.env,
      refreshTrust: refreshInThread(join(files.main, 'trust-refresh-worker.js'), process.env),
      graceMs: gracePeriod(process.env),
      proposedProviderUrl: options.providerUrl,
      ...machineRules(),
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
