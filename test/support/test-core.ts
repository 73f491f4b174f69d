import { join } from 'node:path'
import { startCore, type Core } from '../../src-main/core.ts'
import { silentLog } from '../../src-main/diagnostics/log.ts'
import { systemClock, type EmbeddedSandbox, type Environment, type SystemCustody } from '../../src-main/environment.ts'
import { startSandbox, type Sandbox } from '../../src-main/sandbox/sandbox.ts'

/** A machine without a keyring. */
export const noCustody: SystemCustody = {
  available: () => Promise.resolve(false),
  load: () => Promise.resolve(null),
  store: () => Promise.resolve(false),
}

/** A real sandbox in this process, with generated data below `folder`. */
export function startTestSandbox(folder: string, caselle = 120): Promise<Sandbox> {
  return startSandbox({ port: 0, data: join(folder, 'gestore'), caselle, seed: 1, profile: 'toscana' })
}

/** A real core over `folder`; `changes` replaces parts of its environment. */
export function startTestCore(folder: string, changes: Partial<Environment> = {}): Promise<Core> {
  const embedded = async (dataDir: string): Promise<EmbeddedSandbox> => {
    const { url, demo, close } = await startTestSandbox(dataDir)
    return { url, demo, close }
  }
  return startCore({
    dataDir: join(folder, 'dati'),
    host: 'browser',
    version: '0.0.0',
    clock: systemClock,
    custody: noCustody,
    log: silentLog,
    startSandbox: embedded,
    graceMs: 0,
    proposedProviderUrl: null,
    ...changes,
  })
}
