import { MessageChannelMain, utilityProcess } from 'electron'
import type { SystemCustody } from '../../environment.ts'
import type { CoreProcessStart } from './core-process-start.ts'
import { serveCustodyOverPort } from './custody-port.ts'
import type { TellMessage } from './ipc-router.ts'
import { portOfElectron } from './message-port.ts'
import { coreClientOverPort, CoreLostError, type CoreClient } from './port-transport.ts'
import { restartDelay } from './restart-policy.ts'

export interface CoreSupervisor {
  /** The running core; waits while it is being started again. */
  client(): Promise<CoreClient>
  close(): Promise<void>
}

/** Keeps the core's process running. `start` is asked before each launch; `onGiveUp` is called when it ends too often. */
export function superviseCore(
  script: string,
  start: () => Promise<CoreProcessStart>,
  custody: SystemCustody,
  tell: (message: TellMessage) => void,
  onGiveUp: () => void,
): CoreSupervisor {
  const ends: number[] = []
  let closing = false
  let client = launch()

  function launch(): CoreClient {
    const child = utilityProcess.fork(script, [], { serviceName: 'Sportello LRA', stdio: 'inherit' })
    const core = new MessageChannelMain()
    const secrets = new MessageChannelMain()
    void start().then((told) => {
      child.postMessage(told, [core.port1, secrets.port1])
    })
    serveCustodyOverPort(custody, portOfElectron(secrets.port2))
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
