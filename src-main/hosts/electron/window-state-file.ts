import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { parseWindowState, type WindowState } from './window-state.ts'

/** The remembered window; null where there is none that can be read. */
export function readWindowState(path: string): WindowState | null {
  try {
    return parseWindowState(readFileSync(path, 'utf8'))
  } catch {
    return null
  }
}

/** Remembers it; a disk that takes nothing is no reason to keep the window open. */
export function writeWindowState(path: string, state: WindowState): void {
  try {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(`${path}.new`, JSON.stringify(state))
    renameSync(`${path}.new`, path)
  } catch {
    // It opens in its usual place the next time.
  }
}
