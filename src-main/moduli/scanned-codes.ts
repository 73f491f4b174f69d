import { ImageKind, OPS, type PDFDocumentProxy } from 'pdfjs-dist/legacy/build/pdf.mjs'
import { z } from 'zod'
import type { ScannedCodes } from '../signatures/pdf-reader.ts'
import { formCodeInImage, type Bitmap } from './qr-in-image.ts'

/** Of a document: the code stands on each page of a form, and forms have few. */
const MOST_PAGES = 4
const MOST_IMAGES = 12
const MOST_PIXELS = 50_000_000

const Picture = z.object({
  width: z.number().int().positive(),
  height: z.number().int().positive(),
  kind: z.number().optional(),
  data: z.union([z.instanceof(Uint8Array), z.instanceof(Uint8ClampedArray)]),
})

/** A bit a pixel, rows padded to whole bytes, as one byte a pixel. */
function unpacked({ width, height, data }: Bitmap): Bitmap {
  const stride = Math.ceil(width / 8)
  const grey = new Uint8Array(width * height)
  for (let y = 0; y < height; y += 1)
    for (let x = 0; x < width; x += 1)
      grey[y * width + x] = ((data[y * stride + (x >> 3)] ?? 0) >> (7 - (x & 7))) & 1 ? 255 : 0
  return { width, height, data: grey }
}

function bitmapOf(image: unknown): Bitmap | null {
  const picture = Picture.safeParse(image)
  if (!picture.success || picture.data.width * picture.data.height > MOST_PIXELS) return null
  const { width, height, data } = picture.data
  return picture.data.kind === ImageKind.GRAYSCALE_1BPP ? unpacked({ width, height, data }) : { width, height, data }
}

/** A picture is decoded after the page that shows it has been read. */
function decodedImage(
  objects: { get(name: string, ready: (image: unknown) => void): unknown },
  name: string,
): Promise<unknown> {
  return new Promise((resolve) => {
    objects.get(name, resolve)
  })
}

/**
 * The codes in the pictures of a document's first pages: what a scanner makes of a signed form. In a thread that can be
 * ended (`signatures/pdf-reader.ts`): a hostile picture may take long.
 */
export async function scannedCodes(document: PDFDocumentProxy): Promise<ScannedCodes> {
  const found = new Set<string>()
  let unread = false
  let looked = 0
  for (let number = 1; number <= Math.min(document.numPages, MOST_PAGES); number += 1) {
    const page = await document.getPage(number)
    const { fnArray, argsArray } = await page.getOperatorList()
    for (const [at, operator] of fnArray.entries()) {
      if (operator !== OPS.paintImageXObject && operator !== OPS.paintInlineImageXObject) continue
      looked += 1
      if (looked > MOST_IMAGES) return { codes: [...found], unread }
      const [first] = z.array(z.unknown()).parse(argsArray[at])
      const objects = typeof first === 'string' && first.startsWith('g_') ? page.commonObjs : page.objs
      const bitmap = bitmapOf(typeof first === 'string' ? await decodedImage(objects, first) : first)
      unread ||= bitmap === null
      const code = bitmap === null ? null : formCodeInImage(bitmap)
      if (code !== null) found.add(code)
    }
    page.cleanup()
  }
  return { codes: [...found], unread }
}
