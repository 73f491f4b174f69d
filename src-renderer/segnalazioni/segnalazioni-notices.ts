import { watch } from 'vue'
import { useRouter } from 'vue-router'
import type { SegnalazioneRow } from '../../src-main/contract/registro.ts'
import { askDesktop, inDesktop } from '../bridge/desktop.ts'
import { i18n } from '../locales/i18n.ts'
import { fieldValue } from '../locales/operation-words.ts'
import { useUnreadSegnalazioniStore } from './unread-segnalazioni-store.ts'

const KEY = 'sportello.segnalazioni-avvisate'

export function canNotify(): boolean {
  return 'Notification' in window && Notification.permission === 'granted'
}

/**
 * What the desktop shows, also over a locked screen: number and state alone, never a word of what it is about nor of whom.
 * A number that could hold a text is left out. Pure.
 */
export function noticeWords({ id, stato }: Pick<SegnalazioneRow, 'id' | 'stato'>): { title: string; body: string } {
  const { t } = i18n.global
  const state = fieldValue('stato', stato)
  return {
    title: t('segnalazioni.avviso.titolo'),
    body: /^[A-Z0-9:_-]{1,40}$/i.test(id) ? t('segnalazioni.avviso.testo', { id, stato: state }) : state,
  }
}

/** Tells the desktop of answers to the operator's own segnalazioni, once each, without a word of what they are about. */
export function useSegnalazioniNotices(): void {
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
      for (const row of news) {
        const { id } = row
        const { title, body } = noticeWords(row)
        const notice = new Notification(title, { body, tag: id })
        notice.addEventListener('click', () => {
          window.focus()
          if (inDesktop) void askDesktop({ type: 'show' }).catch(() => undefined)
          void router.push({ path: '/supporto', query: { segnalazione: id } })
        })
      }
    },
  )
}
