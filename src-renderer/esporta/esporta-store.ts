import { defineStore } from 'pinia'
import { onActivated, onBeforeUnmount, onDeactivated, onMounted, shallowRef, watch } from 'vue'
import type { ChannelRequest } from '../../src-main/contract/channels.ts'

/** A list as its screen shows it now. */
export interface ExportOffer {
  subject: ChannelRequest<'esporta.begin'>['subject']
  /** The filter in words; empty where nothing is filtered. */
  filter: string
  /** Null while it is not known. */
  count: number | null
  /** Keys of the columns that are shown, in their order; empty for all. */
  columns: readonly string[]
}

/** Which table of a report, of what. */
export type TabellaDi = Omit<Extract<ExportOffer['subject'], { list: 'report' }>, 'list'>

/** What the screen in front can hand over as a file, and what has been asked for. */
export const useEsportaStore = defineStore('esporta', () => {
  const current = shallowRef<(() => ExportOffer) | null>(null)
  const asked = shallowRef<ExportOffer | null>(null)

  /** Of what is given, or else of the list in front. */
  function ask(offer?: ExportOffer): void {
    asked.value = offer ?? current.value?.() ?? null
  }
  function close(): void {
    asked.value = null
  }
  return { current, asked, ask, close }
})

/** The screen's list can be exported while it is in front, and `when` it has one. */
export function useExport(offer: () => ExportOffer, when: () => boolean = () => true): void {
  const store = useEsportaStore()
  const offered = (): void => {
    inFront = true
    if (when()) store.current = offer
    else if (store.current === offer) store.current = null
  }
  const gone = (): void => {
    inFront = false
    if (store.current === offer) store.current = null
  }
  let inFront = false
  watch(when, () => {
    if (inFront) offered()
  })
  onMounted(offered)
  onActivated(offered)
  onDeactivated(gone)
  onBeforeUnmount(gone)
}
