import { z } from 'zod'
import { LockSettings } from '../contract/screen-lock.ts'
import type { MetaStore } from '../db/meta-store.ts'

const KeptLock = z.object({
  salt: z.string(),
  hash: z.string(),
  /** Wrong PINs since the last right one: a restart of the program forgets none. */
  failures: z.number().int(),
  settings: LockSettings,
})
export type KeptLock = z.infer<typeof KeptLock>

/** Each operator's PIN and how it locks, in the archive. Writing throws what the database throws. */
export interface LockStore {
  /** Null where the operator has no PIN. */
  of(operator: string): KeptLock | null
  write(operator: string, lock: KeptLock): void
  remove(operator: string): void
}

const ByOperator = z.record(z.string(), KeptLock)

export function lockStore(meta: MetaStore): LockStore {
  // Asked for with each request.
  let known: Record<string, KeptLock> | null = null
  const all = (): Record<string, KeptLock> => (known ??= meta.read('screenLock', ByOperator) ?? {})
  const write = (locks: Record<string, KeptLock>): void => {
    meta.write('screenLock', locks)
    known = locks
  }
  return {
    of: (operator) => all()[operator] ?? null,
    write: (operator, lock) => {
      write({ ...all(), [operator]: lock })
    },
    remove: (operator) => {
      write(Object.fromEntries(Object.entries(all()).filter(([id]) => id !== operator)))
    },
  }
}
