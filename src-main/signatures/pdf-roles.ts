import { entriesOf, isRef, nameOf, type PdfValue } from './pdf-object.ts'
import { referencesIn } from './pdf-references.ts'
import { annotationsOf, type PdfField, type PdfPages } from './pdf-tree.ts'
import type { PdfView } from './pdf-view.ts'

/**
 * What an object is to the document that was signed. One that several things lead to has the role that weighs most: what
 * a page draws before what a form shows.
 */
export type PdfRole =
  | 'catalog'
  | 'pages'
  | 'page'
  | 'annotation_list'
  | 'form'
  | 'content'
  | 'drawing'
  | 'annotation'
  | 'field'
  | 'field_drawing'
  | 'signature_field'
  | 'signed_now'
  | 'signed_now_drawing'
  | 'form_drawing'
  | 'structure'
  | 'other'
  | 'free'

/** What may change without anybody seeing it: descriptions, and what validates signatures (ETSI EN 319 142-1). */
export const freeCatalogKeys: readonly string[] = ['DSS', 'Metadata', 'Extensions', 'Version', 'PieceInfo', 'Type']
export const freePageKeys: readonly string[] = [
  'Metadata',
  'PieceInfo',
  'LastModified',
  'Tabs',
  'StructParents',
  'Type',
  'Parent',
]

/** What the entries lead to that are passed over is reached in another way, or is nobody's worry. */
const passedOver = {
  ofPages: new Set(['Kids', 'Parent']),
  ofPage: new Set(['Annots', 'Contents', ...freePageKeys]),
  ofAnnotation: new Set(['P', 'Parent']),
  ofField: new Set(['P', 'Parent', 'Kids', 'V']),
  ofForm: new Set(['Fields']),
}

export interface DocumentState {
  view: PdfView
  pages: PdfPages
  fields: PdfField[]
}

/** The role of every object that the signed state leads to, also of numbers that led nowhere then. */
export function rolesOf(
  { view, pages, fields }: DocumentState,
  isSignedNow: (field: PdfField) => boolean,
): Map<number, PdfRole> {
  // A step of for…of makes an object until it is compiled: where there is one for each page, a function is given instead.
  const roles = new Map<number, PdfRole>()
  const claim = (value: PdfValue | undefined, role: PdfRole): void => {
    if (isRef(value) && !roles.has(value.num)) roles.set(value.num, role)
  }
  const waiting: number[] = []
  const enlist = (num: number): void => {
    if (!roles.has(num)) waiting.push(num)
  }
  /** Gives a role to all that a value leads to and that has none. */
  function reach(value: PdfValue | undefined, role: PdfRole): void {
    referencesIn(value ?? null, enlist)
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      if (roles.has(next)) continue
      roles.set(next, role)
      view.bytes.budget.object()
      view.eachReference(next, enlist)
    }
  }
  function reachBut(value: PdfValue, role: PdfRole, keys: ReadonlySet<string>): void {
    entriesOf(value).forEach((item, key) => {
      if (typeof item === 'object' && item !== null && !keys.has(key)) reach(item, role)
    })
  }

  claim(view.trailer.entries.get('Root'), 'catalog')
  for (const num of pages.nodes) roles.set(num, 'pages')
  pages.pages.forEach(({ num }) => {
    if (num !== null) roles.set(num, 'page')
  })
  const annotations: PdfValue[] = []
  for (const field of fields) if (field.num !== null) roles.set(field.num, roleOfField(field, isSignedNow))
  pages.pages.forEach(({ value }) => {
    claim(entriesOf(value).get('Annots'), 'annotation_list')
    annotationsOf(view, value).forEach((annotation) => {
      claim(annotation, 'annotation')
      annotations.push(annotation)
    })
  })
  const form = view.catalog.get('AcroForm')
  claim(form, 'form')
  claim(entriesOf(view.resolve(form)).get('Fields'), 'form')

  // An object that is nothing but a reference: whoever moves what it leads to changes what it stands for.
  for (const num of [...roles.keys()]) if (isRef(view.object(num))) reach(view.object(num), 'drawing')

  pages.pages.forEach(({ value }) => {
    reach(entriesOf(value).get('Contents'), 'content')
  })
  for (const num of pages.nodes) reachBut(view.object(num), 'drawing', passedOver.ofPages)
  pages.pages.forEach(({ value }) => {
    reachBut(value, 'drawing', passedOver.ofPage)
  })
  reach(view.catalog.get('OCProperties'), 'drawing')
  for (const annotation of annotations)
    if (!isRef(annotation) || roles.get(annotation.num) === 'annotation')
      reachBut(view.resolve(annotation), 'annotation', passedOver.ofAnnotation)
  for (const field of fields) {
    const role = roleOfField(field, isSignedNow)
    const drawing = role === 'field' ? 'field_drawing' : role === 'signed_now' ? 'signed_now_drawing' : 'annotation'
    reachBut(field.value, drawing, passedOver.ofField)
    reach(entriesOf(field.value).get('V'), role === 'field' ? 'field_drawing' : 'other')
  }
  reach(entriesOf(view.resolve(form)).get('XFA'), 'field_drawing')
  reachBut(view.resolve(form), 'form_drawing', passedOver.ofForm)
  reach(view.catalog.get('StructTreeRoot'), 'structure')
  for (const [key, value] of view.catalog) if (!freeCatalogKeys.includes(key)) reach(value, 'other')
  for (const key of freeCatalogKeys) reach(view.catalog.get(key), 'free')
  reach(view.trailer.entries.get('Info'), 'free')
  return roles
}

function roleOfField(field: PdfField, isSignedNow: (field: PdfField) => boolean): PdfRole {
  if (field.type !== 'Sig') return 'field'
  return isSignedNow(field) ? 'signed_now' : 'signature_field'
}

export const isWidget = (view: PdfView, annotation: PdfValue): boolean =>
  nameOf(view.get(annotation, 'Subtype')) === 'Widget'
