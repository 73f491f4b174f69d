import { KeptProxyCredentials, PROXY_SECRET } from '../contract/rete.ts'
import type { Clock, SystemCustody } from '../environment.ts'

/** How soon a custody that was shut is looked into again, in milliseconds. */
const AGAIN_MS = 5 * 60_000

/** What is known of the credentials, without the password. */
export interface KnownCredentials {
  proxy: string
  user: string
  /** `memory`: the system keeps no secrets; they are gone when the program ends. */
  where: 'custody' | 'memory'
  /** The proxy has refused them since they were given: they are not sent any more. */
  refused: boolean
}

/**
 * The name and password of one proxy, as a person gave them. They stand in the system's custody and nowhere else, and are
 * handed out for exactly the proxy that they were given for, once it has asked: a keyring that is shut would ask the person
 * for its own password, and most proxies ask nothing.
 */
export interface ProxyCredentials {
  /** Whether they may be used on this machine. */
  readonly allowed: boolean
  /** Null for any other proxy than theirs, before it has asked, and after they were refused. */
  forProxy(origin: string): Promise<{ user: string; password: string } | null>
  /** A proxy asks. Answers true when there is something to tell it. */
  asked(origin: string): Promise<boolean>
  known(): Promise<KnownCredentials | null>
  keep(credentials: KeptProxyCredentials): Promise<void>
  /** The proxy does not take them: sent again and again they would lock an account. */
  refused(origin: string): void
  isRefused(origin: string): boolean
  /** Answers false where the custody still has them. */
  forget(): Promise<boolean>
}

interface Held {
  value: KeptProxyCredentials | null
  where: KnownCredentials['where']
  /** By `steady`; then the custody is looked into again. */
  until: number
}

/** `allowed`: false where the administrators of the machine forbid them; then they are neither kept nor used. */
export function proxyCredentials(
  custody: SystemCustody,
  clock: Pick<Clock, 'steady'>,
  allowed: boolean,
): ProxyCredentials {
  let held: Held | null = null
  let refusedFor: string | null = null
  const asking = new Set<string>()

  async function load(): Promise<Held> {
    const kept = await custody.load(PROXY_SECRET)
    if (kept.kind !== 'found')
      return { value: null, where: 'custody', until: kept.kind === 'closed' ? clock.steady() + AGAIN_MS : Infinity }
    let value: unknown = null
    try {
      value = JSON.parse(kept.secret)
    } catch {
      // Not ours: as if there were none.
    }
    return { value: KeptProxyCredentials.safeParse(value).data ?? null, where: 'custody', until: Infinity }
  }

  let loading: Promise<Held> | null = null
  async function current(): Promise<Held> {
    if (held !== null && clock.steady() < held.until) return held
    loading ??= load().finally(() => {
      loading = null
    })
    const before = held
    const loaded = await loading
    // Others may have been given meanwhile.
    if (held === before) held = loaded
    return held ?? loaded
  }

  return {
    allowed,
    asked: async (origin) => {
      if (!allowed || refusedFor === origin) return false
      asking.add(origin)
      return (await current()).value?.proxy === origin
    },
    forProxy: async (origin) => {
      if (!allowed || refusedFor === origin || !asking.has(origin)) return null
      const { value } = await current()
      return value?.proxy === origin ? { user: value.user, password: value.password } : null
    },
    known: async () => {
      const { value, where } = await current()
      if (value === null) return null
      return { proxy: value.proxy, user: value.user, where, refused: refusedFor === value.proxy }
    },
    keep: async (credentials) => {
      const isKept = allowed && (await custody.replace(PROXY_SECRET, JSON.stringify(credentials)))
      held = { value: credentials, where: isKept ? 'custody' : 'memory', until: Infinity }
      refusedFor = null
      asking.add(credentials.proxy)
    },
    refused: (origin) => {
      if (held?.value?.proxy === origin) refusedFor = origin
    },
    isRefused: (origin) => refusedFor === origin,
    forget: async () => {
      held = { value: null, where: 'custody', until: Infinity }
      refusedFor = null
      const kept = await custody.load(PROXY_SECRET)
      return kept.kind === 'absent' || custody.remove(PROXY_SECRET)
    },
  }
}
