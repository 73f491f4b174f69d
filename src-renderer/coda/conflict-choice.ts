import { cleanEmail, isEmail } from '../../src-main/contract/rules/email.ts'
import type { FieldChange, FieldValue } from '../../src-main/contract/operation.ts'
import { parseMb } from '../caselle/casella-edit.ts'

export type Side = 'mine' | 'theirs' | 'edited'
export type Choices = Readonly<Record<string, Side | undefined>>

export interface Resolution {
  choice: 'mine' | 'theirs'
  /** Left out when every field of the operation keeps mine. */
  keepMine?: string[]
  /** Third values, by field. */
  edited?: Record<string, FieldValue>
}

/** A third value as it was typed: the value, or the code of what is wrong with it (words under `coda.conflitto`). */
export type Typed = { value: FieldValue } | { wrong: string }

/** Reads what was typed for a field by the form's rules. Pure. */
export function typedValue(field: string, text: string, like: FieldValue): Typed {
  if (typeof like === 'number' || field.endsWith('Mb')) {
    const mb = parseMb(text)
    return mb === null || mb < 1 ? { wrong: 'not_a_number' } : { value: mb }
  }
  if (field.toLowerCase().includes('email')) {
    const email = cleanEmail(text)
    return email !== null && !isEmail(email) ? { wrong: 'email_invalid' } : { value: email }
  }
  return { value: text.trim() === '' ? null : text.trim() }
}

/**
 * The answer to a conflict that the choices of its fields amount to; null while a field has no choice or its third value
 * is wrong. Fields that nobody else changed keep mine: giving up one value must not take another one along.
 */
export function resolutionOf(
  changes: readonly FieldChange[],
  choices: Choices,
  typed: Readonly<Record<string, Typed | undefined>> = {},
): Resolution | null {
  const kept: string[] = []
  const edited: Record<string, FieldValue> = {}
  for (const { field, inConflict } of changes) {
    const side = inConflict ? choices[field] : 'mine'
    if (side === undefined) return null
    if (side === 'mine') kept.push(field)
    if (side !== 'edited') continue
    const value = typed[field]
    if (value === undefined || 'wrong' in value) return null
    edited[field] = value.value
  }
  const isEdited = Object.keys(edited).length > 0
  if (kept.length === 0 && !isEdited) return { choice: 'theirs' }
  return {
    choice: 'mine',
    ...(kept.length === changes.length ? {} : { keepMine: kept }),
    ...(isEdited ? { edited } : {}),
  }
}

/** The problems of third values, by field: each by itself, and a soft limit over the quota that would go with it. Pure. */
export function typedProblems(
  changes: readonly FieldChange[],
  choices: Choices,
  typed: Readonly<Record<string, Typed | undefined>>,
): Record<string, string> {
  const problems: Record<string, string> = {}
  const sent: Record<string, FieldValue> = {}
  for (const { field, mine, current, inConflict } of changes) {
    const side = inConflict ? choices[field] : 'mine'
    const value = typed[field]
    if (side === 'edited' && value !== undefined && 'wrong' in value) problems[field] = value.wrong
    else if (side === 'edited' && value !== undefined && 'value' in value) sent[field] = value.value
    else if (side !== undefined) sent[field] = side === 'mine' ? mine : (current ?? null)
  }
  const { quotaMb, softLimitMb } = sent
  if (typeof quotaMb === 'number' && typeof softLimitMb === 'number' && softLimitMb > quotaMb)
    problems['softLimitMb'] ??= 'soft_limit_over_quota'
  return problems
}
