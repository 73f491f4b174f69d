import { mount } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, expect, it } from 'vitest'
import { createVuetify } from 'vuetify'
import { aliases, mdi } from 'vuetify/iconsets/mdi-svg'
import type { Status } from '../../src-main/contract/status.ts'
import type { Capabilities } from '../../src-main/provider-contract/capabilities.ts'
import { i18n } from '../locales/i18n.ts'
import { useCapabilitiesStore } from '../shell/capabilities-store.ts'
import { useStatusStore } from '../shell/status-store.ts'
import PortaleAssistenza from './PortaleAssistenza.vue'

const vuetify = createVuetify({ icons: { defaultSet: 'mdi', aliases, sets: { mdi } } })
/** What a profile without tickets says of its portal. */
const portal = (path: string, supportCredentials: Capabilities['supportCredentials']): Capabilities =>
  ({ tickets: 'link', supportUrl: `https://assistenza.example/${path}`, supportCredentials }) as Capabilities
const basilicata = portal('basilicata', { path: '/basilicata/credenziali', emailParam: 'email' })
const poste = portal('poste', null)

beforeEach(() => {
  setActivePinia(createPinia())
})

function links(capabilities: Capabilities, comunicazioniEmail: string | null) {
  useCapabilitiesStore().capabilities = capabilities
  const operatore = { id: 'U1', user: 'demo', nome: 'Ada Prova', ruolo: 'ente', codiceAssistente: null } as const
  useStatusStore().status = { operatore: { ...operatore, comunicazioniEmail } } as Status
  const wrapper = mount(PortaleAssistenza, { global: { plugins: [vuetify, i18n] } })
  return { text: wrapper.text(), found: wrapper.findAll('a').map((link) => link.attributes()) }
}

it('leads to the portal of a provider without tickets, and asks for credentials with the e-mail filled in (D105)', () => {
  const { text, found } = links(basilicata, 'ufficio@ente.example')
  expect(found.map(({ href }) => href)).toEqual([
    'https://assistenza.example/basilicata',
    'https://assistenza.example/basilicata/credenziali?email=ufficio%40ente.example',
  ])
  // What opens knows nothing of this window.
  for (const { target, rel } of found) {
    expect(target).toBe('_blank')
    expect(rel).toBe('noopener noreferrer')
  }
  expect(text).toContain('ufficio@ente.example')
})

it('says where the e-mail has to be written by hand', () => {
  const { text, found } = links(poste, null)
  expect(found[1]?.['href']).toBe('https://assistenza.example/poste')
  expect(text).toContain("l'e-mail va scritta nel portale")
})

it('has no link where the address is not one of the web over https', () => {
  const { text, found } = links({ ...basilicata, supportUrl: 'javascript:alert(1)' }, 'ufficio@ente.example')
  expect(found).toEqual([])
  expect(text).toContain('valgono i recapiti ricevuti con le credenziali')
})
