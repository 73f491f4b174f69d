import { shallowRef } from 'vue'
import type { ChannelResponse } from '../../src-main/contract/channels.ts'

/**
 * What `demo.start` answered, on its way from the welcome to the login form. Kept in memory and taken once; these
 * credentials open generated data only.
 */
const waiting = shallowRef<ChannelResponse<'demo.start'> | null>(null)

export function handOver(credentials: ChannelResponse<'demo.start'>): void {
  waiting.value = credentials
}

export function takeOver(): ChannelResponse<'demo.start'> | null {
  const taken = waiting.value
  waiting.value = null
  return taken
}
