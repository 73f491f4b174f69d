export type DocumentoVerdict = 'valid' | 'expired' | 'dates'

/** Of an identity document's days (`YYYY-MM-DD`): issued before today and before it expires, and not expired yet (D61). */
export function checkDocumentoDays(
  { rilasciato, scadenza }: { rilasciato: string; scadenza: string },
  today: string,
): DocumentoVerdict {
  if (rilasciato > today || rilasciato >= scadenza) return 'dates'
  return scadenza < today ? 'expired' : 'valid'
}
