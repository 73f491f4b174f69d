import { PdfFault } from './pdf-object.ts'

/** How deep values may stand in each other. */
export const deepestValue = 64

/** `true`, `false`, `null`, or a number in any of the ways that producers write one. Throws PdfFault `damaged`. */
export function simpleWord(bytes: Uint8Array, start: number, end: number): boolean | number | null {
  const text = String.fromCharCode(...bytes.subarray(start, Math.min(end, start + 64)))
  if (text === 'true') return true
  if (text === 'false') return false
  if (text === 'null') return null
  if (!/^[+-]*\d*\.?\d*(-\d*)?$/.test(text) || !/\d/.test(text)) throw new PdfFault('damaged')
  return Number.parseFloat(text.replace(/^[+-]*-/, '-').replace(/^\++/, ''))
}
