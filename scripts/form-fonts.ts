// Writes resources/form-fonts.json: the fonts that printed forms embed, from the packages that the screens use as well.
// Their WOFF files are unpacked: what reads them would inflate a table for each sign.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { inflateSync } from 'node:zlib'
import { format, resolveConfig } from 'prettier'

const root = join(import.meta.dirname, '..')

/** Each face in the order in which its files are looked through for a sign. */
const faces = {
  plain: ['titillium-web', '400'],
  bold: ['titillium-web', '600'],
  mono: ['roboto-mono', '500'],
} as const

/** A WOFF 1.0 file (W3C Recommendation) as the OpenType file that it holds. */
function unpacked(woff: Buffer): Buffer {
  const count = woff.readUInt16BE(12)
  const header = Buffer.alloc(12 + count * 16)
  woff.copy(header, 0, 4, 8)
  const power = Math.floor(Math.log2(count))
  header.writeUInt16BE(count, 4)
  header.writeUInt16BE(16 * 2 ** power, 6)
  header.writeUInt16BE(power, 8)
  header.writeUInt16BE(16 * (count - 2 ** power), 10)
  const tables: Buffer[] = []
  let offset = header.length
  for (let index = 0; index < count; index += 1) {
    const entry = 44 + index * 20
    const [from, packed, length] = [4, 8, 12].map((at) => woff.readUInt32BE(entry + at)) as [number, number, number]
    const bytes = woff.subarray(from, from + packed)
    const table = Buffer.alloc(Math.ceil(length / 4) * 4)
    const plain = packed < length ? inflateSync(bytes) : bytes
    plain.copy(table)
    const place = 12 + index * 16
    woff.copy(header, place, entry, entry + 4)
    woff.copy(header, place + 4, entry + 16, entry + 20)
    header.writeUInt32BE(offset, place + 8)
    header.writeUInt32BE(length, place + 12)
    tables.push(table)
    offset += table.length
  }
  return Buffer.concat([header, ...tables])
}

export async function formFontsJson(): Promise<string> {
  const file = (family: string, part: string, weight: string): string =>
    unpacked(
      readFileSync(join(root, 'node_modules/@fontsource', family, 'files', `${family}-${part}-${weight}-normal.woff`)),
    ).toString('base64')
  const fonts = Object.fromEntries(
    Object.entries(faces).map(([face, [family, weight]]) => [
      face,
      [file(family, 'latin', weight), file(family, 'latin-ext', weight)],
    ]),
  )
  const path = join(root, 'resources/form-fonts.json')
  return format(JSON.stringify(fonts), { ...(await resolveConfig(path)), filepath: path })
}

if (process.argv[1] === import.meta.filename)
  writeFileSync(join(root, 'resources/form-fonts.json'), await formFontsJson())
