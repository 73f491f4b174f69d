import { join } from 'node:path'
import { fileLog } from '../../diagnostics/log.ts'
import { systemClock, type Environment } from '../../environment.ts'
import { refreshInThread } from '../../trust/refresh-thread.ts'
import type { ApplicationFiles } from './application-files.ts'
import { machineRules } from './authorities-file.ts'
import { copyCheckIn } from './copy-check.ts'
import { documentThreads } from './document-threads.ts'
import { startEmbeddedSandbox } from './embedded-sandbox.ts'
import { indexThread } from './index-thread.ts'

type BuiltEnvironment = Omit<Environment, 'host' | 'custody' | 'graceMs' | 'proposedProviderUrl' | 'network'>

/**
 * What every host hands to the core alike: this machine with its rules, and the built threads beside the program. `tell`
 * gets the line for the terminal about the embedded sandbox's console.
 */
export function builtEnvironment(
  files: ApplicationFiles,
  dataDir: string,
  tell: (line: string) => void,
): BuiltEnvironment {
  return {
    dataDir,
    version: files.version,
    clock: systemClock,
    log: fileLog(dataDir),
    startSandbox: (folder) => startEmbeddedSandbox(files.main, folder, { tell }),
    checkCopy: copyCheckIn(join(files.main, 'copy-check-worker.js')),
    documentThreads: documentThreads(files.main),
    indexThread: indexThread(files.main),
    proxies: process.env,
    refreshTrust: refreshInThread(join(files.main, 'trust-refresh-worker.js'), process.env),
    ...machineRules(),
  }
}
