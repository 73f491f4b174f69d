import type { Capabilities } from '../provider-contract/capabilities.ts'
import type { Sessions } from './auth/sessions.ts'
import type { Trainer } from './console/trainer.ts'
import type { Faults } from './faults/faults.ts'
import type { Cursors } from './feed/cursors.ts'
import type { Mailer } from './mail/mailer.ts'
import type { Store } from './store/store.ts'

/** What every route works with. */
export interface SandboxContext {
  store: Store
  capabilities: Capabilities
  sessions: Sessions
  cursors: Cursors
  /** Where the uploaded files are, named by upload id. */
  uploadFolder: string
  clock: () => Date
  mailer: Mailer
  /** Where the holders' pages are reached: known once the server listens. */
  site: { url: string }
  faults: Faults
  /** Without it there is no console. */
  trainer?: Trainer
}
