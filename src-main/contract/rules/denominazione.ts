/** What stands before the @ of a casella (D55). */

export type DenominazioneVerdict =
  'valid' | 'empty' | 'too_long' | 'contains_at' | 'contains_space' | 'wrong_characters' | 'wrong_edge' | 'double_dot'

const MAX_LENGTH = 64

/** The form in which a denominazione is stored: lower case, without spaces around it. */
export function cleanDenominazione(raw: string): string {
  return raw.trim().toLowerCase()
}

/** Judges what was typed: one string, no spaces, no domain; letters, digits, dot, hyphen and underscore. */
export function checkDenominazione(raw: string): DenominazioneVerdict {
  const value = cleanDenominazione(raw)
  if (value === '') return 'empty'
  if (value.includes('@')) return 'contains_at'
  if (/\s/.test(value)) return 'contains_space'
  if (!/^[a-z0-9._-]+$/.test(value)) return 'wrong_characters'
  if (value.length > MAX_LENGTH) return 'too_long'
  if (!/^[a-z0-9]/.test(value) || !/[a-z0-9]$/.test(value)) return 'wrong_edge'
  if (value.includes('..')) return 'double_dot'
  return 'valid'
}
