/** Five figures; leading zeros count (domain.md Q). */
export function isCap(raw: string): boolean {
  return /^[0-9]{5}$/.test(raw.trim())
}

/** Two letters: the province's sign, or `EE` for abroad. That the sign exists is not judged. */
export function isProvincia(raw: string): boolean {
  return /^[A-Za-z]{2}$/.test(raw.trim())
}
