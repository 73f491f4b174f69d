import { z } from 'zod'

/** In device-independent pixels. */
export interface Area {
  x: number
  y: number
  width: number
  height: number
}

/** What is remembered of the window. `zoom`: 1 is the usual size. */
export const WindowState = z.object({
  x: z.number().int(),
  y: z.number().int(),
  width: z.number().int().positive(),
  height: z.number().int().positive(),
  maximized: z.boolean(),
  zoom: z.number(),
})
export type WindowState = z.infer<typeof WindowState>

export const MIN_WIDTH = 900
export const MIN_HEIGHT = 600
const USUAL = { width: 1366, height: 768 } as const
/** So much of the title bar has to be reachable. */
const GRIP_PX = 120

/** The sizes that the menu goes through; 200% is what WCAG 1.4.4 asks for. */
export const zoomSteps = [0.75, 0.9, 1, 1.1, 1.25, 1.5, 1.75, 2] as const

/** A remembered or set zoom, as one of the steps. */
export function nearestZoom(zoom: number): number {
  if (!Number.isFinite(zoom)) return 1
  return zoomSteps.reduce<number>((best, step) => (Math.abs(step - zoom) < Math.abs(best - zoom) ? step : best), 1)
}

export function nextZoom(zoom: number, direction: 'in' | 'out' | 'reset'): number {
  if (direction === 'reset') return 1
  const present = nearestZoom(zoom)
  const at = zoomSteps.findIndex((step) => step === present)
  return zoomSteps[at + (direction === 'in' ? 1 : -1)] ?? present
}

/** Reads what was remembered; null for what is no such thing. */
export function parseWindowState(text: string): WindowState | null {
  try {
    return WindowState.parse(JSON.parse(text))
  } catch {
    return null
  }
}

function overlap(from: number, length: number, start: number, extent: number): number {
  return Math.min(from + length, start + extent) - Math.max(from, start)
}

/**
 * Where the window opens: where it was, made smaller than the screen that it was on; in the middle of the first screen (the
 * main one) where that screen has gone. `areas`: what is free of each screen, at least one.
 */
export function placeWindow(
  saved: WindowState | null,
  areas: readonly Area[],
): Area & { maximized: boolean; zoom: number } {
  const [main] = areas
  const screen = main ?? { x: 0, y: 0, ...USUAL }
  const own =
    saved === null
      ? undefined
      : areas.find(
          (area) =>
            overlap(saved.x, saved.width, area.x, area.width) >= GRIP_PX &&
            saved.y >= area.y &&
            saved.y <= area.y + area.height - GRIP_PX,
        )
  const area = own ?? screen
  const width = Math.min(Math.max(saved?.width ?? USUAL.width, MIN_WIDTH), area.width)
  const height = Math.min(Math.max(saved?.height ?? USUAL.height, MIN_HEIGHT), area.height)
  const centred = {
    x: area.x + Math.floor((area.width - width) / 2),
    y: area.y + Math.floor((area.height - height) / 2),
  }
  const at =
    saved === null || own === undefined
      ? centred
      : {
          x: Math.min(Math.max(saved.x, area.x), area.x + area.width - width),
          y: Math.min(Math.max(saved.y, area.y), area.y + area.height - height),
        }
  return { ...at, width, height, maximized: saved?.maximized ?? false, zoom: nearestZoom(saved?.zoom ?? 1) }
}
