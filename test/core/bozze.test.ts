import { afterAll, beforeAll, expect, test } from 'vitest'
import { startOffice, type Office } from '../support/office.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

let office: Office
beforeAll(async () => {
  office = await startOffice(temporaryFolder())
})
afterAll(() => office.close())

const bozza = (title = 'a@b.it') => ({
  id: crypto.randomUUID(),
  kind: 'casella' as const,
  title,
  data: { denominazione: 'uno', quotaMb: 500, note: null },
})

test('a draft outlasts a restart without network, and a repeated saving makes no second one', async () => {
  await office.network.refuse()
  const mine = bozza()
  await office.client.call('drafts.save', mine)
  await office.client.call('drafts.save', { ...mine, title: 'due', data: { denominazione: 'due' } })
  await office.restart()
  const { rows } = await office.client.call('drafts.list', {})
  expect(rows.map(({ id, title }) => [id, title])).toEqual([[mine.id, 'due']])
  expect((await office.client.call('drafts.get', { id: mine.id })).data).toEqual({ denominazione: 'due' })
  expect((await office.client.call('drafts.list', { kind: 'segnalazione' })).rows).toEqual([])
  await office.client.call('drafts.remove', { id: mine.id })
  await office.client.call('drafts.remove', { id: mine.id })
  expect((await office.client.call('drafts.list', {})).rows).toEqual([])
  await office.network.heal()
})

test("a draft is its operator's own: nobody else reads, writes or removes it", async () => {
  const mine = bozza()
  await office.client.call('drafts.save', mine)
  await office.signIn('collega')
  expect((await office.client.call('drafts.list', {})).rows).toEqual([])
  expect(await office.client.codeOf('drafts.get', { id: mine.id })).toBe('not_found')
  expect(await office.client.codeOf('drafts.save', { ...mine, title: 'preso' })).toBe('not_found')
  await office.client.call('drafts.remove', { id: mine.id })
  await office.signIn('demo')
  expect((await office.client.call('drafts.get', { id: mine.id })).title).toBe('a@b.it')
})

test('a draft holds plain values and not without end', async () => {
  const save = (data: unknown) =>
    office.client.core.request({ v: 1, id: 'x', channel: 'drafts.save', body: { ...bozza(), data } })
  for (const data of [{ file: { bytes: [1] } }, { a: 'x'.repeat(100_001) }, { a: [1, 2] }])
    expect(await save(data)).toMatchObject({ ok: false, error: { code: 'invalid_body' } })
})

test('a draft goes in the same moment in which its casella is queued, and stays when that is refused', async () => {
  const mine = bozza('sportello')
  await office.client.call('drafts.save', mine)
  const { rows } = await office.client.call('domini.list', {})
  const { titolareId } = await office.client.call('caselle.get', { id: await office.fresh() })
  const request = {
    bozzaId: mine.id,
    denominazione: 'con spazio',
    dominioId: rows[0]?.id ?? '',
    tipologia: 'STANDARD',
    quotaMb: null,
    comunicazioniEmail: null,
    titolare: { kind: 'existing' as const, id: titolareId },
  }
  expect(await office.client.codeOf('caselle.create', request)).toBe('invalid_field')
  expect((await office.client.call('drafts.get', { id: mine.id })).title).toBe('sportello')
  await office.client.call('caselle.create', { ...request, denominazione: 'dalla.bozza' })
  expect(await office.client.codeOf('drafts.get', { id: mine.id })).toBe('not_found')
})

async function attach(nomeFile: string): Promise<string> {
  const base64 = Buffer.from('89504e470d0a1a0a', 'hex').toString('base64')
  const part = { caricamento: crypto.randomUUID(), nomeFile, da: 0, base64, fine: true }
  const { allegato } = await office.client.call('segnalazioni.allega', part)
  return allegato?.depositoId ?? ''
}
const asked = { tipo: 'posta', titolo: 'Ricevuta', descrizione: 'Manca', casellaId: null, destinatario: null } as const

test('a segnalazione that is being written outlasts a restart with its files, and goes when it is queued', async () => {
  const { network } = office
  await network.refuse()
  const kept = await attach('schermata.png')
  const forgotten = await attach('altra.png')
  const id = crypto.randomUUID()
  const save = (data: Record<string, string | string[]>) =>
    office.client.call('drafts.save', { id, kind: 'segnalazione', title: 'Ricevuta', data })
  expect(await save({ titolo: 'Ricevuta', allegati: [kept] })).toMatchObject({ id, about: null })
  await office.restart()
  const { data } = await office.client.call('drafts.get', { id })
  expect(data).toEqual({ titolo: 'Ricevuta', allegati: [kept] })
  const waiting = () => office.client.call('segnalazioni.allegati', { ids: [kept, forgotten] })
  expect((await waiting()).rows).toEqual([{ depositoId: kept, nomeFile: 'schermata.png', bytes: 8 }])

  // What is refused takes nothing away.
  const request = { ...asked, allegati: [kept], bozzaId: id }
  expect(await office.client.codeOf('segnalazioni.create', { ...request, titolo: ' ' })).toBe('invalid_field')
  expect((await office.client.call('drafts.get', { id })).title).toBe('Ricevuta')
  const made = await office.client.call('segnalazioni.create', request)
  expect(await office.client.codeOf('drafts.get', { id })).toBe('not_found')
  expect((await waiting()).rows).toEqual([])

  // An answer that was begun before the segnalazione had arrived is found by its later id too.
  const answer = { id: crypto.randomUUID(), kind: 'segnalazione' as const, title: 'Risposta' }
  await office.client.call('drafts.save', { ...answer, data: { segnalazioneId: made.id, testo: 'Ecco' } })
  await network.heal()
  await office.client.call('sync.start', {})
  await office.client.reaches(made.operationId, 'settled')
  const { id: sent } = await office.client.call('segnalazioni.get', { id: made.id })
  expect(sent).not.toBe(made.id)
  const { rows } = await office.client.call('drafts.list', { kind: 'segnalazione' })
  expect(rows).toMatchObject([{ id: answer.id, about: sent }])
  await office.client.call('messaggi.create', { segnalazioneId: sent, testo: 'Ecco', bozzaId: answer.id })
  expect((await office.client.call('drafts.list', {})).rows.map((row) => row.id)).not.toContain(answer.id)
})
