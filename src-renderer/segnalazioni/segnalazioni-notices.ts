import { watch } from 'vue'
import { useI18n } from 'vue-i18n'
import { useRouter } from 'vue-router'
import { askDesktop, inDesktop } from '../bridge/desktop.ts'
import { fieldValue } from '../locales/operation-words.ts'
import { useUnreadSegnalazioniStore } from './unread-segnalazioni-store.ts'

const KEY = 'sportello.segnalazioni-avvisate'

export function canNotify(): boolean {
  return 'Notification' in window && Notification.permission === 'granted'
}

/** Tells the desktop of answers to the operator's own segnalazioni, once each, without a word of what they are about. */
export function useSegnalazioniNotices(): void {
  const { t } = useI18n()
  const router = useRouter()
  const unread = useUnreadSegnalazioniStore()
  watch(
    () => unread.mie,
    (mie) => {
      if (!canNotify()) return
      const told = localStorage.getItem(KEY) ?? ''
      const news = mie.filter(({ aggiornata }) => aggiornata > told)
      const [latest] = news
      if (latest === undefined) return
      localStorage.setItem(KEY, latest.aggiornata)
      for (const { id, stato } of news) {
        const text = t('segnalazioni.avviso.testo', { id, stato: fieldValue('stato', stato) })
        const notice = new Notification(t('segnalazioni.avviso.titolo'), { body: text, tag: id })
        notice.addEventListener('click', () => {
          window.focus()
          if (inDesktop) void askDesktop({ type: 'show' }).catch(() => undefined)
          void router.push({ path: '/supporto', query: { segnalazione: id } })
        })
      }
    },
  )
}
