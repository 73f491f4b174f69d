import type { z } from 'zod'
import { CommandError } from '../command-error.ts'
import { Casella } from '../provider-contract/casella.ts'
import { Documento } from '../provider-contract/documento.ts'
import { AnySnapshotLine, type AnyResourceType, type AnyUpsertItem } from '../provider-contract/feed.ts'
import { Version } from '../provider-contract/scalar.ts'
import { Attivita, Indirizzo, Titolare } from '../provider-contract/titolare.ts'
import { DOUBTFUL, exactLengthOf, type ExactLength } from './exact-json.ts'

/** A row of a snapshot. `text`: its data as JSON, as it came, where that is exactly what the contract makes of it. */
export interface SnapshotRow {
  item: AnyUpsertItem
  text: string | null
}
export type ReadLine = { kind: 'row'; row: SnapshotRow } | Exclude<z.infer<typeof AnySnapshotLine>, { kind: 'row' }>

/** Of the types of which there are many; made when the first snapshot is read. */
const exact = new Map<unknown, ExactLength>()
function exactFor(type: unknown): ExactLength | undefined {
  if (exact.size === 0) {
    const many: [AnyResourceType, z.ZodType][] = [
      ['titolare', Titolare],
      ['attivita', Attivita],
      ['casella', Casella],
      ['indirizzo', Indirizzo],
      ['documento', Documento],
    ]
    for (const [name, schema] of many) exact.set(name, exactLengthOf(schema))
  }
  return exact.get(type)
}

interface Maybe {
  kind?: unknown
  item?: { type?: unknown; op?: unknown; id?: unknown; version?: unknown; data?: unknown } | null
}
const DATA = '"data":'
const END = '}}'
const around = `{"kind":"row","item":{"type":"","op":"upsert","id":"","version":,${DATA}${END}`.length
const versionLength = exactLengthOf(Version)

/** A row that is, but for the order of its members, what JSON makes of it by the contract; null where it is not, or not plainly. */
function exactRow(text: string, { kind, item }: Maybe): SnapshotRow | null {
  if (kind !== 'row' || typeof item !== 'object' || item === null || item.op !== 'upsert') return null
  const { type, id, version, data } = item
  const length = exactFor(type)?.(data) ?? DOUBTFUL
  const ofVersion = versionLength(version)
  if (length === DOUBTFUL || ofVersion === DOUBTFUL || typeof id !== 'string') return null
  // A member twice or more of them, a space: each would make it longer.
  if (text.length !== around + String(type).length + id.length + ofVersion + length || text.includes('\\')) return null
  const start = text.length - END.length - length
  if (!text.startsWith(DATA, start - DATA.length)) return null
  // All that the contract asks of a row was found above.
  return { item: item as AnyUpsertItem, text: text.slice(start, -END.length) }
}

/** Reads a line of a snapshot. Throws CommandError `provider_not_contract` for one that does not fit the contract. */
export function readLine(text: string): ReadLine {
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch {
    throw new CommandError('provider_not_contract', 'a snapshot line is no JSON')
  }
  if (typeof parsed === 'object' && parsed !== null) {
    const row = exactRow(text, parsed)
    if (row !== null) return { kind: 'row', row }
  }
  const line = AnySnapshotLine.safeParse(parsed)
  if (!line.success) throw new CommandError('provider_not_contract', 'a snapshot line does not fit the contract')
  return line.data.kind === 'row' ? { kind: 'row', row: { item: line.data.item, text: null } } : line.data
}
