import { base64Source } from '../signatures/base64-source.ts'
import { createBudget } from '../signatures/der.ts'
import { documentForm } from '../signatures/document-form.ts'
import { readSignedData } from '../signatures/signed-data.ts'
import { rangesSource, type Source } from '../signatures/source.ts'
import { StructureError } from '../signatures/structure-error.ts'
import { readTimestampedData } from '../signatures/timestamped-data.ts'

const MOST_LAYERS = 12

/** What an envelope holds. Throws StructureError. */
function inside(source: Source): Source | null | 'itself' {
  const form = documentForm(source)
  switch (form) {
    case 'signed_data': {
      const { content } = readSignedData(source, createBudget(), () => () => undefined)
      return content === null ? null : rangesSource(source, content)
    }
    case 'timestamped_data':
      return readTimestampedData(source, createBudget()).content
    case 'pem':
    case 'base64':
      return base64Source(source, form === 'pem')
    case 'damaged':
    case 'encrypted':
    case 'timestamp_response':
      return null
    case 'pdf':
    case 'other':
      return 'itself'
  }
}

/**
 * The document within all the envelopes around it; the source itself where there is none, null where an envelope holds none
 * or cannot be read. Nothing of it is verified.
 */
export function contentOf(source: Source): Source | null {
  let here = source
  try {
    for (let layer = 0; layer < MOST_LAYERS; layer++) {
      const next = inside(here)
      if (next === 'itself') return here
      if (next === null) return null
      here = next
    }
  } catch (error) {
    if (!(error instanceof StructureError)) throw error
  }
  return null
}
