import { PDFArray, PDFDict, PDFDocument, PDFName } from 'pdf-lib'
import { expect, test } from 'vitest'
import { section } from '../../src-main/export/report-content.ts'
import { reportPdf } from '../../src-main/export/report-pdf.ts'

function types(node: PDFDict, found: string[] = []): string[] {
  const type = node.lookupMaybe(PDFName.of('S'), PDFName)?.decodeText()
  if (type !== undefined) found.push(type)
  const kids = node.lookup(PDFName.of('K'))
  for (const kid of kids instanceof PDFArray ? kids.asArray().map((_each, at) => kids.lookup(at)) : [kids])
    if (kid instanceof PDFDict && kid.has(PDFName.of('S'))) types(kid, found)
  return found
}

test('a report is a tagged PDF in Italian: headings, facts and tables with their headers, over as many pages as it takes', async () => {
  const bytes = await reportPdf({
    title: 'Rapporto',
    intro: ['Prova'],
    sections: [
      section('Fatti', { facts: [['File', 'a'.repeat(300)]], paragraphs: ['Perché no, così è.'] }),
      section('Tabella', {
        table: {
          columns: [
            { title: 'N.', share: 1 },
            { title: 'File', share: 4 },
          ],
          rows: Array.from({ length: 120 }, (_each, at) => [String(at), `modulo-${at}.pdf`]),
        },
      }),
    ],
  })
  const document = await PDFDocument.load(bytes)
  expect(document.getPageCount()).toBeGreaterThan(1)
  expect(document.getTitle()).toBe('Rapporto')
  const tree = document.catalog.lookup(PDFName.of('StructTreeRoot'), PDFDict)
  const found = types(tree)
  const count = (type: string): number => found.filter((each) => each === type).length
  expect([count('H1'), count('H2'), count('L'), count('Table'), count('TH'), count('TR')]).toEqual([1, 2, 1, 1, 2, 121])
})
