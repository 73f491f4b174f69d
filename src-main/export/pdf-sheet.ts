import { PDFDocument, rgb, StandardFonts, type PDFFont, type PDFPage } from 'pdf-lib'

const A4: [number, number] = [595.28, 841.89]
export const MARGIN = 64
const LINE = 17

function wrapped(text: string, font: PDFFont, size: number, width: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`
    if (font.widthOfTextAtSize(longer, size) <= width) line = longer
    else {
      lines.push(line)
      line = word
    }
  }
  return [...lines, line]
}

/** What the standard fonts can write (WinAnsi has all of Italian); a sign that it lacks must not stop the printing. */
function writable(text: string, font: PDFFont): string {
  const known = new Set(font.getCharacterSet())
  return Array.from(text.normalize('NFC'), (sign) => (known.has(sign.codePointAt(0) ?? 0) ? sign : '?')).join('')
}

/** One page of A4, written from its top down; lengths in points. */
export interface PdfSheet {
  readonly page: PDFPage
  readonly plain: PDFFont
  readonly bold: PDFFont
  readonly mono: PDFFont
  /** Between the margins. */
  readonly width: number
  /** Where the next line stands, from the bottom of the page. */
  y: number
  /** Wraps at the margin; `gap` is the height of a line. */
  write(text: string, font: PDFFont, size: number, gap?: number): void
  space(height: number): void
  save(): Promise<Uint8Array>
}

export async function pdfSheet(title: string): Promise<PdfSheet> {
  const document = await PDFDocument.create()
  document.setTitle(title)
  document.setLanguage('it-IT')
  const sheet: PdfSheet = {
    plain: await document.embedFont(StandardFonts.Helvetica),
    bold: await document.embedFont(StandardFonts.HelveticaBold),
    mono: await document.embedFont(StandardFonts.CourierBold),
    page: document.addPage(A4),
    width: A4[0] - 2 * MARGIN,
    y: A4[1] - MARGIN - 20,
    write: (text, font, size, gap = LINE) => {
      for (const line of wrapped(writable(text, font), font, size, sheet.width)) {
        sheet.page.drawText(line, { x: MARGIN, y: sheet.y, size, font, color: rgb(0, 0, 0) })
        sheet.y -= gap
      }
    },
    space: (height) => {
      sheet.y -= height
    },
    save: () => document.save(),
  }
  return sheet
}
