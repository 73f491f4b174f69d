// From the start of the built browser host until a browser that runs already has painted the list, and the core's memory then.
// Prints its figures as JSON.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { startSandboxProcess } from '../support/sandbox-process.ts'
import { startHost } from './bench-host.ts'
import { benchBrowser, benchPage } from './bench-page.ts'
import type { Figure } from './figure.ts'
import { preparedOffice } from './prepared-office.ts'
import { peakMegabytes } from './resident-memory.ts'

const { values } = parseArgs({
  options: { caselle: { type: 'string', default: '100000' }, rounds: { type: 'string', default: '5' } },
})
const caselle = Number(values.caselle)
const folder = mkdtempSync(join(tmpdir(), 'sportello-misura-'))

async function measureAll(): Promise<Figure[]> {
  const provider = await startSandboxProcess({ data: join(folder, 'gestore'), caselle: Math.min(caselle, 5000) })
  const browser = await benchBrowser()
  const listening: number[] = []
  const painted: number[] = []
  const memory: number[] = []
  try {
    const data = join(folder, 'dati')
    await preparedOffice(browser, data, provider.url, caselle)
    for (let round = 0; round < Number(values.rounds); round += 1) {
      const page = await benchPage(browser)
      const started = performance.now()
      const { program, address } = await startHost(data, provider.url)
      listening.push(performance.now() - started)
      await page.goto(`${address}#/caselle`, { waitUntil: 'commit' })
      await page.evaluate(() => window.bench.rowsPainted())
      painted.push(performance.now() - started)
      memory.push(peakMegabytes(program.pid))
      await page.context().close()
      await program.stop()
    }
  } finally {
    await browser.close()
    await provider.stop()
  }
  const at = (what: string, unit: Figure['unit'], rounds: number[], most: number | null): Figure => ({
    what,
    unit,
    rounds,
    against: null,
    goal: most === null ? null : { kind: 'at_most', value: most },
  })
  return [
    at('start until it listens', 'ms', listening, null),
    at(`start until the list of ${caselle} is painted`, 'ms', painted, 1500),
    at('memory of the core then', 'MB', memory, 150),
  ]
}

try {
  process.stdout.write(`${JSON.stringify(await measureAll())}\n`)
} finally {
  rmSync(folder, { recursive: true, force: true })
}
