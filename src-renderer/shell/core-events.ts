import { onScopeDispose } from 'vue'
import { subscribe } from '../bridge/bridge.ts'
import type { ChangedEntity, CoreEvent } from '../../src-main/contract/event.ts'

type Listener = (event: CoreEvent) => void
const listeners = new Set<Listener>()
let subscribed = false

/** Starts listening to the core, once for the life of the page. */
export function startCoreEvents(connection: { lost: () => void; back: () => void }): void {
  if (subscribed) return
  subscribed = true
  subscribe({
    event: (event) => {
      for (const listener of [...listeners]) listener(event)
    },
    ...connection,
  })
}

/** Listens until the surrounding component or store goes away. */
export function useCoreEvents(listener: Listener): void {
  listeners.add(listener)
  onScopeDispose(() => {
    listeners.delete(listener)
  })
}

/** `ids` null: too many changed to name them. */
export function useChanged(entities: readonly ChangedEntity[], changed: (ids: string[] | null) => void): void {
  useCoreEvents((event) => {
    if (event.type === 'changed' && entities.includes(event.entity)) changed(event.ids)
  })
}
