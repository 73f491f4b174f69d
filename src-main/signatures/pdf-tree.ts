import { entriesOf, isRef, nameOf, PdfFault, textOf, type PdfValue } from './pdf-object.ts'
import type { PdfView } from './pdf-view.ts'

export interface PdfPage {
  /** Null for a page that stands in its parent, which no producer does. */
  num: number | null
  value: PdfValue
}
export interface PdfPages {
  pages: PdfPage[]
  /** The numbers of the /Pages nodes, from the root. */
  nodes: number[]
}

const largestDepth = 512

/** The pages in their order; a node that is met again is passed over, so that a loop ends. */
export function pagesOf(view: PdfView): PdfPages {
  const pages: PdfPage[] = []
  const nodes: number[] = []
  const seen = new Set<number>()
  const waiting: { value: PdfValue; depth: number }[] = [{ value: view.catalog.get('Pages') ?? null, depth: 0 }]
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const num = isRef(next.value) ? next.value.num : null
    if (num !== null) {
      if (seen.has(num)) continue
      seen.add(num)
    }
    if (next.depth > largestDepth) throw new PdfFault('too_complex')
    const value = view.resolve(next.value)
    const entries = entriesOf(value)
    const kids = view.resolve(entries.get('Kids'))
    if (Array.isArray(kids)) {
      if (num !== null) nodes.push(num)
      for (let at = kids.length - 1; at >= 0; at--) waiting.push({ value: kids[at] ?? null, depth: next.depth + 1 })
    } else if (entries.size > 0 && nameOf(view.resolve(entries.get('Type'))) !== 'Pages') pages.push({ num, value })
  }
  return { pages, nodes }
}

export interface PdfField {
  /** Null for one that stands in its parent or in a page's array. */
  num: number | null
  /** The full name, from the root (12.7.4.2). */
  name: string
  value: PdfValue
  /** Inherited where the field itself has none. */
  type: string | null
  inForm: boolean
}

/** Fields of the form, then widgets of the pages that are in no form (rule 2). Every one once. */
export function fieldsOf(view: PdfView, { pages }: PdfPages): PdfField[] {
  const fields: PdfField[] = []
  const seen = new Set<number>()
  interface Waiting {
    value: PdfValue
    prefix: string
    type: string | null
    depth: number
  }
  const roots = view.get(view.catalog.get('AcroForm'), 'Fields')
  const waiting: Waiting[] = Array.isArray(roots)
    ? roots.toReversed().map((value) => ({ value, prefix: '', type: null, depth: 0 }))
    : []

  function visit({ value, prefix, type, depth }: Waiting, inForm: boolean): void {
    const num = isRef(value) ? value.num : null
    if (num !== null) {
      if (seen.has(num)) return
      seen.add(num)
    }
    const entries = entriesOf(view.resolve(value))
    if (entries.size === 0 || depth > largestDepth) return
    const own = textOf(view.resolve(entries.get('T')))
    const name = own === null ? prefix : prefix === '' ? own : `${prefix}.${own}`
    const inherited = nameOf(view.resolve(entries.get('FT'))) ?? type
    fields.push({ num, name, value: view.resolve(value), type: inherited, inForm })
    const kids = view.resolve(entries.get('Kids'))
    if (Array.isArray(kids))
      for (const kid of kids.toReversed()) waiting.push({ value: kid, prefix: name, type: inherited, depth: depth + 1 })
  }

  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) visit(next, true)
  pages.forEach((page) => {
    annotationsOf(view, page.value).forEach((annotation) => {
      if (nameOf(view.get(annotation, 'Subtype')) !== 'Widget') return
      const parent = view.get(annotation, 'Parent')
      const inherited = nameOf(view.get(parent, 'FT'))
      const prefix = textOf(view.get(parent, 'T')) ?? ''
      visit({ value: annotation, prefix, type: inherited, depth: 0 }, false)
    })
  })
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) visit(next, false)
  return fields
}

/** The entries of a page's /Annots as they stand there. */
export function annotationsOf(view: PdfView, page: PdfValue): PdfValue[] {
  const annotations = view.get(page, 'Annots')
  return Array.isArray(annotations) ? annotations : []
}

/** An attribute of a page, or of the nearest node above it that has it (7.7.3.4). */
export function inheritedOf(view: PdfView, page: PdfValue, key: string): PdfValue {
  let here = page
  for (let depth = 0; depth < 64 && here !== null; depth++) {
    const own = view.get(here, key)
    if (own !== null) return own
    here = view.get(here, 'Parent')
  }
  return null
}

/** Left, bottom, right and top. */
type Rectangle = readonly [number, number, number, number]

function rectangleOf(view: PdfView, value: PdfValue): Rectangle | null {
  if (!Array.isArray(value)) return null
  const [x, y, otherX, otherY] = value.map((side) => view.resolve(side))
  if (typeof x !== 'number' || typeof y !== 'number' || typeof otherX !== 'number' || typeof otherY !== 'number')
    return null
  return [Math.min(x, otherX), Math.min(y, otherY), Math.max(x, otherX), Math.max(y, otherY)]
}

/** Of a rectangle, in square points; 0 for what is none. */
export function areaOf(view: PdfView, value: PdfValue): number {
  const [left, bottom, right, top] = rectangleOf(view, value) ?? [0, 0, 0, 0]
  return (right - left) * (top - bottom)
}

/** Of what readers show of a page: of its medium, what is not cropped (14.11.2). */
export function shownAreaOf(view: PdfView, page: PdfValue): number {
  const medium = rectangleOf(view, inheritedOf(view, page, 'MediaBox'))
  if (medium === null) return 0
  const cropped = rectangleOf(view, inheritedOf(view, page, 'CropBox')) ?? medium
  const width = Math.min(medium[2], cropped[2]) - Math.max(medium[0], cropped[0])
  const height = Math.min(medium[3], cropped[3]) - Math.max(medium[1], cropped[1])
  return Math.max(0, width) * Math.max(0, height)
}
