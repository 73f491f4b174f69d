import { onActivated, onBeforeUnmount, onDeactivated, ref, shallowRef, watch, type Ref } from 'vue'
import { useBottomBarStore } from '../shell/bottom-bar-store.ts'

export interface ListPosition {
  from: number
  to: number
  total: number
  /** There are more than `total`, which are being counted. */
  atLeast?: boolean
}

const RELOAD_MS = 250

/**
 * What a kept-alive screen with a list does beside its list: it says its position in the bottom bar while it is in
 * front, and reads again after changes, many of which in a row make one reading.
 */
export function useListScreen(reload: () => void): {
  inFront: Readonly<Ref<boolean>>
  setPosition: (position: ListPosition) => void
  scheduleReload: () => void
} {
  const bar = useBottomBarStore()
  const inFront = ref(true)
  const position = shallowRef<ListPosition | null>(null)
  let timer: ReturnType<typeof setTimeout> | undefined

  function scheduleReload(): void {
    timer ??= setTimeout(() => {
      timer = undefined
      if (inFront.value) reload()
    }, RELOAD_MS)
  }

  watch([position, inFront], () => {
    if (inFront.value) bar.position = position.value
  })
  onActivated(() => {
    inFront.value = true
  })
  onDeactivated(() => {
    inFront.value = false
    bar.clear()
  })
  onBeforeUnmount(() => {
    clearTimeout(timer)
    bar.clear()
  })
  return {
    inFront,
    setPosition: (now) => {
      position.value = now
    },
    scheduleReload,
  }
}
