import { join } from 'node:path'
import type { ProfileName } from '../provider-contract/capabilities.ts'
import { createSessions } from './auth/sessions.ts'
import { createClock } from './clock.ts'
import type { SandboxContext } from './context.ts'
import { createConsoleAccess } from './console/console-access.ts'
import { SandboxError, openDataFolder } from './data-folder.ts'
import { demoUsers } from './demo-users.ts'
import type { FaultPlan } from './faults/fault-rule.ts'
import { type Faults, createFaults } from './faults/faults.ts'
import { createCursors } from './feed/cursors.ts'
import { type Life, startLife } from './life/life.ts'
import { createMailer } from './mail/mailer.ts'
import type { SmtpDelivery } from './mail/smtp-delivery.ts'
import { profiles } from './profiles.ts'
import { createServer } from './server.ts'

export interface SandboxOptions {
  /** 0: any free one. */
  port: number
  /** The folder of the data; made when missing. */
  data: string
  /** How many caselle the demo user sees. */
  caselle: number
  seed: number
  profile: ProfileName
  /** How many writes its profile says that one request may hold; without, as many as it takes. */
  batches?: number
  clock?: () => Date
  /** What goes wrong from the beginning; `Sandbox.faults` changes it. */
  faults?: FaultPlan | undefined
  /** Without, mail goes to .eml files in the folder `posta` of the data. */
  smtp?: SmtpDelivery | undefined
  log?: (line: string) => void
  /** Called while the data are generated, with caselle done and in all. */
  progress?: (done: number, total: number) => void
}

export interface Sandbox {
  url: string
  port: number
  demo: { user: string; password: string }
  /** Where, and as whom, one acts as the Gestore. */
  console: { url: string; user: string; password: string }
  /** What goes wrong on demand, for tests; people switch it at /console/faults. */
  faults: Faults
  /** Makes every cursor and mark given so far too old (410), as a provider does that keeps its feed for a while. */
  expireCursors(): () => void
  /** Ends every session, as a provider does that restarts or revokes: the next request is 401. */
  endSessions(): void
  /** Does what has fallen due by the clock and delivers the mail; it also happens by itself every minute. */
  tick(): Promise<void>
  close(): Promise<void>
}

/** Starts the gestore di prova on 127.0.0.1. Throws a SandboxError: data_mismatch, data_unreadable, port_in_use, port_refused. */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const { clock: machine = () => new Date(), log = () => undefined, progress = () => undefined } = options
  const profile = profiles[options.profile]
  const capabilities = { ...profile, batches: options.batches ?? profile.batches }
  const { caselle, seed, data: folder } = options
  const { store, uploadFolder } = await openDataFolder({
    folder,
    caselle,
    seed,
    capabilities,
    now: machine(),
    progress,
  })
  const movable = createClock(machine, store.meta)
  const clock = movable.now
  const mailer = createMailer({ mail: store.mail, clock, folder: join(folder, 'posta'), smtp: options.smtp, log })
  const installation = store.meta.installation()
  const faults = createFaults()
  if (options.faults !== undefined) faults.set(options.faults.rules, options.faults.seed)
  const access = createConsoleAccess()
  const running: { life?: Life } = {}
  const context: SandboxContext = {
    store,
    capabilities,
    sessions: createSessions(store, { id: installation, nome: capabilities.gestore }, clock),
    cursors: createCursors(installation, store.meta.signingKey()),
    uploadFolder,
    clock,
    mailer,
    site: { url: '' },
    trainer: { access, clock: movable, tick: async () => running.life?.tick() },
    faults,
  }
  const app = await createServer(context, log)
  try {
    await app.listen({ host: '127.0.0.1', port: options.port })
  } catch (error) {
    await app.close()
    await mailer.close()
    store.close()
    const isTaken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE'
    throw new SandboxError(isTaken ? 'port_in_use' : 'port_refused', { cause: error })
  }
  const address = app.server.address()
  const port = typeof address === 'object' && address !== null ? address.port : options.port
  context.site.url = `http://127.0.0.1:${port}`
  const life = startLife(context, log)
  running.life = life
  const { user, password } = demoUsers.demo
  return {
    url: context.site.url,
    port,
    demo: { user, password },
    faults,
    expireCursors: () => {
      const before = store.meta.feedStart()
      store.meta.setFeedStart(store.resources.lastSeq() + 1)
      return () => {
        store.meta.setFeedStart(before)
      }
    },
    endSessions: () => {
      store.transaction(() => {
        store.sessions.removeExpired(Number.MAX_SAFE_INTEGER)
      })
    },
    console: { url: `${context.site.url}/console`, user: access.user, password: access.password },
    tick: life.tick,
    close: async () => {
      await app.close()
      await life.close()
      await mailer.close()
      store.close()
    },
  }
}
