import { MARGIN, pdfSheet } from './pdf-sheet.ts'

/** What is known of the holder and the casella; an empty value is left to be filled in by hand. */
export interface CredentialsForm {
  gestore: string
  ente: string
  nome: string
  cognome: string
  codiceFiscale: string
  /** As the codice fiscale tells them; empty where it does not. */
  nascita: { comune: string; provincia: string; data: string }
  indirizzo: string
}

const SIZE = 11
const ROW = 30

/** D80: the request for new credentials on paper, one page, with what is known already written. */
export async function credentialsFormPdf(form: CredentialsForm): Promise<Uint8Array> {
  const paper = await pdfSheet('Richiesta di nuove credenziali')
  const { page, plain, bold, mono, width, write, space } = paper

  /** Names with their values, side by side; a rule to write on where a value is not known. */
  const row = (cells: readonly { name: string; value?: string; share: number; isCode?: boolean }[]): void => {
    let x = MARGIN
    for (const { name, value = '', share, isCode = false } of cells) {
      const end = x + width * share - 12
      const from = x + plain.widthOfTextAtSize(name, SIZE) + 6
      page.drawText(name, { x, y: paper.y, size: SIZE, font: plain })
      page.drawLine({ start: { x: from, y: paper.y - 3 }, end: { x: end, y: paper.y - 3 }, thickness: 0.5 })
      if (value !== '') {
        const font = isCode ? mono : bold
        const known = new Set(font.getCharacterSet())
        const text = Array.from(value.normalize('NFC'), (sign) => (known.has(sign.codePointAt(0) ?? 0) ? sign : '?'))
        const size = Math.min(SIZE, (SIZE * (end - from)) / font.widthOfTextAtSize(text.join(''), SIZE))
        page.drawText(text.join(''), { x: from + 2, y: paper.y, size, font })
      }
      x += width * share
    }
    space(ROW)
  }

  write('Richiesta di nuove credenziali', bold, 20, 28)
  write('Casella di posta elettronica certificata', plain, 12)
  space(6)
  if (form.gestore !== '') write(`Al gestore: ${form.gestore}`, plain, SIZE)
  if (form.ente !== '') write(`Sportello: ${form.ente}`, plain, SIZE)
  space(24)
  row([{ name: 'Il/la sottoscritto/a', value: `${form.cognome} ${form.nome}`.trim(), share: 1 }])
  row([
    { name: 'nato/a a', value: form.nascita.comune, share: 0.55 },
    { name: 'prov.', value: form.nascita.provincia, share: 0.15 },
    { name: 'il', value: form.nascita.data, share: 0.3 },
  ])
  row([{ name: 'codice fiscale', value: form.codiceFiscale, share: 1, isCode: true }])
  row([{ name: 'titolare della casella', value: form.indirizzo, share: 1, isCode: true }])
  space(4)
  write(
    'dichiara di non disporre più della password della casella e chiede al gestore nuove credenziali di accesso.',
    plain,
    SIZE,
  )
  space(18)
  write('Documento di identità, di cui si allega copia fronte e retro', bold, SIZE, 28)
  row([
    { name: 'tipo', share: 0.4 },
    { name: 'numero', share: 0.6 },
  ])
  row([
    { name: 'rilasciato da', share: 0.6 },
    { name: 'il', share: 0.4 },
  ])
  space(36)
  row([
    { name: 'Data', share: 0.35 },
    { name: 'Firma', share: 0.65 },
  ])
  space(8)
  write('La password non va scritta su questo modulo: la imposta il titolare, e nessun altro la conosce.', plain, 10)
  return paper.save()
}
