import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import { call } from '../bridge/bridge.ts'
import { useStatusStore } from '../shell/status-store.ts'
import { type Entrance, entranceOf } from './dominio-entrance.ts'

/** The domain that the signed-in operator works on (D14), which the core remembers. */
export const useDominioSceltoStore = defineStore('dominio-scelto', () => {
  const status = useStatusStore()
  /** What the list of caselle goes back to; null: all domains. */
  const dominioId = shallowRef<string | null>(null)
  /** Whose choice is known here. */
  let knownOf: string | null = null

  /** Asks each time: the domains and the operator may be others. A core that cannot say opens the whole list. */
  async function entrance(): Promise<Entrance> {
    const known = await call('domini.toChoose', {}).catch(() => null)
    const { lastAlignedAt = null, counts } = status.status ?? {}
    // Rows of caselle come after those of their domains.
    const complete = lastAlignedAt !== null || (counts?.caselle ?? 0) > 0
    const found: Entrance = known === null ? { kind: 'open', dominioId: null } : entranceOf(known, complete)
    dominioId.value = found.kind === 'open' ? found.dominioId : null
    knownOf = known === null ? null : (status.status?.operatore?.id ?? null)
    return found
  }

  /** For a list that is entered by an address of its own. */
  async function ensure(): Promise<void> {
    if (knownOf === null || knownOf !== status.status?.operatore?.id) await entrance()
  }

  /** Throws CommandError. */
  async function choose(id: string | null): Promise<void> {
    await call('domini.choose', { id })
    dominioId.value = id
  }

  return { dominioId, entrance, ensure, choose }
})
