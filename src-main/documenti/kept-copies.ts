import type { CopieLocali } from '../contract/documenti-channels.ts'
import type { Clock } from '../environment.ts'
import type { Deposit } from './deposit.ts'
import type { DocumentoStore } from './documento-store.ts'

const DAY_MS = 86_400_000
const LOOK_EVERY_MS = 3_600_000

/** For how long private copies stay after they have arrived at the provider; none that has not arrived is ever taken away. */
export interface KeptCopies {
  state(): CopieLocali
  /** `giorni`: 0, they go as soon as they have arrived. */
  keep(giorni: number): CopieLocali
  /** Takes away all that have arrived, however long ago. */
  purge(): CopieLocali
  /** In the transaction that says so of their operations. */
  arrived(depositoIds: readonly string[]): void
  /** Once that stands: the bytes go of those that are not kept. */
  letGo(depositoIds: readonly string[]): void
  stop(): void
}

export function keptCopies(dependencies: {
  documenti: DocumentoStore
  deposit: Deposit
  clock: Pick<Clock, 'now' | 'after'>
  days: { read(): number; write(days: number): void }
}): KeptCopies {
  const { documenti, deposit, clock, days } = dependencies
  const iso = (ms: number): string => new Date(ms).toISOString()
  let cancel: () => void = () => undefined

  function removeOlder(before: string): void {
    for (const id of documenti.keptSince(before)) {
      documenti.markWithoutBytes(id)
      deposit.removeBytes(id)
    }
  }
  const state = (): CopieLocali => ({ giorni: days.read(), ...documenti.kept() })
  function look(): void {
    removeOlder(iso(clock.now() - days.read() * DAY_MS))
    cancel = clock.after(LOOK_EVERY_MS, look)
  }
  look()

  return {
    state,
    keep: (giorni) => {
      days.write(giorni)
      removeOlder(iso(clock.now() - giorni * DAY_MS))
      return state()
    },
    purge: () => {
      removeOlder(iso(clock.now()))
      return state()
    },
    arrived: (depositoIds) => {
      documenti.markArrived(depositoIds, iso(clock.now()), days.read() > 0)
    },
    letGo: (depositoIds) => {
      for (const id of depositoIds) if (!documenti.needsBytes(id)) deposit.removeBytes(id)
    },
    stop: () => {
      cancel()
    },
  }
}
