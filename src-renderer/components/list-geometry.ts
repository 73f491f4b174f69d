/** The mathematics of a window over a very long list of rows of one height. Pixels and row indexes, nothing else. */

export const ROW_HEIGHT = 32
/** Browsers lay out no taller element reliably: above it the scroll height is scaled. */
export const MAX_HEIGHT = 15_000_000
/** Two screens: more have to be read, checked and carried before the first is painted. */
export const PAGE_SIZE = 50
/** Rows drawn beyond each edge, so that a fast scroll shows no gap. */
const OVERSCAN = 8

export interface Viewport {
  /** scrollTop of the scroller. */
  top: number
  /** Visible height of the rows' area. */
  height: number
  /** Rows in the whole list. */
  total: number
}

/** Height of the element that gives the scroller its extent. */
export function scrollHeight(total: number): number {
  return Math.min(total * ROW_HEIGHT, MAX_HEIGHT)
}

/** How many pixels of rows one pixel of scrolling covers; 1 below the limit. */
export function scrollScale({ height, total }: Viewport): number {
  const full = total * ROW_HEIGHT
  if (full <= MAX_HEIGHT) return 1
  return (full - height) / Math.max(1, MAX_HEIGHT - height)
}

/** Distance in unscaled pixels from the list's beginning to the first visible pixel. */
export function offsetOf(view: Viewport): number {
  const most = Math.max(0, view.total * ROW_HEIGHT - view.height)
  return Math.min(most, Math.max(0, view.top * scrollScale(view)))
}

/** The scrollTop that shows an unscaled offset. */
export function topOf(offset: number, view: Viewport): number {
  return offset / scrollScale(view)
}

/** Rows to draw, `first` inclusive and `last` exclusive, and where the first of them stands in the scroller. */
export function windowOf(view: Viewport): { first: number; last: number; shift: number } {
  const offset = offsetOf(view)
  const first = Math.max(0, Math.floor(offset / ROW_HEIGHT) - OVERSCAN)
  const last = Math.min(view.total, Math.ceil((offset + view.height) / ROW_HEIGHT) + OVERSCAN)
  return { first, last, shift: view.top - (offset - first * ROW_HEIGHT) }
}

/** The first and the last row (inclusive) that are wholly or mostly visible; null for an empty list. */
export function visibleRows(view: Viewport): { first: number; last: number } | null {
  if (view.total === 0) return null
  const offset = offsetOf(view)
  const first = Math.min(view.total - 1, Math.round(offset / ROW_HEIGHT))
  const last = Math.min(view.total - 1, Math.max(first, Math.round((offset + view.height) / ROW_HEIGHT) - 1))
  return { first, last }
}

/** The scrollTop that brings a row into view with the least movement; null when it is visible already. */
export function topToReveal(index: number, view: Viewport): number | null {
  const offset = offsetOf(view)
  const rowTop = index * ROW_HEIGHT
  if (rowTop < offset) return topOf(rowTop, view)
  if (rowTop + ROW_HEIGHT > offset + view.height) return topOf(rowTop + ROW_HEIGHT - view.height, view)
  return null
}

const moves: readonly string[] = ['ArrowDown', 'ArrowUp', 'PageDown', 'PageUp', 'Home', 'End']
/** Whether a key moves the active row. */
export const isMove = (key: string): boolean => moves.includes(key)

/** Where a key moves the active row; null when it is not a key of movement. `active` -1: no row is active yet. */
export function moveActive(key: string, active: number, view: Viewport): number | null {
  if (view.total === 0) return null
  const page = Math.max(1, Math.floor(view.height / ROW_HEIGHT) - 1)
  const clamp = (index: number): number => Math.min(view.total - 1, Math.max(0, index))
  switch (key) {
    case 'ArrowDown':
      return clamp(active + 1)
    case 'ArrowUp':
      return clamp(active - 1)
    case 'PageDown':
      return clamp(active + page)
    case 'PageUp':
      return clamp(active - page)
    case 'Home':
      return 0
    case 'End':
      return view.total - 1
    default:
      return null
  }
}

/** The pages that hold the rows from `first` to `last` (inclusive), then the neighbour on each side. */
export function pagesFor(first: number, last: number, total: number): { needed: number[]; neighbours: number[] } {
  if (total === 0) return { needed: [0], neighbours: [] }
  const lastPage = Math.floor((total - 1) / PAGE_SIZE)
  const from = Math.min(lastPage, Math.max(0, Math.floor(first / PAGE_SIZE)))
  const to = Math.min(lastPage, Math.max(from, Math.floor(last / PAGE_SIZE)))
  const needed = Array.from({ length: to - from + 1 }, (_, index) => from + index)
  const neighbours = [from - 1, to + 1].filter((page) => page >= 0 && page <= lastPage)
  return { needed, neighbours }
}
