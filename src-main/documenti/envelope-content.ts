import { decodeBase64 } from '../signatures/base64-source.ts'
import { createBudget } from '../signatures/der.ts'
import { documentForm } from '../signatures/document-form.ts'
import { readSignedData } from '../signatures/signed-data.ts'
import { rangesSource, type Source } from '../signatures/source.ts'
import { StructureError } from '../signatures/structure-error.ts'
import { readTimestampedData } from '../signatures/timestamped-data.ts'

const MOST_LAYERS = 12

function inside(source: Source, releases: (() => void)[]): Source | null | 'itself' {
  switch (documentForm(source)) {
    case 'signed_data': {
      const { content } = readSignedData(source, createBudget(), () => () => undefined)
      return content === null ? null : rangesSource(source, content)
    }
    case 'timestamped_data':
      return readTimestampedData(source, createBudget()).content
    case 'pem':
    case 'base64': {
      const held = decodeBase64(source, documentForm(source) === 'pem')
      releases.push(held.release)
      return held.source
    }
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
 * The document within all the envelopes around it, handed to `use`; the source itself where there is none, null where an
 * envelope holds none or cannot be read. What was decoded goes when `use` has ended.
 */
export async function withContent<T>(source: Source, use: (content: Source | null) => Promise<T>): Promise<T> {
  const releases: (() => void)[] = []
  const find = (): Source | null => {
    let here = source
    for (let layer = 0; layer < MOST_LAYERS; layer++) {
      const next = inside(here, releases)
      if (next === 'itself') return here
      if (next === null) return null
      here = next
    }
    return null
  }
  try {
    let content: Source | null
    try {
      content = find()
    } catch (error) {
      if (!(error instanceof StructureError)) throw error
      content = null
    }
    return await use(content)
  } finally {
    for (const release of releases.reverse()) release()
  }
}
