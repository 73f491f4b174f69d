import { createHash } from 'node:crypto'
import { hostname, userInfo } from 'node:os'
import type { CustodyPlace } from '../../contract/custody.ts'

/** The place of this process. */
export function custodyPlace(keeper: CustodyPlace['keeper']): CustodyPlace {
  const machine = hostname()
  const name = `${machine.toLowerCase()} ${userInfo().username.toLowerCase()}`
  return { machine, user: createHash('sha256').update(name).digest('hex').slice(0, 16), keeper }
}
