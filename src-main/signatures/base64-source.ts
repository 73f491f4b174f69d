import { WINDOW as PIECE, windowedSource, type Source } from './source.ts'
import { damaged } from './structure-error.ts'

/** Of decoded bytes: four signs are three of them. */
const WINDOW = 192 * 1024
const SIGNS = (WINDOW / 3) * 4

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

/** `count` lines, one after the other from `begin`, of `length` signs each; the next begins `period` bytes later. */
interface AlikeLines {
  begin: number
  count: number
  length: number
  period: number
}

const asBuffer = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)

/**
 * The longest run of lines that are all as long as the first whole one, with nothing but signs in them; null where the
 * lines are not alike. The decoder itself tells it, many times as fast as a look at each sign: it leaves out whatever is
 * no sign, and so answers fewer bytes; only the two signs of the other alphabet it takes as well. `decoded` is room for
 * what it makes.
 */
function alikeLines(piece: Uint8Array, decoded: Buffer): AlikeLines | null {
  const bytes = asBuffer(piece)
  const first = bytes.indexOf(NEWLINE)
  const begin = first + 1
  const second = first < 0 ? -1 : bytes.indexOf(NEWLINE, begin)
  // Without an end of line it is all one line.
  if (first >= 0 && second < 0) return null
  const ending = second < 0 ? 0 : bytes[second - 1] === RETURN ? 2 : 1
  const period = second < 0 ? 4 : second + 1 - begin
  const length = period - ending
  if (length <= 0) return null
  // Whole groups of four signs: one sign too many would not be seen in the number of bytes.
  const count = Math.floor((bytes.length - begin) / period / 4) * 4
  if (count === 0 || (count * length * 3) / 4 > decoded.length) return null
  for (let end = begin + period - 1; ending > 0 && end < begin + count * period; end += period)
    if (bytes[end] !== NEWLINE || (ending === 2 && bytes[end - 1] !== RETURN)) return null
  const run = bytes.subarray(begin, begin + count * period)
  if (run.includes('-') || run.includes('_')) return null
  return decoded.write(run.toString('latin1'), 'base64') === (count * length * 3) / 4
    ? { begin, count, length, period }
    : null
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

/**
 * What base64 or PEM holds, decoded window by window wherever it is read: nothing of it is written anywhere, and of a large
 * one only a window is held. The text is read once at the beginning. Throws StructureError for what is no base64.
 */
export function base64Source(source: Source, pem: boolean): Source {
  const { from, to } = textOf(source, pem)
  const { signs, starts } = indexOf(source, from, to)
  return windowedSource(Math.floor((signs * 3) / 4), WINDOW, (start, length) => {
    const place = start / WINDOW
    const begin = starts[place] ?? to
    const text = asBuffer(source.read(begin, (starts[place + 1] ?? to) - begin)).toString('latin1')
    return Buffer.from(text, 'base64').subarray(0, length)
  })
}
