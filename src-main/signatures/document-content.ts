import { createBudget } from './der.ts'
import { readSignedData } from './signed-data.ts'
import { rangesSource, type Source } from './source.ts'
import { StructureError } from './structure-error.ts'

const deepest = 5

const beginsAsPdf = (source: Source): boolean =>
  Buffer.from(source.read(0, Math.min(1024, source.size)))
    .toString('latin1')
    .includes('%PDF-')

/** The PDF in a file: itself, or the content of the envelopes around it. Null where there is none. */
export function pdfContentOf(source: Source): Source | null {
  let here: Source | null = source
  for (let depth = 0; here !== null && depth <= deepest; depth++) {
    if (beginsAsPdf(here)) return here
    here = contentOf(here)
  }
  return null
}

function contentOf(envelope: Source): Source | null {
  try {
    const { content } = readSignedData(envelope, createBudget(), () => () => undefined)
    return content === null ? null : rangesSource(envelope, content)
  } catch (error) {
    if (error instanceof StructureError) return null
    throw error
  }
}
