import { describe, expect, it } from 'vitest'
import { drawnPlace, haveBeen, HOLD_MS } from './drawn-place.ts'
import { windowOf } from './list-geometry.ts'

const at = (top: number, total = 1_000_000) => ({ top, height: 576, total })
const all = () => true
const none = () => false
/** Only rows before `end` are there. */
const before = (end: number) => (_first: number, last: number) => last < end

describe('what a list draws', () => {
  it('is the rows of the place where they are there, and empty ones where nothing else can be shown', () => {
    expect(drawnPlace(at(4000), [], all, 0)).toEqual({ ...windowOf(at(4000)), of: null })
    expect(drawnPlace(at(4000), [], none, 0)).toEqual({ ...windowOf(at(4000)), of: null })
    expect(drawnPlace(at(0, 0), [{ view: at(0, 0), until: 0 }], none, 0)).toEqual({
      first: 0,
      last: 0,
      shift: 0,
      of: null,
    })
  })

  it('is the rows of where it has just been, in the same place of the window, until those of the place are there', () => {
    const been = haveBeen(haveBeen([], at(0), 100), at(1_000_000), 116)
    const place = drawnPlace(at(2_000_000), been, before(1000), 132)
    const old = windowOf(at(0))
    expect(place).toEqual({ first: old.first, last: old.last, shift: old.shift + 2_000_000, of: at(0) })
    expect(drawnPlace(at(2_000_000), been, all, 132)).toEqual({ ...windowOf(at(2_000_000)), of: null })
  })

  it('is the latest place whose rows have come meanwhile', () => {
    const been = haveBeen(haveBeen([], at(0), 100), at(1_000_000), 116)
    expect(drawnPlace(at(2_000_000), been, (_, last) => last < 100_000, 132).of).toEqual(at(1_000_000))
  })

  it('does not hold rows for long, nor those of a list that is another by now', () => {
    const been = haveBeen([], at(0), 100)
    expect(drawnPlace(at(2_000_000), been, before(1000), 100 + HOLD_MS - 1).of).toEqual(at(0))
    expect(drawnPlace(at(2_000_000), been, before(1000), 100 + HOLD_MS).of).toBeNull()
    expect(drawnPlace(at(2_000_000, 999_999), been, before(1000), 101).of).toBeNull()
    expect(drawnPlace({ ...at(2_000_000), height: 600 }, been, before(1000), 101).of).toBeNull()
  })

  it('leaves rows where they are while a part of them is in sight', () => {
    expect(drawnPlace(at(200), haveBeen([], at(0), 100), before(18), 101).of).toBeNull()
  })

  it('forgets where it has been', () => {
    const been = haveBeen(haveBeen([], at(0), 100), at(50), 100 + HOLD_MS)
    expect(been).toEqual([{ view: at(50), until: 100 + HOLD_MS }])
  })
})
