import { entriesOf, type PdfValue } from './pdf-object.ts'
import { unreadReferences } from './pdf-parse.ts'

/** Hands out the number of every reference in a value, at any depth, without following it. */
export function referencesIn(value: PdfValue, visit: (num: number) => void): void {
  if (value === null || typeof value !== 'object') return
  if (Array.isArray(value)) {
    for (const item of value) referencesIn(item, visit)
    return
  }
  switch (value.kind) {
    case 'name':
    case 'string':
      return
    case 'ref':
      visit(value.num)
      return
    case 'dict':
    case 'stream': {
      const unread = unreadReferences(value)
      if (unread !== null) for (const num of unread) visit(num)
      else for (const item of entriesOf(value).values()) referencesIn(item, visit)
    }
  }
}
