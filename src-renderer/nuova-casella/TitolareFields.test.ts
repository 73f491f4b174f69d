import { mount } from '@vue/test-utils'
import { describe, expect, it } from 'vitest'
import { createVuetify } from 'vuetify'
import { aliases, mdi } from 'vuetify/iconsets/mdi-svg'
import type { Capabilities } from '../../src-main/provider-contract/capabilities.ts'
import { i18n } from '../locales/i18n.ts'
import { emptyForm, problemsOf } from './casella-form.ts'
import TitolareFields from './TitolareFields.vue'

const vuetify = createVuetify({ icons: { defaultSet: 'mdi', aliases, sets: { mdi } } })

const common: Omit<Capabilities, 'holder'> = {
  profile: 'poste',
  gestore: 'Gestore di prova',
  environment: 'prova',
  credentials: 'link',
  activation: 'holder_sets_password',
  documents: { types: [], formats: ['pdf'], maxFiles: 1, maxBytes: 1024 },
  cellulareRequired: false,
  documentoIdentita: 'off',
  prezzi: [],
  plan: {
    mode: 'quota',
    piani: [{ tipologia: 'PEC', quotaMb: 100, semestraleCent: null }],
    durataMesi: null,
    quotaMinMb: 10,
    quotaMaxMb: 1024,
  },
  nameReuse: 'never',
  nonCertified: ['reject'],
  conservazione: false,
  tickets: 'link',
  supportUrl: null,
  passwordPolicy: { minLength: 8, maxLength: 16, expiryDays: 90 },
  idempotency: true,
  batches: 0,
}

function fields(holder: Capabilities['holder']) {
  const capabilities = { ...common, holder }
  const form = emptyForm(capabilities, 'D1')
  const wrapper = mount(TitolareFields, {
    global: { plugins: [vuetify, i18n] },
    props: { modelValue: form, capabilities, messages: {}, found: { state: 'none' } },
  })
  const codice = wrapper.findAll('.form-field').find((each) => each.find('#nuova-codiceFiscale').exists())
  return { codice: codice?.text() ?? '', demanded: problemsOf(form, capabilities).map(({ code }) => code) }
}

describe('the fields of a holder', () => {
  it('say that the codice fiscale is optional where name and e-mail are enough (D55)', () => {
    const { codice, demanded } = fields('name_email')
    expect(codice).toContain('facoltativo')
    expect(codice).toContain('Al gestore bastano nome ed e-mail')
    expect(demanded).not.toContain('codice_fiscale_empty')
  })

  it('demand it where the register is kept by it (D28)', () => {
    const { codice, demanded } = fields('registry')
    expect(codice).not.toContain('facoltativo')
    expect(codice).toContain('16 caratteri, o 11 cifre per un ente')
    expect(demanded).toContain('codice_fiscale_empty')
  })
})
