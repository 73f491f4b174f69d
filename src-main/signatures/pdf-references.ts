import { entriesOf, type PdfValue } from './pdf-object.ts'
import { unreadReferences } from './pdf-parse.ts'

/** Hands out the number of every reference in a value, at any depth, without following it. */
export function referencesIn(value: PdfValue, visit: (num: number) => void): void {
  if (value === null || typeof value !== 'object') return
  if (Array.isArray(value)) {
    for (let at = 0; at < value.length; at++) referencesIn(value[at] ?? null, visit)
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
      if (unread !== null) for (let at = 0; at < unread.length; at++) visit(unread[at] as number)
      else
        entriesOf(value).forEach((item) => {
          referencesIn(item, visit)
        })
    }
  }
}
