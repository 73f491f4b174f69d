import { constants, inflateSync } from 'node:zlib'
import type { PdfBudget } from './pdf-budget.ts'
import { dictOf, entriesOf, integerOf, nameOf, PdfFault, type PdfDict, type PdfValue } from './pdf-object.ts'

function inflate(bytes: Uint8Array, budget: PdfBudget): Uint8Array {
  let output: Uint8Array
  try {
    output = inflateSync(bytes, {
      maxOutputLength: budget.limits.inflatedAtOnce,
      // A stream that was cut gives what it has, as readers do.
      finishFlush: constants.Z_SYNC_FLUSH,
    })
  } catch (error) {
    const tooLarge =
      error instanceof RangeError ||
      (error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE')
    throw new PdfFault(tooLarge ? 'too_complex' : 'damaged')
  }
  budget.inflated(output.length)
  return output
}

function paeth(left: number, up: number, corner: number): number {
  const estimate = left + up - corner
  const [a, b, c] = [Math.abs(estimate - left), Math.abs(estimate - up), Math.abs(estimate - corner)]
  return a <= b && a <= c ? left : b <= c ? up : corner
}

/** Takes PNG prediction back (ISO 32000-2, 7.4.4.4). */
function unpredicted(bytes: Uint8Array, columns: number, pixel: number): Uint8Array {
  const rows = Math.ceil(bytes.length / (columns + 1))
  const out = new Uint8Array(rows * columns)
  for (let row = 0; row < rows; row++) {
    const from = row * (columns + 1)
    const to = row * columns
    const kind = bytes[from] as number
    for (let index = 0; index < columns && from + 1 + index < bytes.length; index++) {
      const left = index >= pixel ? (out[to + index - pixel] as number) : 0
      const up = row > 0 ? (out[to + index - columns] as number) : 0
      const corner = row > 0 && index >= pixel ? (out[to + index - columns - pixel] as number) : 0
      const raw = bytes[from + 1 + index] as number
      const added = [0, left, up, (left + up) >> 1, kind === 4 ? paeth(left, up, corner) : 0][kind]
      if (added === undefined) throw new PdfFault('damaged')
      out[to + index] = raw + added
    }
  }
  return out
}

function predicted(bytes: Uint8Array, parameters: PdfDict | null): Uint8Array {
  const of = (key: string, otherwise: number): number => integerOf(parameters?.entries.get(key)) ?? otherwise
  const predictor = of('Predictor', 1)
  if (predictor === 1) return bytes
  const bits = of('Colors', 1) * of('BitsPerComponent', 8)
  const columns = Math.ceil((of('Columns', 1) * bits) / 8)
  if (predictor < 10 || columns < 1 || columns > 1 << 20) throw new PdfFault('damaged')
  return unpredicted(bytes, columns, Math.max(1, Math.ceil(bits / 8)))
}

/**
 * The bytes of a stream as they were before FlateDecode; `resolved` follows references. Throws PdfFault: `damaged` also
 * for another filter, which structure never has in practice.
 */
export function decodedStream(
  dict: PdfDict,
  raw: Uint8Array,
  budget: PdfBudget,
  resolved: (value: PdfValue) => PdfValue,
): Uint8Array {
  const entries = entriesOf(dict)
  const listed = (key: string, short: string): PdfValue[] => {
    const value = resolved(entries.get(key) ?? entries.get(short) ?? null)
    return Array.isArray(value) ? value.map(resolved) : value === null ? [] : [value]
  }
  const parameters = listed('DecodeParms', 'DP')
  const filters = listed('Filter', 'F')
  if (filters.length > 4) throw new PdfFault('damaged')
  return filters.reduce<Uint8Array>((bytes, filter, index) => {
    const name = nameOf(filter)
    if (name !== 'FlateDecode' && name !== 'Fl') throw new PdfFault('damaged')
    return predicted(inflate(bytes, budget), dictOf(parameters[index] ?? null))
  }, raw)
}
