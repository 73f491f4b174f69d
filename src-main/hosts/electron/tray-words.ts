import finestra from '../../../src-renderer/locales/it/finestra.json' with { type: 'json' }
import type { Status } from '../../contract/status.ts'

/** What the icon beside the clock says. */
export interface TrayWords {
  tooltip: string
  /** Lines of its menu that only tell. */
  lines: string[]
  /** For the badge of the dock, where there is one. */
  count: number
}

const words = finestra.tray

function connectionWords(status: Status, coreLost: boolean): string {
  if (coreLost) return words.fermo
  switch (status.phase) {
    case 'first_run':
    case 'signed_out':
      return words.nessuno
    case 'locked':
      return words.chiuso
    case 'blocked':
      return words.bloccato
    case 'screen_locked':
      return words.schermo
    case 'ready':
      return words.stato[status.connection]
  }
}

function counted(one: string, many: string, n: number): string {
  return (n === 1 ? one : many).replace('{n}', String(n))
}

/**
 * The same truth as the badge in the window: nothing is called aligned that is not. No name, address or number of a person
 * stands here: whoever passes by can read it. `status` null: nothing is known yet.
 */
export function trayWords(status: Status | null, coreLost: boolean): TrayWords {
  if (status === null) return { tooltip: words.prodotto, lines: [words.avvio], count: 0 }
  const { pending, needsYou } = status
  const lines = [
    connectionWords(status, coreLost),
    ...(pending > 0 ? [counted(words.coda1, words.coda, pending)] : []),
    ...(needsYou > 0 ? [counted(words.decidere1, words.decidere, needsYou)] : []),
  ]
  return { tooltip: [words.prodotto, ...lines].join('\n'), lines, count: pending + needsYou }
}
