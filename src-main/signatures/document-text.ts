import { pdfContentOf } from './document-content.ts'
import type { PdfReader, ReadText, TextLimits } from './pdf-reader.ts'
import type { Source } from './source.ts'

/** A form has its codes on the first page; a contract its parties on the first two. */
const first: TextLimits = { pages: 4, characters: 200_000 }

/**
 * The text of the first pages of the PDF that a file is, or that stands in it as the content of signed envelopes (.p7m, .p7m.p7m). Null where
 * there is none, or it cannot be read within the reader's limits. Throws the system's errors.
 */
export async function documentText(
  source: Source,
  reader: PdfReader,
  limits: TextLimits = first,
): Promise<ReadText | null> {
  const pdf = pdfContentOf(source)
  return pdf === null ? null : await reader.text(pdf, limits)
}

/** What the words of a text are compared by: letters and digits alone, upper case, as codes and addresses are printed apart. */
export function compactText({ pages }: Pick<ReadText, 'pages'>): string {
  return pages
    .join(' ')
    .normalize('NFKC')
    .toUpperCase()
    .replace(/[^\p{L}\p{N}@._+-]/gu, '')
}
