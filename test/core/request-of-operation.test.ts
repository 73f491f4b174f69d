import { expect, test } from 'vitest'
import { requestOf, type SendingFacts } from '../../src-main/outbox/request-of-operation.ts'
import { anOperation } from '../support/an-operation.ts'

const facts: SendingFacts = {
  serverId: (id) => id,
  version: () => 4,
  titolare: () => undefined,
  impostazioni: () => ({
    casellaId: 'C1',
    version: 4,
    updatedAt: '2026-01-01T00:00:00.000Z',
    updatedBy: null,
    conservazione: false,
    nonCertificata: { modo: 'reject' },
    notifica: { indirizzi: ['avvisi@posta.example'], mittenti: [] },
    antispam: 'spento',
    regole: [],
    smsA: null,
  }),
  uploadId: null,
}
const settings = (fields: Record<string, string | null>) =>
  anOperation({
    type: 'impostazioni.update',
    args: { type: 'impostazioni.update', id: 'C1', fields },
    row: { kind: 'impostazioni', id: 'C1' },
  })

test('settings are sent whole: what nobody changed stays as it was seen', () => {
  const made = requestOf(
    settings({ 'nonCertificata.modo': 'forward', 'nonCertificata.inoltroA': 'a@posta.example' }),
    facts,
  )
  expect(made).toMatchObject({ kind: 'request', request: { method: 'PUT', ifMatch: '"v4"' } })
  expect(made.kind === 'request' ? JSON.parse(made.request.body) : null).toEqual({
    conservazione: false,
    nonCertificata: { modo: 'forward', inoltroA: 'a@posta.example' },
    notifica: { indirizzi: ['avvisi@posta.example'], mittenti: [] },
    antispam: 'spento',
    regole: [],
    smsA: null,
  })
})

test('settings that do not fit together any more are for a person, and not told as deleted', () => {
  expect(requestOf(settings({ 'nonCertificata.modo': 'forward' }), facts)).toEqual({ kind: 'unfit' })
})

test('a row that the provider has no more takes no request, one that has no id yet waits for its maker', () => {
  const nota = anOperation({
    type: 'nota.delete',
    args: { type: 'nota.delete', id: 'N1' },
    row: { kind: 'nota', id: 'N1' },
  })
  expect(requestOf(nota, { ...facts, version: () => undefined })).toEqual({ kind: 'gone' })
  expect(requestOf(nota, { ...facts, serverId: () => undefined })).toEqual({ kind: 'waits', for: 'N1' })
  expect(requestOf(nota, facts)).toMatchObject({
    kind: 'request',
    request: { method: 'DELETE', path: '/note/N1', ifMatch: '"v4"', body: '' },
  })
})
