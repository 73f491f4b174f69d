import { z } from 'zod'
import { defaultSettings, Settings } from '../contract/settings.ts'
import type { MetaStore } from '../db/meta-store.ts'

/** Each operator's own settings, in the archive. */
export interface SettingsStore {
  /** The defaults for who has chosen none, and for what an older version wrote and no longer fits. */
  of(operator: string): Settings
  write(operator: string, settings: Settings): void
}

const ByOperator = z.record(z.string(), z.unknown())

export function settingsStore(meta: MetaStore): SettingsStore {
  const all = (): Record<string, unknown> => meta.read('settings', ByOperator) ?? {}
  return {
    of: (operator) => {
      const parsed = Settings.safeParse(all()[operator])
      return parsed.success ? parsed.data : defaultSettings
    },
    write: (operator, settings) => {
      meta.write('settings', { ...all(), [operator]: settings })
    },
  }
}
