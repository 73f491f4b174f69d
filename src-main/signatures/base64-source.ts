import { WINDOW as PIECE, windowedSource, type Source } from './source.ts'
import { damaged } from './structure-error.ts'

/** Of decoded bytes: four signs are three of them. */
const WINDOW = 192 * 1024
const SIGNS = (WINDOW / 3) * 4
/**
 * Text of which one string is made: a short string stands among the young objects and costs next to nothing, a long one
 * gets pages of its own, which take ten times as long as decoding it.
 */
const STRING = 32 * 1024

/** What a byte of the text is: a sign of base64, white space, `=`, or nothing that belongs there. */
const kinds = { foreign: 0, sign: 1, space: 2, padding: 3 } as const
const kindOf = new Uint8Array(256)
for (const character of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/')
  kindOf[character.charCodeAt(0)] = kinds.sign
for (const character of '\r\n\t ') kindOf[character.charCodeAt(0)] = kinds.space
kindOf['='.charCodeAt(0)] = kinds.padding

/** Where the text stands: between the lines of PEM, or all of it. */
function textOf(source: Source, pem: boolean): { from: number; to: number } {
  if (!pem) return { from: Buffer.from(source.read(0, 3)).toString('hex') === 'efbbbf' ? 3 : 0, to: source.size }
  const head = Buffer.from(source.read(0, 1024)).toString('latin1')
  const begin = /-----BEGIN [^\r\n-]+-----\r?\n?/.exec(head)
  const tailStart = Math.max(0, source.size - 4096)
  const tail = Buffer.from(source.read(tailStart, 4096)).toString('latin1')
  const end = tail.lastIndexOf('-----END ')
  if (begin === null || end < 0) throw damaged('the lines of PEM are not both there')
  return { from: begin.index + begin[0].length, to: tailStart + end }
}

const NEWLINE = 10
const RETURN = 13

const asBuffer = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)

/** Lines of `length` signs each; the next begins `period` bytes later. */
interface AlikeLines {
  length: number
  period: number
}
/** Text without an end of line is one line, of which any four signs are as good as a line. */
const oneLine: AlikeLines = { length: 4, period: 4 }

/** The line between two ends of line; null where it is empty. */
function lineBetween(bytes: Buffer, first: number, second: number): AlikeLines | null {
  const period = second - first
  const length = period - (bytes[second - 1] === RETURN ? 2 : 1)
  return length > 0 ? { length, period } : null
}

/** How many lines end before `limit`, one at `first` and one each period later; -1 where another byte stands there. */
function countEnds(bytes: Buffer, { length, period }: AlikeLines, first: number, limit: number): number {
  const returns = period - length === 2
  let count = 0
  for (let end = first; end < limit; end += period) {
    if (bytes[end] !== NEWLINE || (returns && bytes[end - 1] !== RETURN)) return -1
    count++
  }
  return count
}

/** Lines as strings of four periods or more, wherever the first line begins: no group of four signs is torn. */
function* stringsOf(text: Buffer, { period }: AlikeLines): Generator<string, void> {
  const step = Math.max(1, Math.floor(STRING / (4 * period))) * 4 * period
  for (let at = 0; at < text.length; at += step) yield text.toString('latin1', at, at + step)
}

/** `count` alike lines, one after the other from `begin`. */
interface LineRun extends AlikeLines {
  begin: number
  count: number
}

/**
 * The longest run of lines that are all as long as the first whole one, with nothing but signs in them; null where the
 * lines are not alike. The decoder itself tells it, many times as fast as a look at each sign: it leaves out whatever is
 * no sign, and so answers fewer bytes; only the two signs of the other alphabet it takes as well. `decoded` is room for
 * what it makes.
 */
function alikeLines(piece: Uint8Array, decoded: Buffer): LineRun | null {
  const bytes = asBuffer(piece)
  const first = bytes.indexOf(NEWLINE)
  const begin = first + 1
  const second = first < 0 ? -1 : bytes.indexOf(NEWLINE, begin)
  if (first >= 0 && second < 0) return null
  const lines = first < 0 ? oneLine : lineBetween(bytes, first, second)
  if (lines === null) return null
  const { length, period } = lines
  // Whole groups of four signs: one sign too many would not be seen in the number of bytes.
  const count = Math.floor((bytes.length - begin) / period / 4) * 4
  const end = begin + count * period
  if (count === 0 || end - begin > decoded.length) return null
  if (first >= 0 && countEnds(bytes, lines, second, end) < 0) return null
  const run = bytes.subarray(begin, end)
  if (run.includes('-') || run.includes('_')) return null
  for (const string of stringsOf(run, lines))
    if (decoded.write(string, 'base64') !== ((string.length / period) * length * 3) / 4) return null
  return { begin, count, length, period }
}

