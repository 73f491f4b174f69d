import { defineStore } from 'pinia'
import { ref, shallowRef, watch } from 'vue'
import type { Router } from 'vue-router'
import type { StatoAggiornamenti } from '../../src-main/contract/shell.ts'
import { askDesktop, inDesktop, onDesktop } from '../bridge/desktop.ts'
import { useStatusStore } from './status-store.ts'

/** The desktop window's own part: what it wants opened, and how it stands with updates. Null in the browser. */
export const useDesktopStore = defineStore('desktop', () => {
  const aggiornamenti = shallowRef<StatoAggiornamenti | null>(null)
  /** A screen that is wanted and waits until somebody has signed in. */
  const wanted = ref<string | null>(null)

  function start(router: Router): void {
    if (!inDesktop) return
    const status = useStatusStore()
    // The phase is not `ready` while the screen is locked.
    watch([wanted, () => status.phase], ([path, phase]) => {
      if (path === null || phase !== 'ready') return
      wanted.value = null
      void router.push(path)
    })
    onDesktop((message) => {
      switch (message.type) {
        case 'open':
          wanted.value = message.path
          return
        case 'updates':
          aggiornamenti.value = message.aggiornamenti
      }
    })
    void askDesktop({ type: 'ready' }).then(
      (answer) => {
        wanted.value ??= answer.open
        aggiornamenti.value = answer.aggiornamenti
      },
      // Without it the window works as the page in a browser does.
      () => undefined,
    )
  }
  return { aggiornamenti, wanted, start }
})
