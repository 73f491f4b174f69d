import { shallowReactive } from 'vue'
import { useCoreEvents } from '../shell/core-events.ts'

export interface UploadProgress {
  sent: number
  total: number
}

/** How far each document on its way has come, in bytes, as the core tells it; by operation. */
export function useUploadProgress(): ReadonlyMap<string, UploadProgress> {
  const progress = shallowReactive(new Map<string, UploadProgress>())
  useCoreEvents((event) => {
    if (event.type === 'upload') progress.set(event.operationId, { sent: event.sent, total: event.total })
  })
  return progress
}
