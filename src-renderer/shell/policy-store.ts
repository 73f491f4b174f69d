import { defineStore } from 'pinia'
import { computed, shallowRef } from 'vue'
import type { FunzioneVietabile, Policy } from '../../src-main/contract/policy.ts'
import { call } from '../bridge/bridge.ts'

/** What the administrators of this machine prescribe: read once, as the program does. */
export const usePolicyStore = defineStore('policy', () => {
  const policy = shallowRef<Policy | null>(null)
  let asking: Promise<void> | null = null

  /** Without an answer nothing is hidden: the core refuses what is forbidden in any case. */
  function ensure(): Promise<void> {
    asking ??= call('policy.get', {}).then(
      (answer) => {
        policy.value = answer
      },
      () => {
        asking = null
      },
    )
    return asking
  }

  const broken = computed(() => (policy.value?.state === 'broken' ? policy.value.problem : null))
  const forbids = (funzione: FunzioneVietabile): boolean => policy.value?.forbidden.includes(funzione) === true
  return { policy, broken, ensure, forbids }
})
