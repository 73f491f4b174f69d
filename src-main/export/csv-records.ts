import type { ExportColumn, ExportKind } from '../contract/esportazione.ts'
import { csvCellText } from './csv.ts'
import { isFigure } from './export-table.ts'
import { italianDate } from './italian-date.ts'

/**
 * Rows as the archive writes them, of which lines of a CSV are made: a key, then the cells as they are, CELL_END behind each
 * of them and behind the key, and a line feed. No text in UTF-8 has such a byte, so that none is taken for it.
 */
export const CELL_END = 0xff

const LINE_FEED = 0x0a
const CARRIAGE_RETURN = 0x0d
const QUOTE = 0x22
const APOSTROPHE = 0x27
const SLASH = 0x2f
const ZERO = 0x30
const SEMICOLON = 0x3b
const ZULU = 0x5a
/** 22, as its two digits are added up. */
const LATE = 11 * (ZERO + 2)
/** A cell may grow so many times, its separator counted: `0` becomes `"=""0"""`, and of many quotes each becomes two. */
const MOST_TIMES = 5
/** By so much at least a store of lines grows; not by a part of what is there, which would stay unused. */
const ROOM_BYTES = 1_048_576

/** What a byte is inside a cell. */
const PLAIN = 0
const QUOTED = 1
const ENDS = 2
const signs = new Uint8Array(256)
for (const sign of ';"\r\n') signs[sign.charCodeAt(0)] = QUOTED
signs[CELL_END] = ENDS

/** With what a formula begins. */
const formulaStart = new Uint8Array(256)
for (const sign of '=+-@\t\r') formulaStart[sign.charCodeAt(0)] = 1
/** What the rules may change in a code by its beginning. */
const codeStart = formulaStart.slice().fill(1, ZERO, ZERO + 10)

/** Days in Italy by the hour of UTC, as one number; italianDate keeps them by texts, which takes longer than all the rest. */
const daysOfHours = new Map<number, string>()
const MOST_HOURS = 50_000
const HOUR_DIGITS = [0, 1, 2, 3, 5, 6, 8, 9, 11, 12]

function lateDay(bytes: Buffer, from: number, to: number): string {
  let hour = 0
  for (const digit of HOUR_DIGITS) hour = hour * 10 + (bytes[from + digit] ?? 0) - ZERO
  const known = daysOfHours.get(hour)
  if (known !== undefined) return known
  const day = italianDate(bytes.toString('latin1', from, to))
  if (daysOfHours.size >= MOST_HOURS) daysOfHours.clear()
  daysOfHours.set(hour, day)
  return day
}

/** Writes the day in Italy of the day or instant that ends at `to` in its place; answers where it ends. */
function writeDay(bytes: Buffer, from: number, to: number): number {
  if (to === from) return to
  const byte = (at: number): number => bytes[from + at] ?? 0
  const isUtc = bytes[to - 1] === ZULU
  // Only the last two hours of a day in UTC may belong to another one.
  if (to - from === 10 || (isUtc && byte(11) * 10 + byte(12) < LATE)) {
    const [day, ofDay, month, ofMonth] = [byte(8), byte(9), byte(5), byte(6)]
    for (let at = 9; at >= 6; at -= 1) bytes[from + at] = byte(at - 6)
    bytes[from] = day
    bytes[from + 1] = ofDay
    bytes[from + 2] = SLASH
    bytes[from + 3] = month
    bytes[from + 4] = ofMonth
    bytes[from + 5] = SLASH
    return from + 10
  }
  const written = isUtc ? lateDay(bytes, from, to) : italianDate(bytes.toString('latin1', from, to))
  for (let at = 0; at < written.length; at += 1) bytes[from + at] = written.charCodeAt(at)
  return from + written.length
}

/** Lines one after the other. A new line may move them all into a larger buffer, and the one before is empty then. */
export interface LineStore {
  bytes: Buffer<ArrayBuffer>
  filled: number
}
export const emptyLines = (): LineStore => ({ bytes: Buffer.from(new ArrayBuffer(0)), filled: 0 })

