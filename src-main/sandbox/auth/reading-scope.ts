import type { SandboxContext } from '../context.ts'
import type { RowType, Visibility } from '../store/resource-store.ts'
import type { Principal } from './sessions.ts'

/**
 * D2, D96 to D100: what an aggregatore reads of every ente that joined it. Holders and what is written about them stay
 * with their ente, and so does every write.
 */
const readTogether: readonly RowType[] = ['ente', 'dominio', 'casella']

/** Whose rows of a type are read by this operator; not for a write. */
export function readingScope(
  { store }: Pick<SandboxContext, 'store'>,
  principal: Principal,
  type: RowType,
): Visibility {
  if (principal.ruolo !== 'aggregatore' || !readTogether.includes(type)) return principal
  return { ...principal, enti: store.resources.entiOf(principal.enteId) }
}
