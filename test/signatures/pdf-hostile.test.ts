import { deflateSync } from 'node:zlib'
import { beforeAll, expect, test } from 'vitest'
import { pdfLimits } from '../../src-main/signatures/pdf-budget.ts'
import { pdfReaderIn } from '../../src-main/signatures/pdf-reader.ts'
import { verifyPdf, type VerifiedPdf } from '../../src-main/signatures/pdf-verify.ts'
import { memorySource } from '../../src-main/signatures/source.ts'
import { plainPdf, signedPdf, streamText } from './signed-pdf.ts'
import { makeSigner } from './small-cms.ts'

const anna = makeSigner('Anna Prova')
let plain: Buffer
beforeAll(async () => {
  plain = await plainPdf()
})
const verify = (pdf: Uint8Array): Promise<VerifiedPdf> => verifyPdf(memorySource(pdf))

/** A whole PDF of the given objects, its table as large as it is asked. */
function pdfOf(objects: Record<number, string>, trailer = '', padding = ''): Buffer {
  let text = '%PDF-1.7\n'
  const rows: string[] = []
  for (const [num, body] of Object.entries(objects)) {
    rows.push(`${num} 1\n${String(text.length).padStart(10, '0')} 00000 n \n`)
    text += `${num} 0 obj\n${body}\nendobj\n`
  }
  text += padding
  const start = text.length
  return Buffer.from(
    `${text}xref\n${rows.join('')}trailer\n<</Root 1 0 R /Size 9 ${trailer}>>\nstartxref\n${start}\n%%EOF\n`,
    'latin1',
  )
}
const catalog = '<</Type /Catalog /Pages 2 0 R>>'
const bomb = deflateSync(Buffer.alloc(40 << 20)).toString('latin1')

const hostile: [name: string, pdf: () => Buffer][] = [
  [
    'a table that is its own predecessor',
    () => pdfOf({ 1: catalog }, `/Prev ${pdfOf({ 1: catalog }).indexOf('xref')}`),
  ],
  ['pages that are their own children', () => pdfOf({ 1: catalog, 2: '<</Type /Pages /Kids [2 0 R 2 0 R]>>' })],
  [
    'an object that is itself',
    () => pdfOf({ 1: '<</Type /Catalog /Pages 2 0 R /AcroForm 3 0 R>>', 2: '2 0 R', 3: '3 0 R' }),
  ],
  ['brackets in brackets', () => pdfOf({ 1: catalog, 2: '['.repeat(2_000_000) })],
  ['dictionaries in dictionaries', () => pdfOf({ 1: catalog, 2: '<</A '.repeat(400_000) })],
  [
    'a cross-reference that grows a thousand times',
    () => {
      const stream = streamText(bomb, '/Type /XRef /W [1 2 1] /Size 9 /Root 1 0 R /Filter /FlateDecode')
      return Buffer.from(`%PDF-1.7\n9 0 obj\n${stream}\nendobj\nstartxref\n9\n%%EOF\n`, 'latin1')
    },
  ],
  [
    'a table of a billion entries',
    () => Buffer.from(pdfOf({ 1: catalog }).toString('latin1').replace('1 1\n', '1 999999999\n'), 'latin1'),
  ],
  [
    'a list of a million pages that are one',
    () => pdfOf({ 1: catalog, 2: `<</Type /Pages /Kids [${'3 0 R '.repeat(1_000_000)}]>>`, 3: '<</Type /Page>>' }),
  ],
  [
    'what looks like signatures, ten thousand times',
    () => pdfOf({ 1: catalog }, '', '9 0 obj <</ByteRange [0 1 2 3]>> '.repeat(9_000)),
  ],
  ['objects that end nowhere', () => Buffer.from(`%PDF-1.7\n${'1 0 obj <</ByteRange '.repeat(40_000)}`)],
  ['a string that ends nowhere', () => pdfOf({ 1: catalog, 2: `(${'('.repeat(5_000_000)}` })],
  ['nothing but a header', () => Buffer.from('%PDF-1.7')],
  ['nothing', () => Buffer.alloc(0)],
]

test.each(hostile)('%s: answered in time and in memory, and never valid', async (_, make) => {
  const pdf = make()
  const before = process.threadCpuUsage()
  const { integrity } = await verify(pdf)
  const { user, system } = process.threadCpuUsage(before)
  expect(integrity).not.toBe('valid')
  expect((user + system) / 1000).toBeLessThan(6_000)
})

test('a signed document that is too much to compare is unverifiable, and not valid', async () => {
  const twice = signedPdf(signedPdf(plain, anna), anna, { field: 'Firma2' })
  const least = async (objects: number): Promise<VerifiedPdf> =>
    verifyPdf(memorySource(twice), { limits: { ...pdfLimits, objects } })
  expect(await least(10)).toMatchObject({ integrity: 'unverifiable', reason: 'too_complex', signatures: [] })
  expect(await least(25)).toMatchObject({
    integrity: 'unverifiable',
    signatures: [{ firma: { integrity: 'unverifiable', reason: 'too_complex' } }, { firma: { integrity: 'valid' } }],
  })
})

test('pdf.js is asked before anything is called not signed, and a hostile document ends it and not the program', async () => {
  const reader = pdfReaderIn(new URL('../../src-main/signatures/pdf-reader-worker.ts', import.meta.url))
  try {
    expect(await verifyPdf(memorySource(plain), { reader })).toMatchObject({ integrity: 'not_signed' })
    const signed = signedPdf(plain, anna)
    const listed = await reader.signatures(memorySource(signed))
    expect(listed).toMatchObject([{ field: 'Firma1' }])
    const deaf = { ...reader, signatures: () => Promise.resolve([{ field: 'Vista', byteRange: [0, 1, 2, 3] }]) }
    expect(await verifyPdf(memorySource(plain), { reader: deaf })).toMatchObject({
      integrity: 'unverifiable',
      signatures: [{ firma: { field: 'Vista', integrity: 'unverifiable', reason: 'structure_damaged' } }],
    })
    expect(await reader.signatures(memorySource(Buffer.from('%PDF-1.7 nothing')))).toBeNull()
    expect(await reader.text(memorySource(signed), { pages: 1, characters: 1_000 })).toMatchObject({
      pages: [expect.stringContaining('Pagina 1 del contratto')],
      pageCount: 2,
      complete: false,
    })
  } finally {
    await reader.close()
  }
})
