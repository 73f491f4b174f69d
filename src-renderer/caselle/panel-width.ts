const KEY = 'sportello.casella-panel'
const LEAST = 400
const MOST = 640
const DEFAULT = 420

/** A width in pixels within what the panel and the list beside it can bear. */
export function panelWidth(wanted: number): number {
  return Math.round(Math.min(MOST, Math.max(LEAST, wanted)))
}

/** How the panel was left on this machine: `420` open, `-420` folded. */
export function storedPanel(): { width: number; folded: boolean } {
  const stored = Number(localStorage.getItem(KEY) ?? DEFAULT)
  if (!Number.isFinite(stored) || stored === 0) return { width: DEFAULT, folded: false }
  return { width: panelWidth(Math.abs(stored)), folded: stored < 0 }
}

export function storePanel({ width, folded }: { width: number; folded: boolean }): void {
  localStorage.setItem(KEY, String(folded ? -width : width))
}
