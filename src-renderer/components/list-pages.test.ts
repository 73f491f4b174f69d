import { describe, expect, it, vi } from 'vitest'
import { type ListPage, useListPages } from './list-pages.ts'

type Asked = { offset: number; answer: (page: ListPage<string>) => void; fail: (error: Error) => void }

function rowsFrom(name: string, offset: number, total: number): ListPage<string> {
  const count = Math.max(0, Math.min(200, total - offset))
  return { total, rows: Array.from({ length: count }, (_, index) => `${name}${offset + index}`) }
}

function pagesOf() {
  const asked: Asked[] = []
  const pages = useListPages<string>(
    (offset) =>
      new Promise((resolve, reject) => {
        asked.push({ offset, answer: resolve, fail: reject })
      }),
  )
  return { asked, pages }
}

/** A source that answers at once. */
function fullPages(total: number) {
  const offsets: number[] = []
  const pages = useListPages<string>((offset) => {
    offsets.push(offset)
    return Promise.resolve(rowsFrom('a', offset, total))
  })
  return { offsets, pages }
}

describe('the pages of a list', () => {
  it('keep the old rows until the new query has answered', async () => {
    const { asked, pages } = pagesOf()
    const first = pages.restart(0, 0)
    asked[0]?.answer(rowsFrom('old', 0, 10))
    await first
    const second = pages.restart(0, 0)
    expect(pages.rowAt(0)).toBe('old0')
    asked[1]?.answer(rowsFrom('new', 0, 4))
    await second
    expect(pages.rowAt(0)).toBe('new0')
    expect(pages.shown.value.total).toBe(4)
  })

  it('drop an answer that comes after a newer question', async () => {
    const { asked, pages } = pagesOf()
    const slow = pages.restart(0, 0)
    const quick = pages.restart(0, 0)
    asked[1]?.answer(rowsFrom('quick', 0, 5))
    await quick
    asked[0]?.answer(rowsFrom('slow', 0, 9))
    await slow
    expect(pages.rowAt(0)).toBe('quick0')
    expect(pages.shown.value.total).toBe(5)
  })

  it('fetch the page in sight before its neighbours, and each only once', async () => {
    const { offsets, pages } = fullPages(5000)
    await pages.restart(0, 0)
    await pages.inSight(1000, 1020)
    await pages.inSight(1000, 1020)
    expect(offsets).toEqual([0, 1000, 950, 1050])
    expect(pages.rowAt(1010)).toBe('a1010')
  })

  it('are asked for where the list stands now, not where a quick scroll went through', async () => {
    const { asked, pages } = pagesOf()
    const first = pages.restart(0, 0)
    asked[0]?.answer(rowsFrom('a', 0, 100_000))
    await first
    const scrolled = [2000, 4000, 6000, 8000, 50_000].map((row) => pages.inSight(row, row + 20))
    expect(asked).toHaveLength(3)
    asked[1]?.answer(rowsFrom('a', 2000, 100_000))
    await expect.poll(() => asked.length).toBe(4)
    expect(asked[3]?.offset).toBe(50_000)
    for (const { offset, answer } of asked.slice(2)) answer(rowsFrom('a', offset, 100_000))
    await Promise.all(scrolled)
    // What is around it comes when the list moves on from there, not while it jumps.
    expect(asked.map(({ offset }) => offset)).toEqual([0, 2000, 4000, 50_000])
    const onward = pages.inSight(50_010, 50_030)
    for (let at = 4; at < 6; at += 1) {
      await expect.poll(() => asked.length).toBe(at + 1)
      asked[at]?.answer(rowsFrom('a', asked[at]?.offset ?? 0, 100_000))
    }
    await onward
    expect(asked.slice(4).map(({ offset }) => offset)).toEqual([49_950, 50_050])
  })

  it('are asked for in one question where what is in sight stands on two', async () => {
    const asked: [number, number][] = []
    const pages = useListPages<string>((offset, limit) => {
      asked.push([offset, limit])
      const { total, rows } = rowsFrom('a', offset, 5000)
      return Promise.resolve({ total, rows: rows.slice(0, limit) })
    })
    await pages.restart(0, 0)
    await pages.inSight(1040, 1060)
    expect(asked).toEqual([
      [0, 50],
      [1000, 100],
    ])
    expect([1000, 1049, 1050, 1099, 1100].map((row) => pages.rowAt(row))).toEqual([
      'a1000',
      'a1049',
      'a1050',
      'a1099',
      undefined,
    ])
  })

  it('forget the pages that were not used for longest', async () => {
    const { pages } = fullPages(100_000)
    await pages.restart(0, 0)
    for (let row = 50; row < 5000; row += 50) await pages.inSight(row, row)
    expect(pages.shown.value.pages.size).toBeLessThanOrEqual(40)
    expect(pages.rowAt(0)).toBeUndefined()
    expect(pages.rowAt(4950)).toBe('a4950')
  })

  it('keep what they show when a reading fails, and say so until one goes well', async () => {
    const { asked, pages } = pagesOf()
    const first = pages.restart(0, 0)
    asked[0]?.answer(rowsFrom('a', 0, 3))
    await first
    const failing = pages.restart(0, 0)
    asked[1]?.fail(new Error('gone'))
    await failing
    expect(pages.rowAt(2)).toBe('a2')
    expect(pages.error.value).toBeInstanceOf(Error)
    const again = pages.restart(0, 0)
    asked[2]?.answer(rowsFrom('b', 0, 3))
    await again
    expect(pages.error.value).toBeNull()
  })

  it('find a row among those that are here', async () => {
    const { pages } = fullPages(5000)
    await pages.restart(400, 420)
    expect(pages.findPresent((row) => row === 'a433')).toBe(433)
    expect(pages.findPresent((row) => row === 'a4333')).toBe(-1)
  })

  it('show rows before all are counted, and count when nothing else was asked meanwhile', async () => {
    vi.useFakeTimers()
    try {
      const asked: { offset: number; whole: boolean | undefined }[] = []
      let many = 25_000
      const pages = useListPages<string>((offset, _limit, whole) => {
        asked.push({ offset, whole })
        const page = rowsFrom('a', offset, many)
        return Promise.resolve(
          whole === true ? { ...page, complete: true } : { ...page, total: 10_000, complete: false },
        )
      })
      await pages.restart(0, 0)
      expect(pages.shown.value).toMatchObject({ total: 10_000, complete: false })
      await pages.restart(0, 0)
      await vi.advanceTimersByTimeAsync(1000)
      expect(asked.filter(({ whole }) => whole === true)).toHaveLength(1)
      expect(pages.shown.value).toMatchObject({ total: 25_000, complete: true })
      expect(pages.rowAt(0)).toBe('a0')
      // A page that comes afterwards knows less, and takes nothing back.
      await pages.need(300, 300)
      expect(pages.shown.value).toMatchObject({ total: 25_000, complete: true })
      // Read again after a change, the list does not become shorter meanwhile.
      many = 24_999
      await pages.restart(20_000, 20_000, true)
      expect(pages.shown.value.total).toBe(25_000)
      await vi.advanceTimersByTimeAsync(1000)
      expect(pages.shown.value).toMatchObject({ total: 24_999, complete: true })
    } finally {
      vi.useRealTimers()
    }
  })
})
