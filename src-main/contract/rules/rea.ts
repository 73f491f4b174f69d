/** A number of the companies' register: up to seven figures, after the sign of a province or alone (`PZ-123456`). */
export function isRea(raw: string): boolean {
  return /^(?:[A-Za-z]{2}[\s-]*)?[0-9]{1,7}$/.test(raw.trim())
}
