import { rgb } from 'pdf-lib'
import { recoveryLines } from '../contract/rules/recovery-key.ts'
import { MARGIN, pdfSheet } from './pdf-sheet.ts'

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
  const paper = await pdfSheet('Chiave di recupero di Sportello LRA')
  const { plain, bold, mono, width, write, space } = paper

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
  return paper.save()
}
