import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test as base, type Page } from '@playwright/test'
import { startApplication, type Application } from '../support/application.ts'
import { startFaultProxy, type FaultProxy } from '../support/fault-proxy.ts'
import { colleague, type Colleague } from '../support/provider-colleague.ts'
import { startSandboxProcess, type SandboxProcess } from '../support/sandbox-process.ts'
import { openSignedIn } from './sign-in.ts'

export interface DeskOptions {
  /** Time in which an operation can be undone (ms); null: as the operator has set it. */
  graceMs: number | null
}

export interface DeskFixtures {
  /** Goes when the test ends. */
  folder: string
  /** Where the sandbox keeps its data. */
  sandboxData: string
  sandbox: SandboxProcess
  /** Between the application and the sandbox. */
  network: FaultProxy
  /** Starts the application over this test's data; a second call is the next start. */
  launch: () => Promise<Application>
  application: Application
  /** The application in the browser, signed in and aligned. */
  desk: Page
  /** Somebody else at the same provider, whose network does not fail. */
  other: Colleague
}

export const test = base.extend<DeskOptions & DeskFixtures, { madeSandbox: string }>({
  /** Its data are made once; each test has a copy. */
  madeSandbox: [
    async ({ browserName }, use) => {
      const folder = mkdtempSync(join(tmpdir(), `sportello-${browserName}-gestore-`))
      await (await startSandboxProcess({ data: folder })).stop()
      await use(folder)
      rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
    },
    { scope: 'worker' },
  ],
  graceMs: [300, { option: true }],
  folder: async ({ browserName }, use) => {
    const folder = mkdtempSync(join(tmpdir(), `sportello-${browserName}-`))
    await use(folder)
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
  },
  sandboxData: async ({ folder }, use) => {
    await use(join(folder, 'gestore'))
  },
  sandbox: async ({ sandboxData, madeSandbox }, use) => {
    cpSync(madeSandbox, sandboxData, { recursive: true })
    const sandbox = await startSandboxProcess({ data: sandboxData })
    await use(sandbox)
    await sandbox.stop()
  },
  network: async ({ sandbox }, use) => {
    const network = await startFaultProxy(sandbox.port)
    await use(network)
    await network.close()
  },
  launch: async ({ folder, network, graceMs }, use) => {
    const started: Application[] = []
    await use(async () => {
      const application = await startApplication({ data: join(folder, 'dati'), provider: network.url, graceMs })
      started.push(application)
      return application
    })
    for (const application of started) await application.stop()
  },
  application: async ({ launch }, use) => {
    await use(await launch())
  },
  desk: async ({ page, application }, use) => {
    await openSignedIn(page, application)
    await use(page)
  },
  other: async ({ sandbox }, use) => {
    await use(await colleague(sandbox.url))
  },
})

export { expect } from '@playwright/test'
