import { join } from 'node:path'
import { startCore, type Core } from '../../src-main/core.ts'
import { absentPolicy } from '../../src-main/contract/policy.ts'
import { silentLog } from '../../src-main/diagnostics/log.ts'
import { copyCheckIn } from '../../src-main/hosts/node/copy-check.ts'
import { systemClock, type EmbeddedSandbox, type Environment } from '../../src-main/environment.ts'
import { memoryCustody } from './memory-custody.ts'
import { startSandbox, type Sandbox, type SandboxOptions } from '../../src-main/sandbox/sandbox.ts'

/** A real sandbox in this process, with generated data below `folder`. */
export function startTestSandbox(folder: string, changes: Partial<SandboxOptions> = {}): Promise<Sandbox> {
  const data = join(folder, 'gestore')
  return startSandbox({ port: 0, data, caselle: 120, seed: 1, profile: 'toscana', ...changes })
}

/** The environment of a real core over `folder`; `changes` replaces parts of it. */
export function testEnvironment(folder: string, changes: Partial<Environment> = {}): Environment {
  const embedded = async (dataDir: string): Promise<EmbeddedSandbox> => {
    const { url, demo, close } = await startTestSandbox(dataDir)
    return { url, demo, close }
  }
  return {
    dataDir: join(folder, 'dati'),
    host: 'browser',
    version: '0.0.0',
    clock: systemClock,
    // A machine without a keyring.
    custody: memoryCustody('none'),
    log: silentLog,
    startSandbox: embedded,
    checkCopy: copyCheckIn(new URL('../../src-main/db/copy-check-worker.ts', import.meta.url)),
    refreshTrust: null,
    documentThreads: {
      inspection: new URL('../../src-main/documenti/inspection-worker.ts', import.meta.url),
      pdfReader: new URL('../../src-main/signatures/pdf-reader-worker.ts', import.meta.url),
    },
    indexThread: { thread: new URL('../../src-main/db/index-worker.ts', import.meta.url), threadFrom: 20_000 },
    graceMs: 0,
    proposedProviderUrl: null,
    policy: absentPolicy('/nowhere/policy.json'),
    ...changes,
  }
}

/** A real core over `folder`. */
export function startTestCore(folder: string, changes: Partial<Environment> = {}): Promise<Core> {
  return startCore(testEnvironment(folder, changes))
}
