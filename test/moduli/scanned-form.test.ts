import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { PDFDocument, PDFName, degrees } from 'pdf-lib'
import { afterAll, expect, test } from 'vitest'
import { formCodeInImage } from '../../src-main/moduli/qr-in-image.ts'
import { renderForm } from '../../src-main/moduli/render-form.ts'
import { pdfReaderIn } from '../../src-main/signatures/pdf-reader.ts'
import { memorySource } from '../../src-main/signatures/source.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { aForm } from './a-form.ts'

const folder = temporaryFolder()
const reader = pdfReaderIn(new URL('../../src-main/signatures/pdf-reader-worker.ts', import.meta.url))
afterAll(() => reader.close())
const scannedCodes = (bytes: Uint8Array) => reader.scannedCodes(memorySource(bytes))

/** A form, printed and scanned: its first page as a picture. */
async function scanned(kind: 'png' | 'jpeg' | 'mono', dpi: number): Promise<{ code: string; picture: Buffer }> {
  const form = aForm('nuove_credenziali')
  const path = join(folder, 'modulo.pdf')
  writeFileSync(path, await renderForm(form, new Date(0)))
  const to = join(folder, `scansione-${kind}`)
  execFileSync('pdftoppm', ['-r', String(dpi), '-singlefile', `-${kind}`, path, to])
  return {
    code: form.code,
    picture: readFileSync(`${to}.${kind === 'jpeg' ? 'jpg' : kind === 'mono' ? 'pbm' : 'png'}`),
  }
}

async function inPdf(picture: Buffer, kind: 'png' | 'jpeg', turned = 0): Promise<Uint8Array> {
  const document = await PDFDocument.create()
  const image = kind === 'png' ? await document.embedPng(picture) : await document.embedJpg(picture)
  const page = document.addPage([595, 842])
  page.setRotation(degrees(turned))
  page.drawImage(image, { x: 0, y: 0, width: 595, height: 842 })
  return document.save()
}

test('a scan of a form is matched by its QR, as PNG and as JPEG, fine and coarse', async () => {
  for (const [kind, dpi] of [
    ['png', 100],
    ['jpeg', 200],
  ] as const) {
    const { code, picture } = await scanned(kind, dpi)
    expect(await scannedCodes(await inPdf(picture, kind)), `${kind} ${dpi}`).toEqual({ codes: [code], unread: false })
  }
})

test('a page that lies upside down is read as well, and so is a black and white one', async () => {
  const { code, picture } = await scanned('mono', 200)
  const header = /^P4\s+(\d+)\s+(\d+)\s/.exec(picture.toString('latin1', 0, 40))
  const [width, height] = [Number(header?.[1]), Number(header?.[2])]
  const bits = picture.subarray(header?.[0].length ?? 0)
  const stride = Math.ceil(width / 8)
  const data = new Uint8Array(width * height)
  for (let at = 0; at < data.length; at += 1) {
    const [x, y] = [at % width, Math.floor(at / width)]
    data[at] = ((bits[y * stride + (x >> 3)] ?? 0) >> (7 - (x & 7))) & 1 ? 0 : 255
  }
  expect(formCodeInImage({ width, height, data })).toBe(code)
  expect(formCodeInImage({ width, height, data: data.toReversed() })).toBe(code)
})

test('what holds no form has no code: a blank page, noise, another QR, a picture that is not as large as it says', () => {
  const noise = Uint8Array.from({ length: 300 * 300 }, (_, at) => (at * 2_654_435_761) % 256)
  for (const data of [new Uint8Array(90_000).fill(255), noise, new Uint8Array(10), new Uint8Array(0)])
    expect(formCodeInImage({ width: 300, height: 300, data })).toBeNull()
  expect(formCodeInImage({ width: 1e9, height: 1e9, data: new Uint8Array(4) })).toBeNull()
})

test('a file that is no PDF has no codes to tell', async () => {
  expect(await scannedCodes(new TextEncoder().encode('nessun PDF'))).toBeNull()
})

test('a scan in a picture that cannot be looked at is told apart from one without a code', async () => {
  for (const filter of ['JBIG2Decode', 'JPXDecode']) {
    const document = await PDFDocument.create()
    const page = document.addPage([595, 842])
    const { context } = document
    const image = context.stream(new Uint8Array(200).fill(7), {
      Type: 'XObject',
      Subtype: 'Image',
      Width: 100,
      Height: 100,
      BitsPerComponent: 1,
      ColorSpace: 'DeviceGray',
      Filter: filter,
    })
    page.node.setXObject(PDFName.of('Scan'), context.register(image))
    const drawn = context.stream('q 595 0 0 842 0 0 cm /Scan Do Q')
    page.node.set(PDFName.of('Contents'), context.register(drawn))
    expect([filter, await scannedCodes(await document.save())]).toEqual([filter, { codes: [], unread: true }])
  }
  const blank = await PDFDocument.create()
  blank.addPage()
  expect(await scannedCodes(await blank.save())).toEqual({ codes: [], unread: false })
})