/** The lines of a text of so many signs, where all of it but these is the ends of alike lines; null where it is not. */
function linesOf(text: Buffer, signs: number): AlikeLines | null {
  if (text.length === signs) return oneLine
  const first = text.indexOf(NEWLINE)
  const second = first < 0 ? -1 : text.indexOf(NEWLINE, first + 1)
  const lines = second < 0 ? null : lineBetween(text, first, second)
  if (lines === null || first >= lines.period) return null
  const ends = countEnds(text, lines, first, text.length)
  return text.length - ends * (lines.period - lines.length) === signs ? lines : null
}

/** One reading of the text: how many signs it has, and where each window of them begins. Throws StructureError. */
function indexOf(source: Source, from: number, to: number): { signs: number; starts: number[] } {
  const starts: number[] = []
  let signs = 0
  let padding = 0
  let at = from
  const decoded = Buffer.allocUnsafe(PIECE)
  /** The sign at which something is to be done; all others are only counted, for a large text has hundreds of millions. */
  let next = 0
  function mark(place: number): void {
    if (padding > 0) throw damaged('text after its end')
    starts.push(place)
    next += SIGNS
  }
  function other(kind: number): void {
    if (kind === kinds.foreign) throw damaged('characters that base64 does not have')
    if (kind !== kinds.padding) return
    if (++padding > 2) throw damaged('more padding than base64 has')
    next = signs
  }
  function walk(piece: Uint8Array, begin: number, end: number): void {
    for (let index = begin; index < end; index++) {
      const kind = kindOf[piece[index] as number] as number
      if (kind === kinds.sign) {
        if (signs === next) mark(at + index)
        signs++
      } else other(kind)
    }
  }
  if (from < to)
    source.scan(from, to, (piece) => {
      const lines = padding > 0 ? null : alikeLines(piece, decoded)
      if (lines === null) walk(piece, 0, piece.length)
      else {
        const { begin, count, length, period } = lines
        walk(piece, 0, begin)
        const end = signs + count * length
        while (next < end) {
          const sign = next - signs
          mark(at + begin + Math.floor(sign / length) * period + (sign % length))
        }
        signs = end
        walk(piece, begin + count * period, piece.length)
      }
      at += piece.length
    })
  return { signs, starts }
}

/** Takes the signs of a piece of text, which has nothing but white space and padding besides; answers where they end. */
function takeSigns(piece: Uint8Array, target: Buffer, at: number): number {
  let end = at
  for (const byte of piece) if (kindOf[byte] === kinds.sign) target[end++] = byte
  return end
}

/**
 * What base64 or PEM holds, decoded window by window wherever it is read: nothing of it is written anywhere, and of a large
 * one only a window is held. The text is read once at the beginning. Throws StructureError for what is no base64.
 */
export function base64Source(source: Source, pem: boolean): Source {
  const { from, to } = textOf(source, pem)
  const { signs, starts } = indexOf(source, from, to)
  const text = Buffer.allocUnsafe(SIGNS * 2)
  const window = Buffer.allocUnsafe(WINDOW)

  /** The text of a window, white space that stands in the way left out. */
  function windowText(begin: number, end: number, own: number): { held: Buffer; lines: AlikeLines } {
    if (end - begin <= text.length) {
      let filled = 0
      source.scan(begin, end, (piece) => {
        text.set(piece, filled)
        filled += piece.length
      })
      const held = text.subarray(0, filled)
      const lines = linesOf(held, own)
      if (lines !== null) return { held, lines }
    }
    let filled = 0
    source.scan(begin, end, (piece) => {
      filled = takeSigns(piece, text, filled)
    })
    return { held: text.subarray(0, filled), lines: oneLine }
  }

  return windowedSource(Math.floor((signs * 3) / 4), WINDOW, (start, length) => {
    const place = start / WINDOW
    const begin = starts[place] ?? to
    const own = Math.min(SIGNS, signs - place * SIGNS)
    const { held, lines } = windowText(begin, starts[place + 1] ?? to, own)
    let done = 0
    for (const string of stringsOf(held, lines)) done += window.write(string, done, 'base64')
    return window.subarray(0, Math.min(done, length))
  })
}
