import { MessageChannelMain, utilityProcess } from 'electron'
import type { CoreProcessStart } from './core-process-start.ts'
import { serveSystemOverPort, type SystemServices } from './system-port.ts'
import type { TellMessage } from './ipc-router.ts'
import { portOfElectron } from './message-port.ts'
import { coreClientOverPort, CoreLostError, type CoreClient } from './port-transport.ts'
import { restartDelay } from './restart-policy.ts'

export interface CoreSupervisor {
  /** The running core; waits while it is being started again. */
  client(): Promise<CoreClient>
  close(): Promise<void>
}

/** Keeps the core's process running. `onGiveUp` is called when it ends too often. */
export function superviseCore(
  script: string,
  start: CoreProcessStart,
  system: SystemServices,
  tell: (message: TellMessage) => void,
  onGiveUp: () => void,
): CoreSupervisor {
  const ends: number[] = []
  let closing = false
  let client = launch()

  function launch(): CoreClient {
    const child = utilityProcess.fork(script, [], { serviceName: 'Sportello LRA', stdio: 'inherit' })
    const core = new MessageChannelMain()
    const services = new MessageChannelMain()
    child.postMessage(start, [core.port1, services.port1])
    serveSystemOverPort(system, portOfElectron(services.port2))
    const launched = coreClientOverPort(portOfElectron(core.port2))
    launched.onEvent((event) => {
      tell({ kind: 'event', event })
    })
    child.once('exit', () => {
      core.port2.close()
      if (!closing) restart()
    })
    return launched
  }

  let restarting: Promise<CoreClient> | null = null
  function restart(): void {
    tell({ kind: 'lost' })
    ends.push(Date.now())
    const delay = restartDelay(ends, Date.now())
    if (delay === null) {
      restarting = Promise.reject(new CoreLostError('the core ends again and again'))
      restarting.catch(() => undefined)
      onGiveUp()
      return
    }
    restarting = new Promise((resolve) => {
      setTimeout(() => {
        client = launch()
        restarting = null
        resolve(client)
        tell({ kind: 'back' })
      }, delay)
    })
  }

  return {
    client: () => restarting ?? Promise.resolve(client),
    close: async () => {
      closing = true
      await client.close().catch(() => undefined)
    },
  }
}
