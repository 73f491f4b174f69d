import type { PdfReader, ReadText, TextLimits } from '../signatures/pdf-reader.ts'
import { documentForm } from '../signatures/document-form.ts'
import type { Source } from '../signatures/source.ts'
import { contentOf } from './envelope-content.ts'

/** A form has its codes on the first page, a contract its parties on the first two. */
const firstPages: TextLimits = { pages: 4, characters: 200_000 }

/**
 * The text of the first pages of the PDF that a document is, or that stands in the envelopes around it (.p7m): of what it
 * holds in writing, not of what a scan shows. Null where there is no PDF, or it cannot be read within the reader's limits.
 */
export async function documentText(
  source: Source,
  reader: PdfReader,
  limits: TextLimits = firstPages,
): Promise<ReadText | null> {
  const content = contentOf(source)
  return content !== null && documentForm(content) === 'pdf' ? await reader.text(content, limits) : null
}
