/** What people put between the figures of a number. */
const SEPARATORS = /[\s./()\u2010-\u2015-]/g

/**
 * A mobile number in E.164 (`+393331234567`), or null when it is none. Without a country code it is Italian: a 3 and
 * nine or ten figures in all. Another country's number needs its `+` or `00`.
 */
export function normaliseCellulare(raw: string): string | null {
  const digits = raw.replace(SEPARATORS, '').replace(/^00/, '+')
  if (/^3[0-9]{8,9}$/.test(digits)) return `+39${digits}`
  if (/^393[0-9]{8,9}$/.test(digits)) return `+${digits}`
  if (digits.startsWith('+39')) return /^\+393[0-9]{8,9}$/.test(digits) ? digits : null
  return /^\+[1-9][0-9]{6,14}$/.test(digits) ? digits : null
}

/** What two numbers are compared by: their figures alone, without the country code of Italy; null for none. */
export function numberKey(raw: string | null): string | null {
  const figures = (raw ?? '').replace(SEPARATORS, '').replace(/^(?:\+|00)39/, '')
  return figures === '' ? null : figures
}

/** Whether a landline or mobile number can be dialled: five to fifteen figures, with or without a leading `+`. */
export function isTelefono(raw: string): boolean {
  return /^\+?[0-9]{5,15}$/.test(raw.replace(SEPARATORS, ''))
}
