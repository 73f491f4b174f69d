import { appendFileSync, mkdirSync, renameSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** The only keys that a log line may carry: ids, states, codes and counts. Names, addresses, tokens and paths have no key. */
const allowed = [
  'operationId',
  'type',
  'state',
  'from',
  'to',
  'code',
  'channel',
  'status',
  'count',
  'ms',
  'stage',
  'host',
  'version',
  'method',
  'attempt',
  'traceId',
  'errorName',
] as const
export type LogField = (typeof allowed)[number]
export type LogFields = Partial<Record<LogField, string | number | boolean | null>>
export type LogEvent =
  | 'core.started'
  | 'core.closed'
  | 'archive.opened'
  | 'archive.migrated'
  | 'archive.copied'
  | 'archive.restored'
  | 'archive.set_aside'
  | 'archive.exported'
  | 'archive.trouble'
  | 'register.broken'
  | 'session.opened'
  | 'session.closed'
  | 'session.expired'
  | 'screen.locked'
  | 'screen.unlocked'
  | 'screen.refused'
  | 'screen.pin_removed'
  | 'sync.started'
  | 'sync.page'
  | 'sync.done'
  | 'sync.failed'
  | 'operation.moved'
  | 'upload.done'
  | 'command.failed'
  | 'host.started'
  | 'host.refused'
  | 'sandbox.started'
  | 'trust.not_refreshed'

export type Log = (event: LogEvent, fields?: LogFields) => void

/** Values are cut to what an id or a code can be, so that a text that strays in cannot carry a person's data. */
function safeValue(value: string | number | boolean | null): string | number | boolean | null {
  if (typeof value !== 'string') return value
  const isPersonal =
    /[A-Za-z]{6}[0-9L-V]{2}[A-Za-z][0-9L-V]{2}[A-Za-z]/i.test(value) || /\.(pdf|p7m|png|jpe?g)$/i.test(value)
  return /^[A-Za-z0-9_.:/-]{1,64}$/.test(value) && !isPersonal ? value : '[omesso]'
}

/** One JSON line of an event: allow-listed keys only. */
export function logLine(at: Date, event: string, fields: LogFields = {}): string {
  const line: Record<string, string | number | boolean | null> = { at: at.toISOString(), event }
  for (const key of allowed) {
    const value = fields[key]
    if (value !== undefined) line[key] = safeValue(value)
  }
  return JSON.stringify(line)
}

const MAX_BYTES = 2_000_000

/** Appends to `<dataDir>/log/sportello.log`, one older file kept. A log that cannot be written never stops the work. */
export function fileLog(dataDir: string): Log {
  const folder = join(dataDir, 'log')
  const path = join(folder, 'sportello.log')
  return (event, fields) => {
    try {
      mkdirSync(folder, { recursive: true })
      const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0
      if (size > MAX_BYTES) renameSync(path, `${path}.1`)
      appendFileSync(path, logLine(new Date(), event, fields) + '\n', { mode: 0o600 })
    } catch {
      // A full disk is told by the archive, which people look at.
    }
  }
}

export const silentLog: Log = () => undefined
