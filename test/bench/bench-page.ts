import { chromium, type Browser, type Page } from '@playwright/test'
import { findBrowser } from '../../scripts/find-browser.ts'

/** In the page: how long something takes until its rows are painted, by the page's own clock. */
export interface PageClock {
  /** Fulfils with the moment at which the rows of the list have been painted (ms). */
  rowsPainted(): Promise<number>
  /**
   * From the next key or click until the answer to its question for rows has been painted (ms). Must be called before
   * the key; `answer` fulfils after it.
   */
  expectAnswer(): void
  answer(): Promise<number>
  /**
   * Scrolls by so many pixels a frame, for so many frames. Each frame's length, the longest time in which a row in sight had
   * no values, and the longest time for which rows in sight were those of a place that the list had left (ms).
   */
  scroll(pixels: number, frames: number): Promise<{ frames: number[]; blank: number; behind: number }>
}

declare global {
  interface Window {
    bench: PageClock
  }
}

/** Runs in the page, before anything of the application. */
function install(): void {
  const grid = (): HTMLElement | null => document.querySelector('[role=grid][aria-label="Elenco delle caselle"]')
  /** Whether every row in sight shows its values. */
  const isFull = (): boolean => {
    const rows = grid()?.querySelectorAll('.row') ?? []
    return rows.length > 0 && grid()?.querySelector('.row .loading') === null
  }
  /** The first row in sight, by its number; null where a row in sight has no values or none stands there. */
  const firstInSight = (list: HTMLElement): number | null => {
    const top = list.querySelector('.head')?.getBoundingClientRect().bottom ?? 0
    const bottom = list.getBoundingClientRect().bottom
    const rows = [...list.querySelectorAll('.row')]
      .map((row) => ({ row, box: row.getBoundingClientRect() }))
      .filter(({ box }) => box.bottom > top + 1 && box.top < bottom - 1)
    const [first, last] = [rows.at(0), rows.at(-1)]
    if (first === undefined || last === undefined || first.box.top > top + 1 || last.box.bottom < bottom - 1)
      return null
    if (rows.some(({ row }) => row.querySelector('.loading') !== null)) return null
    return Number(first.row.getAttribute('aria-rowindex')) - 2
  }
  /** Which row the place of the scroll bar stands for. */
  const rowOfPlace = (list: HTMLElement): number => {
    const rows = Number(list.getAttribute('aria-rowcount')) - 1
    const high = list.querySelector('.row')?.getBoundingClientRect().height ?? 1
    const seen = (list.clientHeight - (list.querySelector('.head')?.clientHeight ?? 0)) / high
    return (list.scrollTop / (list.scrollHeight - list.clientHeight)) * (rows - seen)
  }
  /** After the frame that is made now has been painted. */
  const painted = (): Promise<number> =>
    new Promise((resolve) => {
      requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel()
        port1.onmessage = (): void => {
          resolve(performance.now())
        }
        port2.postMessage(null)
      })
    })
  let begun = 0
  let answered: (at: number) => void = () => undefined
  let waiting: Promise<number> = Promise.resolve(0)
  let isExpecting = false
  const begin = (event: Event): void => {
    if (isExpecting && begun === 0) begun = event.timeStamp
  }
  addEventListener('keydown', begin, true)
  addEventListener('pointerdown', begin, true)
  const original = window.fetch
  window.fetch = async (input, init) => {
    const asks = isExpecting && begun > 0 && typeof init?.body === 'string' && init.body.includes('"caselle.list"')
    const response = await original(input, init)
    if (!asks) return response
    const text = await response.text()
    // The page reads the answer first, and draws it before the next frame.
    setTimeout(() => void painted().then(answered))
    return new Response(text, { status: response.status, headers: response.headers })
  }
  window.bench = {
    rowsPainted: async () => {
      while (!isFull()) await painted()
      return painted()
    },
    expectAnswer: () => {
      begun = 0
      isExpecting = true
      waiting = new Promise((resolve) => {
        answered = resolve
      })
    },
    answer: async () => {
      const at = await waiting
      isExpecting = false
      return at - begun
    },
    scroll: async (pixels, frames) => {
      const list = grid()
      if (list === null) throw new Error('there is no list')
      const took: number[] = []
      const places = [{ row: rowOfPlace(list), left: Infinity }]
      let blank = 0
      let behind = 0
      let since: number | null = null
      let last = await new Promise<number>(requestAnimationFrame)
      for (let frame = 0; frame < frames; frame += 1) {
        list.scrollBy(0, pixels)
        const here = places.at(-1)
        if (here !== undefined) here.left = last
        places.push({ row: rowOfPlace(list), left: Infinity })
        const now = await new Promise<number>(requestAnimationFrame)
        took.push(now - last)
        last = now
        const first = firstInSight(list)
        const shown = first === null ? undefined : places.findLast(({ row }) => Math.abs(row - first) <= 2)
        if (shown !== undefined) behind = Math.max(behind, now - Math.min(now, shown.left))
        if (shown !== undefined) since = null
        else since ??= now
        if (since !== null) blank = Math.max(blank, now - since)
      }
      return { frames: took, blank, behind }
    },
  }
}

export async function benchBrowser(): Promise<Browser> {
  const executablePath = findBrowser()
  return chromium.launch({
    ...(executablePath === null ? {} : { executablePath }),
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
  })
}

/** A window as the clerk has it. */
export async function benchPage(browser: Browser): Promise<Page> {
  const context = await browser.newContext({
    viewport: { width: 1366, height: 768 },
    locale: 'it-IT',
    timezoneId: 'Europe/Rome',
  })
  const page = await context.newPage()
  await page.addInitScript(install)
  return page
}
