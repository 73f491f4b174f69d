const LOCAL = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/
const LABEL = /^[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?$/

/** The form in which an e-mail address is stored; null for none. */
export function cleanEmail(raw: string): string | null {
  const value = raw.trim()
  return value === '' ? null : value
}

/**
 * Whether a mail can be addressed to it: one @, at most 64 characters before it and 254 in all, a domain of at least
 * two labels whose last is no number. Quoted local parts and addresses outside ASCII are not accepted.
 */
export function isEmail(raw: string): boolean {
  const value = raw.trim()
  if (value.length > 254) return false
  const at = value.indexOf('@')
  if (at < 1 || at > 64 || !LOCAL.test(value.slice(0, at))) return false
  const labels = value.slice(at + 1).split('.')
  const last = labels.at(-1) ?? ''
  return (
    labels.length > 1 &&
    labels.every((label) => label.length <= 63 && LABEL.test(label)) &&
    last.length > 1 &&
    !/^[0-9]+$/.test(last)
  )
}
