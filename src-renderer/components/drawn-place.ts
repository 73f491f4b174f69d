import { offsetOf, type Viewport, visibleRows, windowOf } from './list-geometry.ts'

/**
 * A list that is dragged through is elsewhere before the rows of a place are there. Until then it goes on showing rows of
 * where it has just been, so that it is never empty; longer than this, they would be taken for those of the place.
 */
export const HOLD_MS = 150

/** Where a list has been; `until`: when it was there last, by a steady clock (ms). */
export interface Been {
  view: Viewport
  until: number
}

/** Which rows are drawn (`last` exclusive), and where the first of them stands in the scroller. */
export interface DrawnPlace {
  first: number
  last: number
  shift: number
  /** Where the list has been, whose rows stand in for those of the place; null: those of the place itself. */
  of: Viewport | null
}

function overlaps(a: Viewport, b: Viewport): boolean {
  return Math.abs(offsetOf(a) - offsetOf(b)) < Math.min(a.height, b.height)
}

/**
 * What to draw in `view`, where the list has `been` (the oldest first) and `isHere` tells whether rows (both inclusive) are
 * there. Rows that are partly in sight stay where they are: what is held is only what a jump left behind. Pure.
 */
export function drawnPlace(
  view: Viewport,
  been: readonly Been[],
  isHere: (first: number, last: number) => boolean,
  now: number,
): DrawnPlace {
  const here = { ...windowOf(view), of: null }
  const shown = (each: Viewport): boolean => {
    const rows = visibleRows(each)
    return rows !== null && isHere(rows.first, rows.last)
  }
  if (view.total === 0 || shown(view)) return here
  const held = been.findLast(
    ({ view: old, until }) =>
      now - until < HOLD_MS && old.total === view.total && old.height === view.height && shown(old),
  )?.view
  if (held === undefined || overlaps(held, view)) return here
  const { first, last, shift } = windowOf(held)
  return { first, last, shift: shift + view.top - held.top, of: held }
}

/** `been` and where the list was until `now`, without what is too long ago to be held. Pure. */
export function haveBeen(been: readonly Been[], view: Viewport, now: number): Been[] {
  return [...been.filter(({ until }) => now - until < HOLD_MS), { view, until: now }]
}
