import { decodeQR } from 'qr/decode.js'
import { readFormCode } from './form-code.ts'

/** A picture of a page: rows from the top, one byte a pixel for grey, three for RGB, four for RGBA. */
export interface Bitmap {
  width: number
  height: number
  data: Uint8Array | Uint8ClampedArray
}

/** An A4 page at 600 dpi has 35 million; what is larger is no scan of a form. */
const MOST_PIXELS = 50_000_000
/** Of the side that is looked through: finer detail only costs time. */
const SIDE = 2400

/** A part of the picture as RGBA, made smaller by a whole factor where it is large. */
function part(bitmap: Bitmap, left: number, top: number, width: number, height: number): Bitmap | null {
  const channels = bitmap.data.length / (bitmap.width * bitmap.height)
  if (channels !== 1 && channels !== 3 && channels !== 4) return null
  const factor = Math.ceil(Math.max(width, height) / SIDE)
  const [across, down] = [Math.floor(width / factor), Math.floor(height / factor)]
  const data = new Uint8ClampedArray(across * down * 4).fill(255)
  for (let y = 0; y < down; y += 1)
    for (let x = 0; x < across; x += 1) {
      // The mean of the square: a fine dot does not fall through.
      let sum = 0
      for (let dy = 0; dy < factor; dy += 1)
        for (let dx = 0; dx < factor; dx += 1) {
          const at = ((top + y * factor + dy) * bitmap.width + left + x * factor + dx) * channels
          const red = bitmap.data[at] ?? 255
          sum += channels === 1 ? red : (red + (bitmap.data[at + 1] ?? 255) + (bitmap.data[at + 2] ?? 255)) / 3
        }
      const grey = sum / (factor * factor)
      data.fill(grey, (y * across + x) * 4, (y * across + x) * 4 + 3)
    }
  return { width: across, height: down, data }
}

function decoded(bitmap: Bitmap | null): string | null {
  if (bitmap === null || bitmap.width < 21 || bitmap.height < 21) return null
  try {
    return readFormCode(decodeQR({ ...bitmap, data: new Uint8Array(bitmap.data) }))
  } catch {
    // The library throws where it finds no code.
    return null
  }
}

/** The code of a form in a picture of its page, upright or turned; null where none is read. Pure. */
export function formCodeInImage(bitmap: Bitmap): string | null {
  const { width, height } = bitmap
  if (width * height > MOST_PIXELS || width < 1 || height < 1) return null
  // Each corner at full detail, the usual one first; then the whole, for a form that lies askew on the page.
  const [across, down] = [Math.floor(width * 0.45), Math.floor(height * 0.3)]
  const [right, bottom] = [width - across, height - down]
  for (const [left, top] of [
    [right, 0],
    [0, bottom],
    [0, 0],
    [right, bottom],
  ] as const) {
    const code = decoded(part(bitmap, left, top, across, down))
    if (code !== null) return code
  }
  return decoded(part(bitmap, 0, 0, width, height))
}
