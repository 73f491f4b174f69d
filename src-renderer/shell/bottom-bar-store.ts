import { defineStore } from 'pinia'
import { ref, shallowRef } from 'vue'
import type { ListPosition } from '../components/list-screen.ts'

export interface BarAction {
  label: string
  icon: string
  run: () => void
}

/** What the screen in front says in the bottom bar: its selection with actions, and where it stands in its list. */
export const useBottomBarStore = defineStore('bottom-bar', () => {
  const selectedCount = ref(0)
  const actions = shallowRef<readonly BarAction[]>([])
  /** Rows in sight; null when the screen has no list. */
  const position = shallowRef<ListPosition | null>(null)

  function setSelection(count: number, available: readonly BarAction[]): void {
    selectedCount.value = count
    actions.value = available
  }

  /** Called when a screen leaves. */
  function clear(): void {
    setSelection(0, [])
    position.value = null
  }

  return { selectedCount, actions, position, setSelection, clear }
})
