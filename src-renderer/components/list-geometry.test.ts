import { describe, expect, it } from 'vitest'
import {
  MAX_HEIGHT,
  moveActive,
  offsetOf,
  pagesFor,
  ROW_HEIGHT,
  scrollHeight,
  topOf,
  topToReveal,
  visibleRows,
  windowOf,
} from './list-geometry.ts'

const height = 640
const million = 1_000_000

describe('the window over a list', () => {
  it('is as tall as its rows while the browser can lay them out, and no taller than its limit', () => {
    expect(scrollHeight(100)).toBe(100 * ROW_HEIGHT)
    expect(scrollHeight(million)).toBe(MAX_HEIGHT)
  })

  it('draws the visible rows and a few around them, each where it belongs', () => {
    const { first, last, shift } = windowOf({ top: 3200, height, total: 5000 })
    expect(first).toBe(92)
    expect(last).toBe(128)
    expect(shift).toBe(92 * ROW_HEIGHT)
  })

  it('never draws rows that the list does not have', () => {
    expect(windowOf({ top: 0, height, total: 3 })).toEqual({ first: 0, last: 3, shift: 0 })
    expect(windowOf({ top: 0, height, total: 0 })).toEqual({ first: 0, last: 0, shift: 0 })
  })

  it('reaches the last of a million rows when it is scrolled to its end', () => {
    const view = { top: MAX_HEIGHT - height, height, total: million }
    expect(windowOf(view).last).toBe(million)
    expect(visibleRows(view)?.last).toBe(million - 1)
  })

  it('keeps its rows inside the scaled scroller at any place', () => {
    for (const part of [0, 0.1, 0.5, 0.9321, 1]) {
      const view = { top: Math.round((MAX_HEIGHT - height) * part), height, total: million }
      const { first, last, shift } = windowOf(view)
      expect(shift + (last - first) * ROW_HEIGHT).toBeGreaterThan(view.top + height - 1)
      expect(offsetOf(view)).toBeLessThanOrEqual(million * ROW_HEIGHT - height)
    }
  })

  it('turns an offset into a scrollTop and back, scaled or not', () => {
    for (const total of [400, million]) {
      const top = topOf(total * 7, { top: 0, height, total })
      expect(offsetOf({ top, height, total })).toBeCloseTo(total * 7, 3)
    }
  })

  it('says which rows are in sight, and nothing of an empty list', () => {
    expect(visibleRows({ top: 0, height, total: 5000 })).toEqual({ first: 0, last: 19 })
    expect(visibleRows({ top: 0, height, total: 7 })).toEqual({ first: 0, last: 6 })
    expect(visibleRows({ top: 0, height, total: 0 })).toBeNull()
  })

  it('moves no more than needed to show a row, and not at all when it is in sight', () => {
    const view = { top: 3200, height, total: 5000 }
    expect(topToReveal(105, view)).toBeNull()
    expect(topToReveal(99, view)).toBe(99 * ROW_HEIGHT)
    expect(topToReveal(120, view)).toBe(121 * ROW_HEIGHT - height)
  })
})

describe('the keys of a list', () => {
  const view = { top: 0, height, total: 100 }

  it('move the active row and stop at both ends', () => {
    expect(moveActive('ArrowDown', -1, view)).toBe(0)
    expect(moveActive('ArrowDown', 99, view)).toBe(99)
    expect(moveActive('ArrowUp', 0, view)).toBe(0)
    expect(moveActive('PageDown', 10, view)).toBe(29)
    expect(moveActive('PageUp', 10, view)).toBe(0)
    expect(moveActive('Home', 50, view)).toBe(0)
    expect(moveActive('End', 50, view)).toBe(99)
  })

  it('do nothing in an empty list, nor when they mean something else', () => {
    expect(moveActive('ArrowDown', -1, { top: 0, height, total: 0 })).toBeNull()
    expect(moveActive('a', 3, view)).toBeNull()
  })
})

describe('the pages of a window', () => {
  it('are those it shows, then the neighbours that exist', () => {
    expect(pagesFor(0, 20, 5000)).toEqual({ needed: [0], neighbours: [1] })
    expect(pagesFor(390, 410, 5000)).toEqual({ needed: [7, 8], neighbours: [6, 9] })
    expect(pagesFor(4990, 4999, 5000)).toEqual({ needed: [99], neighbours: [98] })
    expect(pagesFor(0, 0, 0)).toEqual({ needed: [0], neighbours: [] })
  })
})
