import type { CustodyPlace, CustodyState } from '../../src-main/contract/custody.ts'
import type { SystemCustody } from '../../src-main/environment.ts'
import { custodyPlace } from '../../src-main/hosts/node/custody-place.ts'

/** A keyring in memory that can be shut, emptied and carried to another place. */
export interface MemoryCustody extends SystemCustody {
  place: CustodyPlace
  now: CustodyState
  readonly secrets: Map<string, string>
}

export function memoryCustody(now: CustodyState = 'open'): MemoryCustody {
  const secrets = new Map<string, string>()
  const custody: MemoryCustody = {
    place: custodyPlace('keyring'),
    now,
    secrets,
    state: () => Promise.resolve(custody.now),
    load: (name) => {
      if (custody.now !== 'open') return Promise.resolve({ kind: 'closed', state: custody.now })
      const secret = secrets.get(name)
      return Promise.resolve(secret === undefined ? { kind: 'absent' } : { kind: 'found', secret })
    },
    store: async (name, secret) => {
      if (custody.now !== 'open') return 'failed'
      if (secrets.has(name)) return 'exists'
      return (await custody.replace(name, secret)) ? 'stored' : 'failed'
    },
    replace: (name, secret) => {
      if (custody.now === 'open') secrets.set(name, secret)
      return Promise.resolve(custody.now === 'open')
    },
    remove: (name) => {
      if (custody.now === 'open') secrets.delete(name)
      return Promise.resolve(custody.now === 'open')
    },
  }
  return custody
}
