import { CommandError } from '../command-error.ts'
import { CasellaUpdateRequest } from '../contract/casella.ts'
import type { Fields } from '../outbox/operation.ts'
import type { Capabilities } from '../provider-contract/capabilities.ts'
import { checkedChanges } from './casella-commands.ts'

const Edited = CasellaUpdateRequest.shape.changes.strict()

/**
 * What a decided conflict of a casella sends: the values that stay the operator's and those written in their place, the
 * latter under the form's own rules. A quota always goes with its soft limit: left to the provider (D69), the reset would
 * replace a colleague's soft limit that the operator chose to keep. Throws CommandError `invalid_field`. Pure.
 */
export function resolvedChanges(
  { kept, edited, current }: { kept: Fields; edited: Fields; current: Fields },
  plan: Capabilities['plan'],
): Fields {
  const parsed = Edited.safeParse(edited)
  if (!parsed.success) {
    const field = String(parsed.error.issues[0]?.path[0] ?? Object.keys(edited)[0] ?? '')
    throw new CommandError('invalid_field', 'contract', { field, rule: 'contract' })
  }
  const given = { ...current, ...kept, ...edited }
  const soft = given['softLimitMb']
  const withSoft =
    parsed.data.quotaMb !== undefined && typeof soft === 'number' ? { ...parsed.data, softLimitMb: soft } : parsed.data
  const wanted: Fields = { ...kept, ...checkedChanges(withSoft, plan) }
  if (wanted['quotaMb'] !== undefined && wanted['softLimitMb'] === undefined && soft !== undefined)
    wanted['softLimitMb'] = soft
  const sends = { ...current, ...wanted }
  if (
    (wanted['quotaMb'] !== undefined || wanted['softLimitMb'] !== undefined) &&
    Number(sends['softLimitMb'] ?? 0) > Number(sends['quotaMb'] ?? Infinity)
  )
    throw new CommandError('invalid_field', 'over_quota', { field: 'softLimitMb', rule: 'over_quota' })
  return wanted
}