/** What is known of the columns before any of their cells is read. */
export interface CellRules {
  kinds: readonly ExportKind[]
  /** By column and byte: 1 where the rules may change a cell that begins with it. */
  starts: Uint8Array
  days: Uint8Array
}
export function cellRules(columns: readonly ExportColumn[]): CellRules {
  const kinds = columns.map(({ kind }) => kind)
  const starts = new Uint8Array(256 * kinds.length)
  kinds.forEach((kind, column) => {
    if (!isFigure(kind)) starts.set(kind === 'code' ? codeStart : formulaStart, 256 * column)
  })
  return { kinds, starts, days: Uint8Array.from(kinds, (kind) => Number(kind === 'date')) }
}

/** Writes a text by the rules of csvCellText, in its place; answers where it ends. */
function rewriteText(bytes: Buffer, from: number, to: number): number {
  let isQuoted = false
  let quotes = 0
  for (let at = from; at < to; at += 1) {
    const byte = bytes[at] ?? 0
    if (signs[byte] === QUOTED) isQuoted = true
    if (byte === QUOTE) quotes += 1
  }
  const isFormula = formulaStart[bytes[from] ?? 0] === 1
  const end = to + quotes + Number(isFormula) + 2 * Number(isQuoted)
  // From the end, so that no byte is written over before it has its new place.
  let at = end
  if (isQuoted) bytes[--at] = QUOTE
  for (let read = to - 1; read >= from; read -= 1) {
    const byte = bytes[read] ?? 0
    bytes[--at] = byte
    if (byte === QUOTE) bytes[--at] = QUOTE
  }
  if (isFormula) bytes[--at] = APOSTROPHE
  if (isQuoted) bytes[at - 1] = QUOTE
  return end
}

function rewriteCode(bytes: Buffer, from: number, to: number): number {
  const code = bytes.toString('utf8', from, to)
  return from + bytes.write(csvCellText({ code }), from)
}

function makeRoom(lines: LineStore, more: number): void {
  if (lines.bytes.length - lines.filled >= more) return
  const length = lines.filled + Math.max(more, ROOM_BYTES)
  // What was too small is free at once, without waiting for the garbage collection.
  lines.bytes = Buffer.from(lines.bytes.buffer.transfer(length))
}

/** Makes lines of records, behind those that are there, and tells where each begins and ends. */
export function csvLinesOf(
  records: Uint8Array,
  { kinds, starts, days }: CellRules,
  lines: LineStore,
  each: (key: number, from: number, to: number) => void,
): void {
  const end = records.length
  makeRoom(lines, MOST_TIMES * end)
  const { bytes } = lines
  const count = kinds.length
  const signOf = signs
  let to = lines.filled
  for (let at = 0; at < end; at += 1) {
    let key = 0
    for (let byte = records[at] ?? CELL_END; byte !== CELL_END; byte = records[++at] ?? CELL_END)
      key = key * 10 + byte - ZERO
    at += 1
    const start = to
    for (let column = 0; column < count; column += 1) {
      const from = to
      let doubt = starts[column * 256 + (records[at] ?? 0)] ?? 0
      for (; at < end; at += 1) {
        const byte = records[at] ?? 0
        const sign = signOf[byte] ?? PLAIN
        if (sign !== PLAIN) {
          if (sign === ENDS) break
          doubt = 1
        }
        bytes[to++] = byte
      }
      if (days[column] === 1) to = writeDay(bytes, from, to)
      if (doubt === 1) to = kinds[column] === 'code' ? rewriteCode(bytes, from, to) : rewriteText(bytes, from, to)
      bytes[to++] = SEMICOLON
      at += 1
    }
    // In the place of the last separator.
    bytes[to - 1] = CARRIAGE_RETURN
    bytes[to++] = LINE_FEED
    each(key, start, to)
  }
  lines.filled = to
}
