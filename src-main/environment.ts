import type { AxiosRequestConfig } from 'axios'
import type { CustodyPlace, CustodyState, KeptSecret, Stored } from './contract/custody.ts'
import type { Policy } from './contract/policy.ts'
import type { Log } from './diagnostics/log.ts'
import type { ThreadNetwork } from './provider/thread-network.ts'
import type { RefreshOutcome } from './trust/refresh-messages.ts'
import type { TrustLists } from './trust/trusted-services.ts'

/** Time as the core sees it; tests hand in one that they move. */
export interface Clock {
  /** Milliseconds since the epoch. Never used to order operations. */
  now(): number
  /**
   * The time of day when the process began and the milliseconds that have passed since: unlike `now`, nobody sets it.
   * What waits is scheduled by it, so that a clock set forward or back shortens and lengthens no wait. Whole, as the
   * archive keeps it.
   */
  steady(): number
  /** Runs `task` after `ms` milliseconds; the returned function cancels it. */
  after(ms: number, task: () => void): () => void
}

/** What `steady` says, as the time of day that the person's clock will show then (ISO 8601). */
export function timeOfDay(clock: Pick<Clock, 'now' | 'steady'>, steady: number): string {
  return new Date(Math.round(steady + clock.now() - clock.steady())).toISOString()
}

export const systemClock: Clock = {
  now: () => Date.now(),
  steady: () => Math.round(performance.timeOrigin + performance.now()),
  after: (ms, task) => {
    const timer = setTimeout(task, Math.min(ms, 2_147_483_647))
    return () => {
      clearTimeout(timer)
    }
  },
}

/** Where the system keeps secrets for this user: an OS keyring or Electron's safeStorage. Failures are answered, never thrown. */
export interface SystemCustody {
  readonly place: CustodyPlace
  /** `open` only where a secret stored now is there after a restart of the machine. Asked anew each time. */
  state(): Promise<CustodyState>
  load(name: string): Promise<KeptSecret>
  /** Writes over nothing: neither over what is there, nor over what cannot be read. Reads back what it has stored. */
  store(name: string, secret: string): Promise<Stored>
  /** As `store`, over whatever stands under the name. Answers false when the secret could not be stored and read back. */
  replace(name: string, secret: string): Promise<boolean>
  /** Answers true when nothing stands under the name any more. */
  remove(name: string): Promise<boolean>
}

export interface EmbeddedSandbox {
  url: string
  demo: { user: string; password: string }
  close(): Promise<void>
}

/** Reads the whole of a database that nobody works in; answers what is wrong with it, null for nothing. Never rejects. */
export type CheckCopy = (path: string, keyHex: string, signal: AbortSignal) => Promise<string | null>

/** The threads that look into documents: built, or their sources. */
export interface DocumentThreads {
  inspection: string | URL
  pdfReader: string | URL
}

/** How far the program's memory may grow before what nobody holds any more is looked for. */
export interface HeapGrowth {
  /** For work that makes much and lets most of it go: looking often would take a part of its time. Answers its end. */
  loosen(): () => void
}

/**
 * Asks for newer trusted lists, in a thread of its own, by the way of `network` or else of the environment. Rejects only for faults of the program; what could not be had is
 * in the outcome.
 */
export type RefreshTrust = (
  known: TrustLists | null,
  now: Date,
  signal: AbortSignal,
  network?: ThreadNetwork,
) => Promise<RefreshOutcome>

/** All that a host hands to the core. */
export interface Environment {
  /** Everything that the application writes lies below this folder. */
  dataDir: string
  host: 'electron' | 'browser' | 'cli'
  version: string
  clock: Clock
  custody: SystemCustody
  log: Log
  /** Starts the sandbox that is part of the application, over its store in `dataDir`. */
  startSandbox(dataDir: string): Promise<EmbeddedSandbox>
  /** In a thread of its own: a large archive takes many seconds. */
  checkCopy: CheckCopy
  documentThreads: DocumentThreads
  /** The thread that builds an archive's indexes, built or its source, and from how many rows it does. */
  indexThread: { thread: string | URL | null; threadFrom: number }
  /** Left out, the runtime decides by itself. */
  heapGrowth?: HeapGrowth
  /** Null: the trusted lists are switched off. */
  refreshTrust: RefreshTrust | null
  /**
   * How long an operation waits before it is sent, in milliseconds, where this start of the program has its own rule (the
   * command line, a test); null: as the operator has set it.
   */
  graceMs: number | null
  /** Spreads the waits between tries, from 0 to 1; left out, at random. */
  random?: () => number
  /** An address that the login form proposes; null for none. */
  proposedProviderUrl: string | null
  /** What the administrators of this machine prescribe. */
  policy: Policy
  /** What stands in the environment about proxies (HTTPS_PROXY, NO_PROXY); left out, none. */
  proxies?: Readonly<Record<string, string | undefined>>
  /** The proxy that the system uses for an address, asked where the environment names none; left out, nobody is asked. */
  systemProxy?: (url: string) => Promise<string | null>
  /** Certificates of further authorities, as PEM; left out, none. */
  authorities?: readonly string[]
  /** Adapter or agents for the provider's client: the network fault of the tests. */
  network?: Pick<AxiosRequestConfig, 'adapter' | 'httpAgent' | 'httpsAgent' | 'proxy'>
}
