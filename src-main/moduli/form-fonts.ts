import { createHash } from 'node:crypto'
import fontkit from '@pdf-lib/fontkit'
import type { PDFDocument, PDFFont, PDFRef } from 'pdf-lib'
import fontFiles from '../../resources/form-fonts.json' with { type: 'json' }

/** Titillium Web in two weights, Roboto Mono for codes: licence OFL 1.1, which allows them to be embedded and subset. */
export type Face = keyof typeof fontFiles

/** Signs of one font after another, as a content stream writes them. */
export interface FontRun {
  /** As the page's resources call the font. */
  font: string
  hex: string
}

export interface FormFonts {
  /** Points. */
  width(text: string, face: Face, size: number): number
  /** A sign that no font has is left as a gap to be written in, never guessed. */
  runs(text: string, face: Face): FontRun[]
  /** The fonts that were used, by name. */
  used(): ReadonlyMap<string, PDFRef>
}

interface Shape extends FontRun {
  /** At a size of one point. */
  width: number
}

const GAP = '_'
/** The files as fontkit reads them, once for the whole program; so is the shaping of each sign. */
const parsed = new Map<string, ReturnType<typeof fontkit.create>>()
const reader: typeof fontkit = {
  create: (bytes) => {
    const key = createHash('sha256').update(bytes).digest('hex')
    const known = parsed.get(key)
    if (known !== undefined) return known
    const font = fontkit.create(bytes)
    const shape = font.layout.bind(font)
    const shapes = new Map<string, ReturnType<typeof shape>>()
    font.layout = (text, features) => {
      const made = shapes.get(text) ?? shape(text, features)
      // Only single signs come again; the texts of one form would pile up.
      if (text.length <= 2) shapes.set(text, made)
      return made
    }
    parsed.set(key, font)
    return font
  },
}

/** What a form may show: one line, composed, without control signs and signs that turn the direction. */
export function printable(text: string): string {
  return text
    .normalize('NFC')
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/[\p{Cc}\p{Cf}\p{Co}\p{Cs}\u{FE00}-\u{FE0F}]/gu, '')
    .trim()
}

/** The fonts of one document; of each only the signs that were used are written into it. */
export async function formFonts(document: PDFDocument): Promise<FormFonts> {
  document.registerFontkit(reader)
  const embed = async (files: readonly string[]): Promise<{ font: PDFFont; signs: ReadonlySet<number> }[]> => {
    const fonts: { font: PDFFont; signs: ReadonlySet<number> }[] = []
    for (const file of files) {
      const font = await document.embedFont(Buffer.from(file, 'base64'), { subset: true, features: { liga: false } })
      fonts.push({ font, signs: new Set(font.getCharacterSet()) })
    }
    return fonts
  }
  const fonts = {
    plain: await embed(fontFiles.plain),
    bold: await embed(fontFiles.bold),
    mono: await embed(fontFiles.mono),
  }
  const used = new Map<string, PDFRef>()
  // Each sign is shaped once for the whole document: forms need neither ligatures nor kerning.
  const shaped = { plain: new Map<string, Shape>(), bold: new Map<string, Shape>(), mono: new Map<string, Shape>() }

  function shape(sign: string, face: Face): Shape {
    const known = shaped[face].get(sign)
    if (known !== undefined) return known
    const code = sign.codePointAt(0) ?? 0
    const at = fonts[face].findIndex(({ signs }) => signs.has(code))
    const font = fonts[face][Math.max(at, 0)]?.font
    const shown = at < 0 ? GAP : sign
    const name = `${face}${Math.max(at, 0)}`
    const made: Shape =
      font === undefined
        ? { font: name, hex: '', width: 0 }
        : { font: name, hex: font.encodeText(shown).asString(), width: font.widthOfTextAtSize(shown, 1) }
    if (font !== undefined) used.set(name, font.ref)
    shaped[face].set(sign, made)
    return made
  }

  return {
    width: (text, face, size) => {
      let width = 0
      for (const sign of text) width += shape(sign, face).width
      return width * size
    },
    runs: (text, face) => {
      const runs: FontRun[] = []
      for (const sign of text) {
        const { font, hex } = shape(sign, face)
        const last = runs.at(-1)
        if (last?.font === font) last.hex += hex
        else runs.push({ font, hex })
      }
      return runs
    },
    used: () => used,
  }
}
