import { PDFDocument, rgb, StandardFonts, type PDFFont, type PDFPage } from 'pdf-lib'
import { recoveryLines } from '../contract/rules/recovery-key.ts'

const A4: [number, number] = [595.28, 841.89]
const MARGIN = 64
const LINE = 17

interface Paper {
  page: PDFPage
  y: number
}

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

export interface RecoverySheet {
  keyHex: string
  gestore: string
  ente: string
  /** `gg/mm/aaaa`. */
  date: string
  archiveId: string
}

/** The sheet with the archive's key, to be printed and locked away: one page, read without the program. */
export async function recoveryKeyPdf(sheet: RecoverySheet): Promise<Uint8Array> {
  const document = await PDFDocument.create()
  document.setTitle('Chiave di recupero di Sportello LRA')
  document.setLanguage('it-IT')
  const plain = await document.embedFont(StandardFonts.Helvetica)
  const bold = await document.embedFont(StandardFonts.HelveticaBold)
  const mono = await document.embedFont(StandardFonts.CourierBold)
  const paper: Paper = { page: document.addPage(A4), y: A4[1] - MARGIN - 20 }
  const width = A4[0] - 2 * MARGIN

  const write = (text: string, font: PDFFont, size: number, gap = LINE): void => {
    for (const line of wrapped(writable(text, font), font, size, width)) {
      paper.page.drawText(line, { x: MARGIN, y: paper.y, size, font, color: rgb(0, 0, 0) })
      paper.y -= gap
    }
  }
  const space = (height: number): void => {
    paper.y -= height
  }

  write('Chiave di recupero', bold, 22, 30)
  write('Sportello LRA, archivio locale delle caselle PEC', plain, 12)
  space(14)
  write(`Gestore: ${sheet.gestore}`, plain, 11)
  write(`Ente: ${sheet.ente}`, plain, 11)
  write(`Archivio: ${sheet.archiveId}`, plain, 11)
  write(`Data di stampa: ${sheet.date}`, plain, 11)
  space(20)

  const top = paper.y + 24
  recoveryLines(sheet.keyHex).forEach((line, index) => {
    paper.page.drawText(String(index + 1), { x: MARGIN + 14, y: paper.y, size: 12, font: plain })
    paper.page.drawText(line, { x: MARGIN + 44, y: paper.y, size: 20, font: mono })
    paper.y -= 34
  })
  paper.page.drawRectangle({
    x: MARGIN,
    y: paper.y + 16,
    width,
    height: top - paper.y - 16,
    borderColor: rgb(0, 0, 0),
    borderWidth: 1,
  })
  space(16)

  write('A che cosa serve', bold, 13, 20)
  write(
    "L'archivio su questo computer è cifrato. Se il portachiavi di sistema o la frase segreta vanno persi, questa chiave è l'unico modo per riaprirlo e recuperare le modifiche non ancora inviate al gestore.",
    plain,
    11,
  )
  space(10)
  write('Come si usa', bold, 13, 20)
  write(
    'Nella schermata «Archivio bloccato» scegliere «Inserisci la chiave di recupero» e copiare le quattro righe. Maiuscole, spazi e trattini non contano; le lettere I, L, O e U non compaiono mai. Ogni riga è controllata da sola.',
    plain,
    11,
  )
  space(10)
  write('Dove conservarla', bold, 13, 20)
  write(
    "In cassaforte o in un armadio chiuso, lontano da questo computer. Chi ha questo foglio e i file dell'archivio può leggere i dati personali che contiene. Non fotografarla, non inviarla per posta elettronica; dopo la stampa cancellare il file PDF.",
    plain,
    11,
  )
  return document.save()
}
