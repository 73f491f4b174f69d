import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import type { Capabilities } from '../../src-main/provider-contract/capabilities.ts'
import { call } from '../bridge/bridge.ts'

/** The provider's profile (domain.md P), kept by the core, so that it is there offline as well. */
export const useCapabilitiesStore = defineStore('capabilities', () => {
  /** Null until it is known: screens then check less, and the provider checks all. */
  const capabilities = shallowRef<Capabilities | null>(null)

  /** Throws CommandError. */
  async function load(): Promise<Capabilities> {
    const loaded = await call('provider.capabilities', {})
    capabilities.value = loaded
    return loaded
  }

  let loading: Promise<unknown> | null = null
  /** Loads when nothing is known yet nor on its way; a failure leaves it unknown. */
  async function ensure(): Promise<void> {
    if (capabilities.value !== null) return
    loading ??= load()
      .catch(() => undefined)
      .finally(() => {
        loading = null
      })
    await loading
  }

  return { capabilities, load, ensure }
})
