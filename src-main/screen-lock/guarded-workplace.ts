import { timingSafeEqual } from 'node:crypto'
import { keyOfLines } from '../archive/recover-key.ts'
import { CommandError } from '../command-error.ts'
import type { Status } from '../contract/status.ts'
import { providerUrl } from '../provider/http-client.ts'
import type { Workplace } from '../workplace.ts'
import { toldStatus, type PlaceStatus } from './locked-status.ts'
import type { ScreenLock } from './screen-lock.ts'

type Told<T> = T extends (...given: infer Given) => Promise<PlaceStatus> ? (...given: Given) => Promise<Status> : T
type Care = { [K in keyof Workplace['care']]: Told<Workplace['care'][K]> }

/** The workplace as it is seen through the lock of the screen. */
export interface GuardedWorkplace extends Omit<
  Workplace,
  'status' | 'login' | 'logout' | 'unlock' | 'retry' | 'care' | 'close' | 'openCurrent'
> {
  status(): Status
  /** While it is locked only at the provider of the open archive; throws CommandError `screen_locked` for another one. */
  login: Told<Workplace['login']>
  logout: Told<Workplace['logout']>
  unlock: Told<Workplace['unlock']>
  retry: Told<Workplace['retry']>
  care: Care
  /** Opens the lock with the archive's recovery key. Throws CommandError `recovery_key_wrong`. */
  openLockWithKey(lines: readonly string[]): Status
}

function isKey(keyHex: string, other: string): boolean {
  return keyHex.length === other.length && timingSafeEqual(Buffer.from(keyHex), Buffer.from(other))
}

export function guardedWorkplace(place: Workplace, lock: ScreenLock): GuardedWorkplace {
  const told = (status: PlaceStatus): Status => toldStatus(status, lock.told())
  const status = (): Status => told(place.status())
  const telling =
    <Given extends unknown[]>(work: (...given: Given) => Promise<PlaceStatus>) =>
    async (...given: Given): Promise<Status> =>
      told(await work(...given))

  /** A server that says it is this archive's provider would open it. */
  function requireOwnProvider(url: string): void {
    if (providerUrl(url) !== place.status().provider?.url)
      throw new CommandError('screen_locked', 'only the provider of the open archive proves who is there')
  }

  return {
    archive: () => place.archive(),
    signedIn: () => place.signedIn(),
    hint: () => {
      place.hint()
    },
    startDemo: () => place.startDemo(),
    status,
    login: async (request) => {
      const locked = lock.isLocked()
      const before = place.signedIn()?.operator
      if (locked) requireOwnProvider(request.url)
      await place.login(request)
      lock.proven(locked && place.signedIn()?.operator === before)
      return status()
    },
    logout: telling(place.logout),
    // What was blocked at the start has been opened by nobody yet, whatever brings it back: its PIN is asked then.
    retry: telling(place.retry),
    unlock: async (passphrase) => {
      const waited = place.status().phase === 'locked'
      const { phase } = await place.unlock(passphrase)
      if (waited && phase === 'ready') lock.proven(false)
      return status()
    },
    care: {
      ...place.care,
      restore: telling(place.care.restore),
      startAnew: telling(place.care.startAnew),
      recoverKey: async (lines, passphrase) => {
        await place.care.recoverKey(lines, passphrase)
        lock.proven(false)
        return status()
      },
    },
    openLockWithKey: (lines) => {
      const open = place.signedIn()
      if (open === null || !isKey(keyOfLines(lines), open.keyHex))
        throw new CommandError('recovery_key_wrong', 'the key is of another archive', { line: 0 })
      lock.proven(true)
      return status()
    },
  }
}
