import { z } from 'zod'
import { Id } from '../provider-contract/scalar.ts'

const MOST_SECONDS = 3600

/** When what an operator saves leaves by itself, in seconds; `manual`: only when the operator sends it. */
export const SendSettings = z.object({
  mode: z.enum(['automatic', 'manual']),
  reversibleSeconds: z.number().int().min(0).max(MOST_SECONDS),
  irreversibleSeconds: z.number().int().min(0).max(MOST_SECONDS),
})
export type SendSettings = z.infer<typeof SendSettings>

/** Of several domains the one that an operator works on (D14); `id` null: all of them. */
export const DominioScelto = z.object({ id: Id.nullable() })
export type DominioScelto = z.infer<typeof DominioScelto>

/** An operator's own settings; `dominio` null: not chosen yet. */
export const Settings = z.object({ send: SendSettings, dominio: DominioScelto.nullable().default(null) })
export type Settings = z.infer<typeof Settings>

/** What holds until an operator chooses; the only place that says so. */
export const defaultSettings: Settings = {
  send: { mode: 'automatic', reversibleSeconds: 5, irreversibleSeconds: 30 },
  dominio: null,
}

/** `sendFixedMs`: this start of the program has a grace period of its own, which wins (milliseconds); null otherwise. */
export const SettingsAnswer = z.object({ settings: Settings, sendFixedMs: z.number().int().nullable() })
