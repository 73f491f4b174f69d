import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { defaultSettings, type SendSettings } from '../../src-main/contract/settings.ts'
import { startOffice, type Office } from '../support/office.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

// All of it waits for its operator: nothing leaves while the provider's rows come in.
const manual: SendSettings = { mode: 'manual', reversibleSeconds: 5, irreversibleSeconds: 30 }
let office: Office
beforeAll(async () => {
  office = await startOffice(temporaryFolder(), { graceMs: null })
})
beforeEach(() => office.client.call('settings.set', { ...defaultSettings, send: manual }))
afterAll(() => office.close())

async function alignedNow(): Promise<void> {
  await office.client.call('sync.start', {})
  await office.client.aligned()
}
async function rowOf(id: string) {
  const { indirizzo } = await office.client.call('caselle.get', { id })
  return (await office.client.call('caselle.list', { offset: 0, limit: 5, search: indirizzo })).rows.find(
    (row) => row.id === id,
  )
}
/** A note of a colleague, aligned. */
async function nota(casellaId: string): Promise<string> {
  const id = (await office.other.write('POST', '/note', { casellaId, testo: 'Sentito il titolare' }))?.id ?? ''
  await alignedNow()
  return id
}

test('a casella shows that a change of its note is in conflict, and no more once it is decided', async () => {
  const casellaId = await office.fresh()
  const id = await nota(casellaId)
  const { operationId } = await office.client.call('note.update', { id, changes: { testo: 'Altro' }, seen: {} })
  expect(await rowOf(casellaId)).toMatchObject({ inCoda: 1, attention: 'pending' })
  await office.other.write('PATCH', `/note/${id}`, { testo: 'Richiamare' })
  await alignedNow()
  expect((await office.client.call('outbox.get', { id: operationId })).state).toBe('conflict')
  expect(await rowOf(casellaId)).toMatchObject({ inCoda: 1, attention: 'conflict' })
  await office.client.call('outbox.resolve', { id: operationId, choice: 'theirs' })
  expect(await rowOf(casellaId)).toMatchObject({ inCoda: 0, attention: null })
})

test('a casella shows nothing waiting when a colleague has deleted the note first', async () => {
  const casellaId = await office.fresh()
  const id = await nota(casellaId)
  const { operationId } = await office.client.call('note.remove', { id, seen: {} })
  expect(await rowOf(casellaId)).toMatchObject({ inCoda: 1 })
  await office.other.write('DELETE', `/note/${id}`)
  await alignedNow()
  expect((await office.client.call('outbox.get', { id: operationId })).state).toBe('settled')
  expect(await rowOf(casellaId)).toMatchObject({ inCoda: 0, attention: null })
})

test('the deletion of a document is not done because its casella is deleted: a person looks', async () => {
  const casellaId = await office.fresh()
  const { client, other } = office
  const file = await client.deposit('atto.pdf', Buffer.from(`%PDF-1.4\n${casellaId}\ntrailer<<>>\n%%EOF\n`))
  const attached = await client.call('documenti.attach', { casellaId, tipo: 'altro', depositoIds: [file.id] })
  await client.call('outbox.release', { ids: attached.operationIds })
  await client.reaches(attached.operationIds[0] ?? '', 'settled')
  const { rows } = await client.call('documenti.list', { casellaId })
  const id = rows.find(({ sha256 }) => sha256 === file.sha256)?.id ?? ''
  const { operationId } = await client.call('documenti.remove', { id })
  await other.remove(casellaId)
  await alignedNow()
  expect(await client.call('outbox.get', { id: operationId })).toMatchObject({
    state: 'needs_review',
    reason: { code: 'deleted_by_provider' },
  })
  expect(await other.row(`/documenti/${id}`)).toMatchObject({ id })
})

test('a company whose conflict is decided shows the decided name on the caselle of its holder', async () => {
  const { client, other } = office
  const { rows } = await client.call('caselle.list', { offset: 0, limit: 120, stato: 'attiva' })
  const free = rows.find(({ ragioneSociale }) => ragioneSociale === null)
  const casellaId = free?.id ?? ''
  const { titolareId } = await client.call('caselle.get', { id: casellaId })
  const azienda = { formaGiuridica: null, partitaIva: '00743110157', rea: null, codiceDestinatario: null }
  const made = await other.write('POST', '/attivita', {
    titolareId,
    ragioneSociale: 'Officine Bradano srl',
    ...azienda,
    pecDestinatario: null,
    referenteAmministrativo: null,
  })
  const id = made?.id ?? ''
  await alignedNow()
  const changes = { ragioneSociale: 'Officine Basento srl' }
  const { operationId } = await client.call('attivita.update', { id, changes, seen: {} })
  await other.write('PATCH', `/attivita/${id}`, { ragioneSociale: 'Officine Agri srl' })
  await alignedNow()
  expect((await client.call('outbox.get', { id: operationId })).state).toBe('conflict')
  await client.call('outbox.resolve', {
    id: operationId,
    choice: 'mine',
    edited: { ragioneSociale: 'Officine Lucane srl' },
  })
  expect((await client.call('caselle.get', { id: casellaId })).ragioneSociale).toBe('Officine Lucane srl')
})

test('a casella that is given up takes with it its new holder, their notes, and a segnalazione with its messages', async () => {
  const { client } = office
  const { casellaId, operationIds } = await office.makeCasella('ripensata')
  const { titolareId } = await client.call('caselle.get', { id: casellaId })
  const ofHolder = await client.call('note.create', { owner: { titolareId }, testo: 'Del titolare' })
  const segnalazione = await client.call('segnalazioni.create', {
    tipo: 'posta',
    titolo: 'Posta ferma',
    descrizione: 'Non arriva nulla.',
    casellaId,
    destinatario: null,
  })
  const message = await client.call('messaggi.create', { segnalazioneId: segnalazione.id, testo: 'Nemmeno ricevute.' })
  await client.call('outbox.cancel', { id: operationIds.at(-1) ?? '' })
  for (const id of [...operationIds, ofHolder.operationId, segnalazione.operationId, message.operationId])
    expect((await client.call('outbox.get', { id })).state).toBe('cancelled')
})

test('a segnalazione that is given up among others is not taken back without its messages', async () => {
  const { client } = office
  const { id, operationId } = await client.call('segnalazioni.create', {
    tipo: 'posta',
    titolo: 'Ripensamento',
    descrizione: 'Non arriva nulla.',
    casellaId: null,
    destinatario: null,
  })
  await client.call('messaggi.create', { segnalazioneId: id, testo: 'Con questo.' })
  const work = await client.call('outbox.actOnMany', { action: 'cancel', target: { ids: [operationId] } })
  expect(work).toMatchObject({ done: 1, undoable: 0 })
})
