// The core in Electron's utilityProcess: synchronous SQLite never holds up the window.
import { join } from 'node:path'
import { z } from 'zod'
import { startWaitingCore } from '../../waiting-core.ts'
import { fileLog } from '../../diagnostics/log.ts'
import { refreshInThread } from '../../trust/refresh-thread.ts'
import { systemClock } from '../../environment.ts'
import { applicationFiles } from '../node/application-files.ts'
import { machineRules } from '../node/authorities-file.ts'
import { copyCheckIn } from '../node/copy-check.ts'
import { documentThreads } from '../node/document-threads.ts'
import { indexThread } from '../node/index-thread.ts'
import { startEmbeddedSandbox } from '../node/embedded-sandbox.ts'
import { gracePeriod } from '../node/grace-period.ts'
import { CoreProcessStart } from './core-process-start.ts'
import { systemOverPort } from './system-port.ts'
import { portOfElectron } from './message-port.ts'
import { serveCoreOverPort } from './port-transport.ts'

process.parentPort.once('message', ({ data, ports }) => {
  void start(CoreProcessStart.parse(data), ports)
})

async function start(options: CoreProcessStart, ports: Electron.MessagePortMain[]): Promise<void> {
  const [corePort, systemPort] = z
    .tuple([z.custom<Electron.MessagePortMain>(), z.custom<Electron.MessagePortMain>()])
    .parse(ports)
  const files = applicationFiles(join(import.meta.dirname, '..', '..'))
  try {
    const core = await startWaitingCore({
      dataDir: options.dataDir,
      host: 'electron',
      version: files.version,
      clock: systemClock,
      ...systemOverPort(portOfElectron(systemPort)),
      log: fileLog(options.dataDir),
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
    })
    serveCoreOverPort(core, portOfElectron(corePort))
  } catch (cause) {
    process.stderr.write(`${cause instanceof Error ? cause.message : String(cause)}\n`)
    process.exit(1)
  }
}
