import type { Capabilities } from '../../provider-contract/capabilities.ts'
import { Denominazione, type NameCheck } from '../../provider-contract/casella.ts'
import type { KnownName } from '../store/name-store.ts'

/**
 * D55, D68: whether a name may be given. `cf` is the normalised codice fiscale of who would have it, if known.
 * A burned name is `same_holder_only` where the profile lets its old holder have it again, `free` to that holder: an
 * empty code tells of nobody who that is.
 */
export function nameOutcome(
  denominazione: string,
  known: KnownName | undefined,
  nameReuse: Capabilities['nameReuse'],
  cf: string | undefined,
): NameCheck['outcome'] {
  if (!Denominazione.safeParse(denominazione).success) return 'invalid'
  if (known === undefined) return 'free'
  if (!known.burned) return 'taken'
  if (nameReuse === 'never') return 'burned'
  return cf !== '' && cf === known.cf ? 'free' : 'same_holder_only'
}
