// The core in Electron's utilityProcess: synchronous SQLite never holds up the window.
import { join } from 'node:path'
import { z } from 'zod'
import { startWaitingCore } from '../../waiting-core.ts'
import { applicationFiles } from '../node/application-files.ts'
import { builtEnvironment } from '../node/built-environment.ts'
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
      ...builtEnvironment(files, options.dataDir, (line) => process.stdout.write(`${line}\n`)),
      ...systemOverPort(portOfElectron(systemPort)),
      host: 'electron',
      graceMs: gracePeriod(process.env),
      proposedProviderUrl: options.providerUrl,
    })
    serveCoreOverPort(core, portOfElectron(corePort))
  } catch (cause) {
    process.stderr.write(`${cause instanceof Error ? cause.message : String(cause)}\n`)
    process.exit(1)
  }
}
