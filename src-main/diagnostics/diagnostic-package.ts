import { z } from 'zod'
import { errorCodes } from '../contract/error.ts'
import type { Status } from '../contract/status.ts'
import { logLine } from './log.ts'
import type { DiagnosticStore } from './diagnostic-store.ts'

/** What is known of the machine; versions and sizes alone. */
export interface Machine {
  platform: string
  arch: string
  release: string
  node: string
  memoryMb: number
  freeMemoryMb: number
  freeDiskMb: number | null
}

const MOST_LINES = 400
const LoggedLine = z.object({ at: z.iso.datetime(), event: z.string() }).catchall(z.unknown())
const known: ReadonlySet<string> = new Set(errorCodes)

/** A code that is known here; anything else may be a text of somebody's. */
const codeOf = (code: string | null): string | null => (code === null || known.has(code) ? code : codeLike(code))
/** Codes of the provider are lower case words with underscores. */
const codeLike = (code: string): string => (/^[a-z]+(_[a-z]+)+$/.test(code) && code.length <= 48 ? code : 'altro')

/** A line of the log, written again by the allow-list; null for what is no line of it. `errorName` holds messages: left out. */
export function redactedLine(line: string): string | null {
  try {
    const { at, event, errorName: _message, ...fields } = LoggedLine.parse(JSON.parse(line))
    if (!/^[a-z_]+\.[a-z_]+$/.test(event)) return null
    const plain = Object.fromEntries(
      Object.entries(fields).filter(([, value]) => ['string', 'number', 'boolean'].includes(typeof value)),
    ) as Record<string, string | number | boolean>
    return logLine(new Date(at), event, plain)
  } catch {
    return null
  }
}

/** The package, as text that a person reads before it leaves: nothing is in it but what is named here. Pure. */
export function diagnosticPackage(given: {
  at: string
  status: Status
  machine: Machine
  /** Null while no archive is open. */
  store: DiagnosticStore | null
  log: readonly string[]
}): string {
  const { status, machine, store } = given
  const operations = (store?.operations() ?? []).map(({ type, state, code, n, attempts }) => ({
    type,
    state,
    code: codeOf(code),
    n,
    attempts,
  }))
  const told = {
    formato: 1,
    creato: given.at,
    programma: { versione: status.version, host: status.host, schema: store?.schemaVersion() ?? null },
    macchina: machine,
    stato: {
      fase: status.phase,
      collegamento: status.connection,
      ultimoAllineamento: status.lastAlignedAt,
      nonInLineaDalle: status.offlineSince,
      ultimoErrore: codeOf(status.lastError),
      problemaArchivio: codeOf(status.trouble?.code ?? null),
      allineamento: status.sync === null ? null : { fase: status.sync.stage, fatte: status.sync.done },
      inCoda: status.pending,
      daDecidere: status.needsYou,
      ruolo: status.operatore?.ruolo ?? null,
      ambiente: status.provider?.environment ?? null,
      custodia: status.custody,
    },
    righe: store?.rows() ?? null,
    operazioni: operations,
    log: given.log
      .slice(-MOST_LINES)
      .map(redactedLine)
      .filter((line) => line !== null),
  }
  return JSON.stringify(told, null, 2)
}
