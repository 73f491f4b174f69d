import { mount } from '@vue/test-utils'
import { expect, it } from 'vitest'
import { createVuetify } from 'vuetify'
import type { OperationDetail } from '../../src-main/contract/operation.ts'
import { i18n } from '../locales/i18n.ts'
import EliminazioneContesa from './EliminazioneContesa.vue'

const operation: OperationDetail = {
  id: 'o1',
  seq: 1,
  type: 'indirizzo.delete',
  state: 'conflict',
  subject: 'Rossi Anna',
  casellaId: null,
  operator: 'Demo',
  enteredBy: null,
  foreign: false,
  held: false,
  unsent: false,
  createdAt: '2026-11-20T08:00:00.000Z',
  sentAt: null,
  settledAt: null,
  attempts: 1,
  nextAt: null,
  reason: null,
  changes: [
    { field: 'via', seen: 'Via Pretoria 2', mine: null, current: 'Via del Popolo 7', inConflict: true },
    { field: 'cap', seen: '85100', mine: null, current: '85100', inConflict: false },
  ],
  upload: null,
  waitsFor: null,
  changedBy: 'collega',
  changedAt: '2026-11-20T09:00:00.000Z',
  canCancel: true,
  canRetry: false,
  canResolve: true,
  canTakeOver: false,
  sent: null,
  sha256: null,
  lane: [],
  dependsOn: null,
}

it('shows what was changed since and by whom, and deletes or leaves the row as a whole', async () => {
  const wrapper = mount(EliminazioneContesa, {
    global: { plugins: [createVuetify(), i18n] },
    props: { operation, busy: false },
  })
  expect(wrapper.findAll('tbody tr').map((row) => row.text())).toEqual(['ViaVia Pretoria 2Via del Popolo 7'])
  expect(wrapper.text()).toContain('collega')
  const [leave, remove] = wrapper.findAll('button')
  await leave?.trigger('click')
  await remove?.trigger('click')
  expect(wrapper.emitted('resolve')).toEqual([[{ choice: 'theirs' }], [{ choice: 'mine' }]])
})
