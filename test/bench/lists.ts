// The list of caselle in Chromium, over the built browser host: first paint, scrolling, the last row, searching and ordering as
// the clerk does, each until the rows are painted. Prints its figures as JSON.
import type { Page } from '@playwright/test'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { startSandboxProcess } from '../support/sandbox-process.ts'
import { listOfCaselle, searchBox } from '../e2e/screens.ts'
import { startHost } from './bench-host.ts'
import { benchBrowser, benchPage } from './bench-page.ts'
import { median, quantile, type Figure } from './figure.ts'
import { preparedOffice } from './prepared-office.ts'

const { values } = parseArgs({
  options: { caselle: { type: 'string', default: '1000000' }, rounds: { type: 'string', default: '5' } },
})
const caselle = Number(values.caselle)
const rounds = Number(values.rounds)
/** A frame is a 60th of a second at best; few rows need no longer look. */
const FRAMES = caselle > 100_000 ? 120 : 40
const folder = mkdtempSync(join(tmpdir(), 'sportello-misura-'))
const say = (line: string): boolean => process.stderr.write(`${line}\n`)

/** From an action until the answer to it has been painted (ms). */
async function answered(page: Page, act: () => Promise<void>): Promise<number> {
  await page.evaluate(() => {
    window.bench.expectAnswer()
  })
  await act()
  return page.evaluate(() => window.bench.answer())
}

/** From another screen (ms). */
async function firstPaint(page: Page): Promise<number> {
  await page.evaluate(() => {
    location.hash = '#/domini'
  })
  await page.getByRole('heading', { name: 'Domini', level: 1 }).waitFor()
  return page.evaluate(async () => {
    const started = performance.now()
    location.hash = '#/caselle'
    return (await window.bench.rowsPainted()) - started
  })
}

async function typing(page: Page, texts: readonly string[]): Promise<number[]> {
  const took: number[] = []
  for (const text of texts) {
    await searchBox(page).focus()
    for (const sign of text) took.push(await answered(page, () => page.keyboard.press(sign)))
    await searchBox(page).fill('')
    await page.evaluate(() => window.bench.rowsPainted())
  }
  return took
}

async function ordering(page: Page): Promise<number[]> {
  const took: number[] = []
  for (const title of ['Titolare', 'Stato', 'Scadenza', 'Casella']) {
    const header = listOfCaselle(page).getByRole('columnheader', { name: title }).getByRole('button')
    // The first time its order is made; that is told by the core's own figures.
    await answered(page, () => header.click())
    took.push(await answered(page, () => header.click()))
  }
  return took
}

/** The End key, until the last row is painted (ms). */
async function toTheEnd(page: Page): Promise<number> {
  await listOfCaselle(page).focus()
  await page.keyboard.press('Home')
  await page.evaluate(() => window.bench.rowsPainted())
  const took = await answered(page, () => page.keyboard.press('End'))
  await listOfCaselle(page)
    .locator(`.row[aria-rowindex="${caselle + 1}"]`)
    .waitFor()
  return took
}

/** `held`: once the collector has been; otherwise with all that waits for it. */
async function heapMegabytes(page: Page, held: boolean): Promise<number> {
  const session = await page.context().newCDPSession(page)
  if (held) await session.send('HeapProfiler.collectGarbage')
  const { usedSize, embedderHeapUsedSize, backingStorageSize } = await session.send('Runtime.getHeapUsage')
  await session.detach()
  return (usedSize + embedderHeapUsedSize + backingStorageSize) / 1024 / 1024
}

async function measureAll(): Promise<Figure[]> {
  const provider = await startSandboxProcess({ data: join(folder, 'gestore'), caselle: Math.min(caselle, 5000) })
  const browser = await benchBrowser()
  try {
    const data = join(folder, 'dati')
    await preparedOffice(browser, data, provider.url, caselle)
    say(`${caselle} caselle are there`)
    const { program, address } = await startHost(data, provider.url)
    const page = await benchPage(browser)
    await page.goto(`${address}#/caselle`)
    await page.evaluate(() => window.bench.rowsPainted())
    const first = await listOfCaselle(page).locator('.row').nth(3).innerText()
    const words = first.split(/\s+/).filter((word) => /^[A-Za-z]{4,}$/.test(word))
    const texts = ['prot', 'uff', 'mar', ...words.slice(0, 3).map((word) => word.slice(0, 5).toLowerCase())]
    const all = { paint: [] as number[], keys: [] as number[], orders: [] as number[], ends: [] as number[] }
    const memory = { used: [] as number[], held: [] as number[] }
    const scrolls = { slow: [] as number[], late: [] as number[], blank: [] as number[], jumps: [] as number[] }
    for (let round = 0; round < rounds; round += 1) {
      all.paint.push(await firstPaint(page))
      all.keys.push(quantile(await typing(page, texts), 0.95))
      all.orders.push(quantile(await ordering(page), 0.95))
      all.ends.push(await toTheEnd(page))
      await page.keyboard.press('Home')
      await page.evaluate(() => window.bench.rowsPainted())
      const wheel = await page.evaluate((frames) => window.bench.scroll(200, frames), FRAMES)
      scrolls.slow.push(median(wheel.frames))
      scrolls.late.push(quantile(wheel.frames, 0.95))
      scrolls.blank.push(wheel.blank)
      // The scroll bar dragged: each frame far from the one before. Rows of where it was are no rows of where it is.
      const dragged = await page.evaluate((frames) => window.bench.scroll(20_000, frames), FRAMES)
      scrolls.jumps.push(Math.max(dragged.blank, dragged.behind))
      memory.used.push(await heapMegabytes(page, false))
      memory.held.push(await heapMegabytes(page, true))
      say(`${round + 1} of ${rounds}`)
    }
    await program.stop()
    const at = (what: string, unit: Figure['unit'], own: number[], most: number | null): Figure => ({
      what,
      unit,
      rounds: own,
      against: null,
      goal: most === null ? null : { kind: 'at_most', value: most },
    })
    return [
      at(`the list of ${caselle}, from another screen until its rows are painted`, 'ms', all.paint, 100),
      at('a key of a search until its rows are painted, p95', 'ms', all.keys, 50),
      at('another order until its rows are painted, after the first, p95', 'ms', all.orders, 50),
      at('the End key until the last row is painted', 'ms', all.ends, 50),
      at('scrolling by the wheel: a frame, median', 'ms', scrolls.slow, 17),
      at('scrolling by the wheel: a frame, p95', 'ms', scrolls.late, null),
      at('scrolling by the wheel: the longest time without rows', 'ms', scrolls.blank, 100),
      at(
        'the scroll bar dragged through: the longest time without rows of a place just in sight',
        'ms',
        scrolls.jumps,
        100,
      ),
      at('memory that the page holds', 'MB', memory.held, 80),
      at('with what waits for the collector after it was dragged through', 'MB', memory.used, null),
    ]
  } finally {
    await browser.close()
    await provider.stop()
  }
}

try {
  process.stdout.write(`${JSON.stringify(await measureAll())}\n`)
} finally {
  rmSync(folder, { recursive: true, force: true })
}
