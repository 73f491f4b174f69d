import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import type { Core } from '../../src-main/core.ts'
import { startSandbox, type Sandbox } from '../../src-main/sandbox/sandbox.ts'
import { coreClient, type CoreClient } from '../support/core-client.ts'
import { startFaultProxy, type FaultProxy } from '../support/fault-proxy.ts'
import { hurriedClock } from '../support/hurried-clock.ts'
import { colleague, type Colleague } from '../support/provider-colleague.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { startTestCore } from '../support/test-core.ts'
import { PATIENCE } from '../support/patience.ts'

const folder = temporaryFolder()
let sandbox: Sandbox
let proxy: FaultProxy
let core: Core
let client: CoreClient
let other: Colleague

beforeAll(async () => {
  const data = join(folder, 'gestore')
  sandbox = await startSandbox({ port: 0, data, caselle: 300, seed: 5, profile: 'toscana' })
  proxy = await startFaultProxy(sandbox.port)
  core = await startTestCore(folder, { clock: hurriedClock() })
  client = coreClient(core)
  await client.call('session.login', { url: proxy.url, ...sandbox.demo })
  await client.aligned()
  other = await colleague(sandbox.url)
})
afterEach(async () => {
  await proxy.heal()
  await client.call('sync.start', {})
  await client.aligned()
})
afterAll(async () => {
  await core.close()
  await proxy.close()
  await sandbox.close()
})

const all = { offset: 0, limit: 50 }
const asked = { tipo: 'posta', titolo: 'Ricevuta che manca', casellaId: null, destinatario: null } as const

async function attach(nomeFile: string, bytes: Buffer): Promise<string> {
  const caricamento = crypto.randomUUID()
  const half = Math.floor(bytes.byteLength / 2)
  const part = (da: number, to: number) => ({
    caricamento,
    nomeFile,
    da,
    base64: bytes.subarray(da, to).toString('base64'),
    fine: to === bytes.byteLength,
  })
  expect(await client.call('segnalazioni.allega', part(0, half))).toEqual({ allegato: null })
  const { allegato } = await client.call('segnalazioni.allega', part(half, bytes.byteLength))
  return allegato?.depositoId ?? ''
}

test('a segnalazione made offline with a picture arrives once, with the very bytes of the picture (D106)', async () => {
  await proxy.refuse()
  await client.goesOffline()
  const picture = Buffer.from('89504e470d0a1a0a00112233445566778899', 'hex')
  const depositoId = await attach('schermata.png', picture)
  const descrizione = 'Manca la ricevuta zanzibar'
  const { id } = await client.call('segnalazioni.create', { ...asked, descrizione, allegati: [depositoId] })
  const found = await client.call('segnalazioni.list', { ...all, search: 'zanzi' })
  expect(found.rows).toMatchObject([{ id, stato: 'in_coda', titolo: 'Ricevuta che manca' }])
  const waiting = await client.call('segnalazioni.get', { id })
  expect(waiting).toMatchObject({ inCoda: 2, messaggi: [{ allegati: [{ id: null, nomeFile: 'schermata.png' }] }] })
  // The same file goes with one segnalazione alone, and never with a casella.
  expect(await client.codeOf('messaggi.create', { segnalazioneId: id, testo: 'x', allegati: [depositoId] })).toBe(
    'deposito_not_found',
  )
  const casellaId = await client.casella('attiva')
  const refused = { casellaId, tipo: 'altro' as const, depositoIds: [await attach('altra.png', picture)] }
  expect(await client.codeOf('documenti.attach', refused)).toBe('deposito_not_found')

  await proxy.heal()
  await client.call('sync.start', {})
  const { rows } = await client.call('outbox.list', { view: 'open', offset: 0, limit: 10 })
  for (const { id: operation } of rows) await client.reaches(operation, 'settled')
  const sent = await client.call('segnalazioni.get', { id })
  const [message] = sent.messaggi
  const [file] = message?.allegati ?? []
  const saved = await client.call('segnalazioni.scarica', {
    messaggioId: message?.id ?? '',
    allegatoId: file?.id ?? '',
  })
  expect(Buffer.from(saved.base64, 'base64')).toEqual(picture)
  expect(await other.list(`/segnalazioni?filter=${encodeURIComponent('titolo eq "Ricevuta che manca"')}`)).toHaveLength(
    1,
  )
})

