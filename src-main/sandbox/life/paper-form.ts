import type { Casella } from '../../provider-contract/casella.ts'
import type { Titolare } from '../../provider-contract/titolare.ts'

export type FormKind = 'attivazione' | 'nuove_credenziali' | 'condizioni'

const LINE = '_'.repeat(34)
const WIDTH = 88

/** The lines of a form, prefilled with what is known (D61, D80). */
export function formLines(kind: FormKind, casella: Casella, { nome, cognome, codiceFiscale }: Titolare): string[] {
  const holder = [
    `Cognome e nome: ${cognome} ${nome}`,
    `Codice fiscale: ${codiceFiscale}`,
    `Nato/a a ${LINE} prov. ____ il ${'_'.repeat(12)}`,
    `Casella: ${casella.indirizzo}`,
  ]
  const signature = [
    '',
    'Allegato: copia del documento di identità, fronte e retro',
    '',
    `Data ${'_'.repeat(14)}   Firma ${LINE}`,
  ]
  switch (kind) {
    case 'attivazione':
      return [
        'RICHIESTA DI ATTIVAZIONE',
        '',
        ...holder,
        '',
        'Il titolare chiede l’attivazione della casella.',
        ...signature,
      ]
    case 'nuove_credenziali':
      return [
        'RICHIESTA DI NUOVE CREDENZIALI',
        '',
        ...holder,
        '',
        'Il titolare dichiara di non avere più la password.',
        ...signature,
      ]
    case 'condizioni':
      return ['CONDIZIONI DEL CONTRATTO', '', ...contractLines(casella, { nome, cognome, codiceFiscale })]
  }
}

/** The contract of a casella, as its holder reads it before signing. */
export function contractLines(
  { indirizzo, tipologia, quotaMb }: Casella,
  { nome, cognome, codiceFiscale }: Pick<Titolare, 'nome' | 'cognome' | 'codiceFiscale'>,
): string[] {
  return [
    `1. Titolare: ${cognome} ${nome}, codice fiscale ${codiceFiscale}.`,
    `2. Oggetto: la casella di posta elettronica certificata ${indirizzo}, piano ${tipologia}, ${quotaMb} MB.`,
    '3. Durata: dall’attivazione fino alla fine dello stesso mese dell’anno successivo, ore 23:59:59.',
    '4. La password è nota al solo titolare, che la imposta da sé; lo sportello e il Gestore non la conoscono.',
    '5. Le registrazioni dei messaggi sono conservate per 30 mesi; il titolare può chiederne un estratto.',
    '6. Alla cessazione la casella è eliminata con i suoi messaggi, e il suo nome non è dato ad altri.',
    '7. Il servizio è di prova: nulla di quanto qui è firmato ha valore legale.',
  ]
}

/** A form as a PDF of one page. */
export function casellaForm(kind: FormKind, casella: Casella, titolare: Titolare): Buffer {
  return textPdf(formLines(kind, casella, titolare).flatMap(wrapped))
}

function wrapped(line: string): string[] {
  const lines: string[] = []
  let rest = line
  while (rest.length > WIDTH) {
    const at = rest.lastIndexOf(' ', WIDTH)
    const end = at > 0 ? at : WIDTH
    lines.push(rest.slice(0, end))
    rest = `   ${rest.slice(end).trimStart()}`
  }
  return [...lines, rest]
}

/** Characters beyond Latin 1 have no place in the standard fonts. */
function pdfText(line: string): string {
  const latin = line.replaceAll('’', "'").replaceAll(/[^\x20-\x7e\xa0-\xff]/g, '?')
  return latin.replaceAll(/[\\()]/g, (character) => `\\${character}`)
}

function textPdf(lines: readonly string[]): Buffer {
  const shown = lines.map((line) => `(${pdfText(line)}) Tj T*`).join('\n')
  const text = `BT /F1 11 Tf 16 TL 60 770 Td\n${shown}\nET`
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>',
    `<< /Length ${text.length} >>\nstream\n${text}\nendstream`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>',
  ]
  let body = '%PDF-1.4\n'
  const offsets = objects.map((object, index) => {
    const offset = body.length
    body += `${index + 1} 0 obj\n${object}\nendobj\n`
    return `${String(offset).padStart(10, '0')} 00000 n \n`
  })
  const xref = body.length
  body += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${offsets.join('')}`
  body += `trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${xref}\n%%EOF\n`
  return Buffer.from(body, 'latin1')
}
