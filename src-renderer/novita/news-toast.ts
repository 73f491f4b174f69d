import { useI18n } from 'vue-i18n'
import { useRoute } from 'vue-router'
import { useToast } from '../components/toast.ts'
import { useCoreEvents } from '../shell/core-events.ts'
import { newsSentence } from './activity-words.ts'

/** Where colleagues work all day, each alignment brings something: more often than this is noise, in milliseconds. */
const QUIET_MS = 120_000

/** Says what others changed when an alignment brings it, quietly: the menu keeps the mark. */
export function useNewsToast(): void {
  const { t } = useI18n()
  const route = useRoute()
  const toast = useToast()
  let lastAt = -Infinity
  useCoreEvents((event) => {
    if (event.type !== 'news' || route.path === '/novita' || document.visibilityState !== 'visible') return
    const now = performance.now()
    if (now - lastAt < QUIET_MS) return
    lastAt = now
    toast.show(t('novita.avviso', { frase: newsSentence(event.group.counts) }))
  })
}
