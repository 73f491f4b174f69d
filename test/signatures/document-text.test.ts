import { PDFDocument, StandardFonts } from 'pdf-lib'
import { afterAll, expect, test } from 'vitest'
import { documentText } from '../../src-main/documenti/document-text.ts'
import { pdfReaderIn } from '../../src-main/signatures/pdf-reader.ts'
import { memorySource } from '../../src-main/signatures/source.ts'
import { makeSigner, signedData } from './small-cms.ts'

const reader = pdfReaderIn(new URL('../../src-main/signatures/pdf-reader-worker.ts', import.meta.url))
afterAll(() => reader.close())

async function formOf(lines: readonly string[], pages = 1): Promise<Uint8Array> {
  const document = await PDFDocument.create()
  const font = await document.embedFont(StandardFonts.Courier)
  for (let number = 1; number <= pages; number++) {
    const page = document.addPage()
    for (const [index, line] of lines.entries()) page.drawText(line, { x: 40, y: 700 - index * 20, size: 11, font })
  }
  return document.save()
}

test('a form’s codes are found in its text, also through the envelopes around it', async () => {
  const pdf = await formOf(['Casella: Mario.Rossi@pec.esempio.it', 'Codice fiscale: RSSMRA80A01H501U'])
  const signer = makeSigner('Anna Prova')
  const once = signedData(signer, pdf, { contained: true })
  const twice = signedData(signer, once, { contained: true })
  for (const bytes of [pdf, once, twice]) {
    const text = await documentText(memorySource(bytes), reader)
    expect(text).toMatchObject({ pageCount: 1, complete: true, locked: false })
    expect(text?.pages.join()).toContain('Mario.Rossi@pec.esempio.it')
    expect(text?.pages.join()).toContain('RSSMRA80A01H501U')
  }
})

test('pages and characters beyond the limits are left out, and it is said', async () => {
  const pdf = await formOf(['x'.repeat(60)], 3)
  const source = memorySource(pdf)
  expect(await documentText(source, reader, { pages: 2, characters: 1_000 })).toMatchObject({
    pages: [expect.anything(), expect.anything()],
    pageCount: 3,
    complete: false,
  })
  const short = await documentText(source, reader, { pages: 3, characters: 10 })
  expect(short).toMatchObject({ pages: ['x'.repeat(10)], complete: false })
})

test('what is no PDF has no text, and what is a damaged one does not stop the next', async () => {
  expect(await documentText(memorySource(Buffer.from('testo')), reader)).toBeNull()
  expect(await documentText(memorySource(Buffer.from('%PDF-1.7\nniente')), reader)).toBeNull()
  expect(await documentText(memorySource(await formOf(['dopo'])), reader)).toMatchObject({ complete: true })
})
