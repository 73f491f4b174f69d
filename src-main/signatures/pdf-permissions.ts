import { entriesOf, integerOf, isRef, nameOf, textOf, type PdfDict, type PdfValue } from './pdf-object.ts'
import type { PdfView } from './pdf-view.ts'

/** What those who signed a document allowed to be done to it afterwards (ISO 32000-2, 12.8.2). */
export interface PdfPermissions {
  /** DocMDP: 1 nothing, 2 filling in forms and signing, 3 annotations as well; null when nobody certified it. */
  level: 1 | 2 | 3 | null
  hasLocks: boolean
  isLocked(fieldName: string): boolean
}

type Lock = (fieldName: string) => boolean

function lockOf(view: PdfView, parameters: PdfValue): Lock | null {
  const listed = view.get(parameters, 'Fields')
  const names = Array.isArray(listed) ? listed.map((name) => textOf(view.resolve(name)) ?? '') : []
  const isListed: Lock = (field) => names.some((name) => field === name || field.startsWith(`${name}.`))
  switch (nameOf(view.get(parameters, 'Action'))) {
    case 'All':
      return () => true
    case 'Include':
      return isListed
    case 'Exclude':
      return (field) => !isListed(field)
    default:
      return null
  }
}

function levelOf(value: PdfValue): 1 | 2 | 3 | null {
  const level = integerOf(value)
  return level === 1 || level === 2 || level === 3 ? level : null
}

/** Of the state that was signed: its certification, and the locks of the signatures it already had. */
export function permissionsOf(
  signed: PdfView,
  signatures: readonly { num: number | null; dict: PdfDict }[],
): PdfPermissions {
  const certification = entriesOf(signed.resolve(signed.catalog.get('Perms'))).get('DocMDP')
  const locks: Lock[] = []
  let level: PdfPermissions['level'] = null
  for (const { num, dict } of signatures) {
    const references = signed.resolve(dict.entries.get('Reference'))
    for (const reference of Array.isArray(references) ? references : []) {
      const parameters = signed.get(reference, 'TransformParams')
      const isCertification = isRef(certification) && certification.num === num
      switch (nameOf(signed.get(reference, 'TransformMethod'))) {
        case 'DocMDP':
          // Without /P the standard has 2. One that the catalog does not name certifies nothing.
          if (isCertification) level = levelOf(signed.get(parameters, 'P')) ?? 2
          break
        case 'FieldMDP': {
          const lock = lockOf(signed, parameters)
          if (lock !== null) locks.push(lock)
          break
        }
        case null:
        default:
          break
      }
    }
  }
  return { level, hasLocks: locks.length > 0, isLocked: (field) => locks.some((lock) => lock(field)) }
}
