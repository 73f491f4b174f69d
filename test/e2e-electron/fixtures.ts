import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { _electron, test as base, type ElectronApplication, type Page } from '@playwright/test'
import { electronForSpecs } from '../../scripts/electron-runtime.ts'
import type { ResponseEnvelope } from '../../src-main/contract/envelope.ts'
import { repository } from '../support/child-program.ts'

export interface Desk {
  app: ElectronApplication
  page: Page
}

interface WindowFixtures {
  folder: string
  /** Starts the program over this test's data, with arguments of its own. */
  launch: (...args: string[]) => Promise<Desk>
  desk: Desk
}

/** The executable of the runtime, by which the specs are started. */
export function runtime(): string {
  const found = electronForSpecs(repository)
  if ('reason' in found) throw new Error(found.reason)
  return found.executable
}

export const argumentsOf = (folder: string, args: readonly string[]): string[] => [
  repository,
  '--data',
  join(folder, 'dati'),
  ...args,
]

export const test = base.extend<WindowFixtures>({
  folder: async ({ browserName }, use) => {
    const folder = mkdtempSync(join(tmpdir(), `sportello-finestra-${browserName}-`))
    await use(folder)
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  },
  launch: async ({ folder }, use) => {
    const started: ElectronApplication[] = []
    await use(async (...args) => {
      const app = await _electron.launch({
        executablePath: runtime(),
        args: argumentsOf(folder, args),
        cwd: folder,
        env: { ...process.env, SPORTELLO_LRA_ELENCHI: 'off' },
      })
      started.push(app)
      return { app, page: await app.firstWindow() }
    })
    for (const app of started) await app.close()
  },
  desk: async ({ launch }, use) => {
    await use(await launch())
  },
})

/** Asks the core as the page does. */
export function ask(page: Page, channel: string, body: unknown = {}): Promise<ResponseEnvelope> {
  return page.evaluate(
    ([name, value]) => {
      if (window.sportello === undefined) throw new Error('no preload')
      return window.sportello.request({ v: 1, id: 'prova', channel: name, body: value })
    },
    [channel, body] as const,
  )
}

declare global {
  interface Window {
    sportello?: { request(envelope: unknown): Promise<ResponseEnvelope> }
  }
}

export { expect } from '@playwright/test'
