import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, expect, test, vi } from 'vitest'
import { nextTick } from 'vue'
import { createMemoryHistory, createRouter, type Router } from 'vue-router'
import type { Phase, Status } from '../../src-main/contract/status.ts'
import type { ShellMessage, ShellReady } from '../../src-main/contract/shell.ts'
import { useDesktopStore } from './desktop-store.ts'
import { useStatusStore } from './status-store.ts'

let told: ((message: ShellMessage) => void) | null = null
let ready: ShellReady = { open: null, aggiornamenti: { stato: 'fermo', ultimoControllo: null } }

vi.mock('../bridge/desktop.ts', () => ({
  inDesktop: true,
  askDesktop: () => Promise.resolve(ready),
  onDesktop: (listener: (message: ShellMessage) => void) => {
    told = listener
  },
}))

const nowhere = { template: '' }
let router: Router
beforeEach(async () => {
  setActivePinia(createPinia())
  ready = { open: null, aggiornamenti: { stato: 'fermo', ultimoControllo: null } }
  router = createRouter({ history: createMemoryHistory(), routes: [{ path: '/:all(.*)*', component: nowhere }] })
  await router.push('/accesso')
})

function phase(next: Phase): void {
  useStatusStore().told = { phase: next, lock: null } as Status
}
const path = () => router.currentRoute.value.fullPath

test('what another program wants opened is opened at once where somebody has signed in', async () => {
  phase('ready')
  useDesktopStore().start(router)
  told?.({ type: 'open', path: '/caselle/c-1' })
  await expect.poll(() => path()).toBe('/caselle/c-1')
})

test('it waits through the login, and the latest wish counts', async () => {
  phase('signed_out')
  ready = { ...ready, open: '/novita' }
  const desktop = useDesktopStore()
  desktop.start(router)
  await expect.poll(() => desktop.wanted).toBe('/novita')
  told?.({ type: 'open', path: '/coda' })
  await nextTick()
  expect(path()).toBe('/accesso')
  phase('ready')
  await expect.poll(() => path()).toBe('/coda')
  expect(desktop.wanted).toBeNull()
})

test('the state of updates is the last one told', async () => {
  const desktop = useDesktopStore()
  desktop.start(router)
  await expect.poll(() => desktop.aggiornamenti).toEqual({ stato: 'fermo', ultimoControllo: null })
  told?.({ type: 'updates', aggiornamenti: { stato: 'pronto', versione: '1.2.0', attesa: null } })
  expect(desktop.aggiornamenti).toMatchObject({ stato: 'pronto' })
})

test('it waits behind the lock of the screen', async () => {
  phase('screen_locked')
  useDesktopStore().start(router)
  told?.({ type: 'open', path: '/caselle/c-9' })
  await nextTick()
  expect(path()).toBe('/accesso')
  phase('ready')
  await expect.poll(() => path()).toBe('/caselle/c-9')
})