test('a program is not attached, nor a part that follows nothing', async () => {
  const part = { caricamento: crypto.randomUUID(), nomeFile: 'a.exe', fine: true }
  const program = Buffer.from('MZ programma').toString('base64')
  expect(await client.codeOf('segnalazioni.allega', { ...part, da: 0, base64: program })).toBe('file_is_program')
  expect(await client.codeOf('segnalazioni.allega', { ...part, da: 7, base64: program })).toBe('not_found')
})

test('the list is narrowed by words of it and of its messages, type, state, operator and day (D109)', async () => {
  const fattura = { ...asked, tipo: 'fatturazione' as const, titolo: 'Quadratura del semestre', descrizione: 'Perché' }
  const { id: local } = await client.call('segnalazioni.create', fattura)
  const message = { segnalazioneId: local, testo: 'Vedi il prospetto girasole' }
  await client.reaches((await client.call('messaggi.create', message)).operationId, 'settled')
  const { id, aperta } = await client.call('segnalazioni.get', { id: local })
  const today = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Rome' }).format(new Date(aperta))
  const alone = [
    { search: 'QUADRAT sem' },
    { search: 'girasole' },
    { search: 'perche quadratura' },
    { search: 'prospetto', tipo: 'fatturazione', stato: 'aperta', operatore: 'demo', dal: today, al: today },
    { search: 'prospetto', stato: 'non_chiuse' },
  ] as const
  for (const narrowed of alone) {
    const found = await client.call('segnalazioni.list', { ...all, ...narrowed })
    expect(found.rows.map((row) => row.id)).toEqual([id])
    expect(found.total).toBe(1)
  }
  for (const narrowed of [
    { tipo: 'dati' },
    { stato: 'chiusa' },
    { operatore: 'nessuno' },
    { al: '2001-01-02' },
  ] as const)
    expect((await client.call('segnalazioni.list', { ...all, search: 'girasole', ...narrowed })).total).toBe(0)
  const { rows } = await client.call('segnalazioni.list', { ...all, decrescente: false })
  expect(rows.map((row) => row.aperta)).toEqual(rows.map((row) => row.aperta).toSorted())
  expect((await client.call('segnalazioni.operatori', {})).operatori).toContain('demo')
})

test('what somebody else moves is unread until this operator looks, and what this operator does is not', async () => {
  const { id: local, operationId } = await client.call('segnalazioni.create', { ...asked, descrizione: 'Da leggere' })
  await client.reaches(operationId, 'settled')
  expect(await client.call('segnalazioni.nonLette', {})).toEqual({ quante: 0, mie: [] })
  const { id } = await client.call('segnalazioni.get', { id: local })
  await other.write('PATCH', `/segnalazioni/${id}`, { stato: 'chiusa' })
  await client.call('sync.start', {})
  await client.aligned()
  await vi.waitFor(async () => {
    expect((await client.call('segnalazioni.nonLette', {})).quante).toBe(1)
  }, PATIENCE)
  expect(await client.call('segnalazioni.nonLette', {})).toMatchObject({ quante: 1, mie: [{ id, stato: 'chiusa' }] })
  expect((await client.call('segnalazioni.list', { ...all, nonLette: true })).rows).toMatchObject([{ id }])
  await client.call('segnalazioni.letta', { id })
  expect(await client.call('segnalazioni.nonLette', {})).toEqual({ quante: 0, mie: [] })
  await client.call('segnalazioni.update', { id, changes: { stato: 'aperta' }, seen: { stato: 'chiusa' } })
  expect((await client.call('segnalazioni.list', all)).rows.find((row) => row.id === id)).toMatchObject({
    stato: 'aperta',
    inCoda: 1,
  })
})

test('the frequent answers of the provider are there without network, once they were read (D109)', async () => {
  const { rows } = await client.call('faq.list', {})
  expect(rows.length).toBeGreaterThan(3)
  await proxy.refuse()
  await client.goesOffline()
  expect((await client.call('faq.list', {})).rows).toEqual(rows)
})
