import type { FieldChange } from '../../src-main/contract/operation.ts'

export type Side = 'mine' | 'theirs'
export type Choices = Readonly<Record<string, Side | undefined>>

export interface Resolution {
  choice: 'mine' | 'theirs'
  /** Left out when every field of the operation keeps mine. */
  keepMine?: string[]
}

/**
 * The answer to a conflict that the choices of its fields amount to; null while a field has no choice. Fields that
 * nobody else changed keep mine: giving up one value must not take another one along.
 */
export function resolutionOf(changes: readonly FieldChange[], choices: Choices): Resolution | null {
  const kept: string[] = []
  for (const { field, inConflict } of changes) {
    const side = inConflict ? choices[field] : 'mine'
    if (side === undefined) return null
    if (side === 'mine') kept.push(field)
  }
  if (kept.length === 0) return { choice: 'theirs' }
  return kept.length === changes.length ? { choice: 'mine' } : { choice: 'mine', keepMine: kept }
}
