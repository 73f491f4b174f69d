/** Where electronic invoices go: seven letters and figures, six for an administration. */
export function isCodiceDestinatario(raw: string): boolean {
  return /^[A-Za-z0-9]{6,7}$/.test(raw.trim())
}
