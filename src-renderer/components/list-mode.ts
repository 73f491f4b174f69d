import { ref } from 'vue'

/** How long lists are shown: in one window that scrolls, or page by page, as screen readers count them better. */
export const listModes = ['scroll', 'pages'] as const
export type ListMode = (typeof listModes)[number]

const KEY = 'sportello.elenchi'

function stored(): ListMode {
  const value = localStorage.getItem(KEY)
  return listModes.find((mode) => mode === value) ?? 'scroll'
}

/** Of this machine, for all lists at once. */
export const listMode = ref<ListMode>(stored())

export function chooseListMode(mode: ListMode): void {
  localStorage.setItem(KEY, mode)
  listMode.value = mode
}
