import { setImmediate as nextTurn } from 'node:timers/promises'
import { constants, deflateRawSync, inflateRawSync } from 'node:zlib'
import type { CsvLines } from '../export/export-commands.ts'

/**
 * Lines in the order of a list, read in the order in which the rows lie. A page of the archive is deciphered once that
 * way, and once for each of its rows in any other; for so long the lines wait in memory, compressed.
 */

/** Neighbours in the order that are held together, and the bytes of them that are compressed together. */
const TOGETHER = 4096
const PIECE_BYTES = 16_384
/** Milliseconds after which the rest of the program has its turn. */
const TURN_MS = 8
/** Fewer rows, or a small part of all, are read one by one. */
const FEW = 5000
const PART_OF_ALL = 4

/** Whether reading all rows as they lie is quicker than fetching these. Pure. */
export function isQuickerAsTheyLie(keys: readonly number[]): boolean {
  if (keys.length < FEW) return false
  let most = 0
  for (const pk of keys) most = Math.max(most, pk)
  return keys.length * PART_OF_ALL >= most
}

/** Bytes of neighbours as they come: where each line belongs, how long it is, and the lines one after the other. */
interface Group {
  count: number
  places: Uint16Array
  lengths: Uint32Array
  pending: Buffer
  filled: number
  pieces: Uint8Array[]
}

const newGroup = (): Group => ({
  count: 0,
  places: new Uint16Array(TOGETHER),
  lengths: new Uint32Array(TOGETHER),
  pending: Buffer.allocUnsafe(PIECE_BYTES),
  filled: 0,
  pieces: [],
})

/** The lines of a group in the order of the list, in one piece. */
function inOrder({ count, places, lengths, pieces }: Group): Buffer {
  const came = Buffer.concat(pieces.map((piece) => inflateRawSync(piece)))
  const starts = new Uint32Array(TOGETHER)
  for (let at = 0; at < count; at += 1) starts[places[at] ?? 0] = lengths[at] ?? 0
  let start = 0
  for (let place = 0; place < TOGETHER; place += 1) {
    const length = starts[place] ?? 0
    starts[place] = start
    start += length
  }
  const ordered = Buffer.allocUnsafe(came.length)
  let from = 0
  for (let at = 0; at < count; at += 1) {
    const to = from + (lengths[at] ?? 0)
    came.copy(ordered, starts[places[at] ?? 0] ?? 0, from, to)
    from = to
  }
  return ordered
}

/** `read` answers the next rows after a key, in the order of the keys; none at the end. Their bytes last until the next. */
export async function* orderedLines(
  keys: readonly number[],
  read: (after: number) => readonly { pk: number; line: Uint8Array }[],
): AsyncGenerator<CsvLines> {
  const groups = Array.from({ length: Math.ceil(keys.length / TOGETHER) }, newGroup)
  let last = 0
  for (const pk of keys) last = Math.max(last, pk)
  // From 1: zero is a row that is not asked for.
  const rank = new Uint32Array(last + 1)
  for (let at = 0; at < keys.length; at += 1) rank[keys[at] ?? 0] = at + 1

  function put(group: Group, bytes: Uint8Array): void {
    // A copy: zlib answers a part of a buffer of its own, many times as large.
    group.pieces.push(new Uint8Array(deflateRawSync(bytes, { level: constants.Z_BEST_SPEED })))
  }
  function flush(group: Group): void {
    if (group.filled > 0) put(group, group.pending.subarray(0, group.filled))
    group.filled = 0
  }
  let since = performance.now()
  let ahead = 0
  for (let after = 0; after < last;) {
    const rows = read(after)
    const end = rows.at(-1)?.pk
    if (end === undefined) break
    after = end
    for (const { pk, line } of rows) {
      const place = (pk <= last ? (rank[pk] ?? 0) : 0) - 1
      const group = groups[Math.floor(place / TOGETHER)]
      if (place < 0 || group === undefined) continue
      group.places[group.count] = place % TOGETHER
      group.lengths[group.count] = line.length
      group.count += 1
      ahead += 1
      if (group.filled + line.length > PIECE_BYTES) flush(group)
      if (line.length > PIECE_BYTES) put(group, Buffer.from(line))
      else {
        group.pending.set(line, group.filled)
        group.filled += line.length
      }
    }
    if (performance.now() - since < TURN_MS) continue
    yield { text: '', rows: 0, ahead }
    ahead = 0
    await nextTurn()
    since = performance.now()
  }
  for (const group of groups) {
    flush(group)
    group.pending = NOTHING
  }
  for (const group of groups) {
    yield { text: inOrder(group), rows: group.count, ahead: 0 }
    // Written: its memory is for the next.
    group.pieces = []
    await nextTurn()
  }
}
const NOTHING = Buffer.alloc(0)
