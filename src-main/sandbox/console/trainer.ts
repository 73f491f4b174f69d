import type { Clock } from '../clock.ts'
import type { ConsoleAccess } from './console-access.ts'

/** What the console has beyond the routes of the contract: its own access, and time. */
export interface Trainer {
  access: ConsoleAccess
  clock: Clock
  /** Does what has fallen due. */
  tick: () => Promise<void>
}
