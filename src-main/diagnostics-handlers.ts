import { arch, freemem, platform, release, totalmem } from 'node:os'
import { freeBytes } from './archive/archive-folder.ts'
import type { CommandHandlers } from './answer-envelope.ts'
import type { diagnosticaChannels } from './contract/diagnostica.ts'
import { diagnosticPackage } from './diagnostics/diagnostic-package.ts'
import { lastLogLines } from './diagnostics/read-log.ts'
import type { Environment } from './environment.ts'
import type { GuardedWorkplace } from './screen-lock/guarded-workplace.ts'

const MOST_LINES = 400
const MB = 1024 * 1024

/** What the channels of the diagnostic package do. */
export function diagnosticaHandlers(
  work: Pick<GuardedWorkplace, 'archive' | 'status'>,
  { dataDir, clock }: Pick<Environment, 'dataDir' | 'clock'>,
): Pick<CommandHandlers, keyof typeof diagnosticaChannels> {
  function text(): string {
    const status = work.status()
    const free = freeBytes(dataDir)
    return diagnosticPackage({
      at: new Date(clock.now()).toISOString(),
      status,
      machine: {
        platform: platform(),
        arch: arch(),
        release: release(),
        node: process.versions.node,
        memoryMb: Math.round(totalmem() / MB),
        freeMemoryMb: Math.round(freemem() / MB),
        freeDiskMb: free === null ? null : Math.round(free / MB),
      },
      store: status.phase === 'ready' ? work.archive().diagnostics : null,
      log: lastLogLines(dataDir, MOST_LINES),
    })
  }
  return {
    'diagnostica.get': () => ({ text: text() }),
    'diagnostica.save': () => ({
      nomeFile: 'sportello-diagnostica.json',
      mime: 'application/json',
      base64: Buffer.from(text()).toString('base64'),
      count: 1,
    }),
  }
}
