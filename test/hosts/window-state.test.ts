import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  nearestZoom,
  nextZoom,
  parseWindowState,
  placeWindow,
  zoomSteps,
  type Area,
  type WindowState,
} from '../../src-main/hosts/electron/window-state.ts'
import { readWindowState, writeWindowState } from '../../src-main/hosts/electron/window-state-file.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const main: Area = { x: 0, y: 0, width: 1920, height: 1040 }
const beside: Area = { x: 1920, y: 0, width: 1280, height: 984 }
const saved: WindowState = { x: 100, y: 50, width: 1400, height: 800, maximized: false, zoom: 1.25 }

test('the window opens where it was, on the second screen too', () => {
  expect(placeWindow(saved, [main])).toEqual(saved)
  expect(placeWindow({ ...saved, x: 2000, width: 1000 }, [main, beside])).toMatchObject({ x: 2000, width: 1000 })
})

test('the first time it has the usual size, in the middle', () => {
  expect(placeWindow(null, [main])).toEqual({ x: 277, y: 136, width: 1366, height: 768, maximized: false, zoom: 1 })
  expect(placeWindow(null, [{ x: 0, y: 0, width: 1280, height: 700 }])).toMatchObject({
    x: 0,
    y: 0,
    width: 1280,
    height: 700,
  })
})

test('a screen that has gone brings the window back to the first one', () => {
  expect(placeWindow({ ...saved, x: 2500 }, [main])).toMatchObject({ x: 260, y: 120, width: 1400, height: 800 })
  // A hand's breadth of its edge alone cannot be taken hold of.
  expect(placeWindow({ ...saved, x: -1390 }, [main]).x).toBe(260)
  expect(placeWindow({ ...saved, y: 1030 }, [main]).y).toBe(120)
})

test('wherever it was, it lies on one screen as a whole, and can be read', () => {
  const numbers = fc.integer({ min: -100_000, max: 100_000 })
  const state = fc.record({
    x: numbers,
    y: numbers,
    width: fc.integer({ min: 1, max: 100_000 }),
    height: fc.integer({ min: 1, max: 100_000 }),
    maximized: fc.boolean(),
    zoom: fc.double(),
  })
  fc.assert(
    fc.property(state, (any) => {
      const areas = [main, beside]
      const { x, y, width, height, zoom } = placeWindow(any, areas)
      expect(
        areas.some(
          (area) =>
            x >= area.x && y >= area.y && x + width <= area.x + area.width && y + height <= area.y + area.height,
        ),
      ).toBe(true)
      expect(zoomSteps).toContain(zoom)
    }),
  )
})

test('the zoom goes by steps, up to twice the size, and stays at the ends', () => {
  expect(nextZoom(1, 'in')).toBe(1.1)
  expect(nextZoom(2, 'in')).toBe(2)
  expect(nextZoom(0.75, 'out')).toBe(0.75)
  expect(nextZoom(1.75, 'reset')).toBe(1)
  expect([nearestZoom(1.2), nearestZoom(99), nearestZoom(-1), nearestZoom(Number.NaN)]).toEqual([1.25, 2, 0.75, 1])
})

test('what was remembered badly is as if nothing had been', () => {
  for (const text of [
    '',
    '{}',
    'null',
    '{"x":1e999}',
    JSON.stringify({ ...saved, width: -5 }),
    JSON.stringify({ ...saved, zoom: 'x' }),
  ])
    expect([text, parseWindowState(text)]).toEqual([text, null])
  const folder = temporaryFolder()
  const path = join(folder, 'nuova', 'finestra.json')
  expect(readWindowState(path)).toBeNull()
  writeWindowState(path, saved)
  expect(readWindowState(path)).toEqual(saved)
  expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual(saved)
  // A disk that takes nothing: the window closes all the same.
  writeFileSync(join(folder, 'file'), '')
  writeWindowState(join(folder, 'file', 'finestra.json'), saved)
  mkdirSync(join(folder, 'cartella'))
  expect(readWindowState(join(folder, 'cartella'))).toBeNull()
})
