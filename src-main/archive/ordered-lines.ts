import { setImmediate as nextTurn } from 'node:timers/promises'
import type { ExportColumn } from '../contract/esportazione.ts'
import { cellRules, csvLinesOf, emptyLines } from '../export/csv-records.ts'
import type { CsvLines } from '../export/export-commands.ts'

/**
 * Lines in the order of a list. Its rows lie anywhere in the archive: some thousand neighbours are read in the order in which
 * they lie, which takes half of the time, and wait in memory until all of them are there.
 */

/** Neighbours in the order of the list that wait for each other, and how many rows are read at once. */
const TOGETHER = 24_576
const READING = 500
const PIECE_BYTES = 65_536
/** Milliseconds after which the rest of the program has its turn. */
const TURN_MS = 8

const NOTHING: CsvLines = { bytes: Buffer.alloc(0), rows: 0 }

/** Each place and its key, one after the other, in the order of the keys. */
function byKey(keys: Int32Array): Uint32Array {
  const pairs = new Uint32Array(2 * keys.length)
  for (let place = 0; place < keys.length; place += 1) {
    pairs[2 * place] = place
    pairs[2 * place + 1] = keys[place] ?? 0
  }
  // As one number of 64 bits a pair begins, on every processor that Node runs on, with its second half.
  new BigUint64Array(pairs.buffer).sort()
  return pairs
}

/** The lines of the places from one on, as many as make up a piece; `place` is the next one. */
function nextPart(
  lines: Buffer,
  fromOf: Uint32Array,
  toOf: Uint32Array,
  first: number,
  end: number,
): CsvLines & { place: number } {
  let length = 0
  let place = first
  for (; place < end && length < PIECE_BYTES; place += 1) length += (toOf[place] ?? 0) - (fromOf[place] ?? 0)
  const bytes = Buffer.allocUnsafe(length)
  let filled = 0
  let rows = 0
  for (let each = first; each < place; each += 1) {
    const to = toOf[each] ?? 0
    if (to === 0) continue
    filled += lines.copy(bytes, filled, fromOf[each] ?? 0, to)
    rows += 1
  }
  return { bytes, rows, place }
}

/** `records` answers the rows of these keys, in their order; of one that is no longer there, none. Its bytes are used up. */
export async function* orderedLines(
  keys: Int32Array,
  columns: readonly ExportColumn[],
  records: (keys: readonly number[]) => Uint8Array<ArrayBuffer>,
): AsyncGenerator<CsvLines> {
  const rules = cellRules(columns)
  let since = performance.now()
  const isLong = (): boolean => performance.now() - since >= TURN_MS
  const fromOf = new Uint32Array(TOGETHER)
  const toOf = new Uint32Array(TOGETHER)
  const lines = emptyLines()
  for (let first = 0; first < keys.length; first += TOGETHER) {
    const group = keys.subarray(first, first + TOGETHER)
    const pairs = byKey(group)
    lines.filled = 0
    fromOf.fill(0)
    toOf.fill(0)
    for (let at = 0; at < group.length; at += READING) {
      const asked: number[] = []
      for (let next = at; next < Math.min(at + READING, group.length); next += 1) asked.push(pairs[2 * next + 1] ?? 0)
      let next = 0
      const read = records(asked)
      csvLinesOf(read, rules, lines, (key, from, to) => {
        while (asked[next] !== key) if (++next >= asked.length) throw new Error('a row that was not asked for')
        const place = pairs[2 * (at + next)] ?? 0
        fromOf[place] = from
        toOf[place] = to
      })
      // Free at once: many of them would wait long for the garbage collection.
      read.buffer.transfer(0)
      if (!isLong()) continue
      yield NOTHING
      await nextTurn()
      since = performance.now()
    }
    for (let place = 0; place < group.length;) {
      const part = nextPart(lines.bytes, fromOf, toOf, place, group.length)
      place = part.place
      yield part
      if (!isLong()) continue
      await nextTurn()
      since = performance.now()
    }
  }
}
