import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { Config } from '../../src-main/archive/config-store.ts'
import type { Core } from '../../src-main/core.ts'
import { openDatabase } from '../../src-main/db/database.ts'
import { metaStore } from '../../src-main/db/meta-store.ts'
import { sql } from '../../src-main/db/sql.ts'
import { startSandbox, type Sandbox } from '../../src-main/sandbox/sandbox.ts'
import { coreClient, type CoreClient } from '../support/core-client.ts'
import { startFaultProxy, type FaultProxy } from '../support/fault-proxy.ts'
import { hurriedClock } from '../support/hurried-clock.ts'
import { colleague, type Colleague } from '../support/provider-colleague.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { startTestCore, startTestSandbox } from '../support/test-core.ts'
import { PATIENCE } from '../support/patience.ts'

const folder = temporaryFolder()
let sandbox: Sandbox
let proxy: FaultProxy
let core: Core
let client: CoreClient
let other: Colleague
let taken = 0

beforeAll(async () => {
  sandbox = await startSandbox({
    port: 0,
    data: join(folder, 'gestore'),
    caselle: 150,
    seed: 3,
    profile: 'basilicata',
  })
  proxy = await startFaultProxy(sandbox.port)
  core = await startTestCore(folder, { clock: hurriedClock() })
  client = coreClient(core)
  await client.call('session.login', { url: proxy.url, ...sandbox.demo })
  await client.aligned()
  other = await colleague(sandbox.url)
})
afterEach(() => proxy.heal())
afterAll(async () => {
  await core.close()
  await proxy.close()
  await sandbox.close()
})

/** An active casella that no other test touches, and its holder. */
async function fresh(): Promise<{ casellaId: string; titolareId: string; indirizzo: string }> {
  const casellaId = await client.casella('attiva', (taken += 1))
  const { titolareId, indirizzo } = await client.call('caselle.get', { id: casellaId })
  return { casellaId, titolareId, indirizzo }
}

async function alignedNow(): Promise<void> {
  await client.call('sync.start', {})
  await client.aligned()
}

const via = { localita: 'Potenza', provincia: 'PZ', cap: '85100', telefono: null, fax: null, email: null }
const indirizzo = (civico: number) => ({ via: `Via Pretoria ${civico}`, ...via, cellulare: null })
const azienda = {
  formaGiuridica: null,
  partitaIva: '00743110157',
  rea: null,
  codiceDestinatario: null,
  pecDestinatario: null,
  referenteAmministrativo: null,
}

describe('a holder', () => {
  test('that is renamed shows the new name on its caselle at once, and the provider has it after', async () => {
    const { casellaId, titolareId } = await fresh()
    const { titolare } = await client.call('titolari.get', { id: titolareId })
    await proxy.refuse()
    const { operationId } = await client.call('titolari.update', {
      id: titolareId,
      changes: { cognome: 'Ribattezzi' },
      seen: { cognome: titolare.cognome },
    })
    expect((await client.call('caselle.get', { id: casellaId })).titolare).toContain('Ribattezzi')
    expect((await client.call('titolari.get', { id: titolareId })).pendingFields).toMatchObject([
      { field: 'cognome', serverValue: titolare.cognome },
    ])
    const found = await client.call('caselle.list', { offset: 0, limit: 5, search: 'ribattezzi' })
    expect(found.rows.map(({ id }) => id)).toContain(casellaId)
    await proxy.heal()
    await client.reaches(operationId, 'settled')
    expect(await other.row(`/titolari/${titolareId}`)).toMatchObject({ cognome: 'Ribattezzi' })
    expect((await client.call('titolari.get', { id: titolareId })).pendingFields).toEqual([])
  })

  test('whose field a colleague changed meanwhile is a conflict, and what the person keeps goes over what was shown', async () => {
    const { titolareId } = await fresh()
    const { titolare } = await client.call('titolari.get', { id: titolareId })
    await proxy.refuse()
    await client.goesOffline()
    const { operationId } = await client.call('titolari.update', {
      id: titolareId,
      changes: { telefono: '0971 111111', fax: '0971 222222' },
      seen: { telefono: titolare.telefono, fax: titolare.fax },
    })
    await other.write('PATCH', `/titolari/${titolareId}`, { telefono: '0971 999999' })
    await proxy.heal()
    const conflict = await client.reaches(operationId, 'conflict')
    expect(conflict).toMatchObject({ changedBy: 'collega' })
    expect(conflict.changes).toContainEqual({
      field: 'telefono',
      seen: titolare.telefono,
      mine: '0971 111111',
      current: '0971 999999',
      inConflict: true,
    })
    await client.call('outbox.resolve', { id: operationId, choice: 'mine', keepMine: ['fax'] })
    await client.reaches(operationId, 'settled')
    expect(await other.row(`/titolari/${titolareId}`)).toMatchObject({
      telefono: '0971 999999',
      fax: '0971 222222',
    })
  })

  test.each([
    [{ codiceFiscale: 'RSSMRA80A01H501X' }, 'codiceFiscale'],
    [{ nome: ' ' }, 'nome'],
    [{ email: 'senza chiocciola' }, 'email'],
    [{ cellulare: '12' }, 'cellulare'],
    [{ 'documentoIdentita.numero': 'AB1' }, 'documentoIdentita.tipo'],
  ])('takes no value that is wrong: %j', async (changes, field) => {
    const { titolareId } = await fresh()
    const answer = await core.request({
      v: 1,
      id: 'prova',
      channel: 'titolari.update',
      body: { id: titolareId, changes, seen: {} },
    })
    expect(answer).toMatchObject({ ok: false, error: { code: 'invalid_field', details: { field } } })
  })

  test('is made without a casella, takes an address before it has left, and arrives once', async () => {
    await proxy.refuse()
    const titolare = { nome: 'Ida', cognome: 'Solitaria', codiceFiscale: 'PSSDAA80A41H501M', cellulare: '333 1234567' }
    const request = { titolare: { ...titolare, tipologia: 'persona_fisica' as const }, overrideReason: 'prova' }
    const made = await client.call('titolari.create', request)
    const { rows } = await client.call('titolari.list', { search: 'solitaria', offset: 0, limit: 5 })
    expect(rows).toMatchObject([{ id: made.id, caselle: 0 }])
    await client.call('indirizzi.create', { titolareId: made.id, indirizzo: indirizzo(77) })
    const shown = await client.call('titolari.get', { id: made.id })
    expect(shown.indirizzi).toMatchObject([{ via: 'Via Pretoria 77' }])
    expect(shown.indirizzi[0]?.createdBy).not.toBeNull()
    await proxy.heal()
    await client.reaches(made.operationId, 'settled')
    await alignedNow()
    const sent = await client.call('titolari.get', { id: made.id })
    expect(sent.titolare).toMatchObject({ cognome: 'Solitaria', cellulare: '+393331234567' })
    const filter = encodeURIComponent(`codiceFiscale eq "${titolare.codiceFiscale}"`)
    expect(await other.list(`/titolari?filter=${filter}`)).toHaveLength(1)
  })

  test.each([
    [{ cognome: 'Senza', codiceFiscale: 'PSSDAA80A41G942Z', cellulare: '3331234567' }, 'nome'],
    [{ nome: 'Senza', cognome: 'Codice', cellulare: '3331234567' }, 'codiceFiscale'],
  ])('is not made where something is missing: %j', async (titolare, field) => {
    const answer = await core.request({ v: 1, id: 'prova', channel: 'titolari.create', body: { titolare } })
    expect(answer).toMatchObject({ ok: false, error: { code: 'invalid_field', details: { field } } })
  })

  test('with caselle is not deleted, even when they are deleted (D68)', async () => {
    const { titolareId } = await fresh()
    expect(await client.codeOf('titolari.remove', { id: titolareId, seen: {} })).toBe('titolare_with_caselle')
  })

  test('without caselle goes, with what hangs on it', async () => {
    const made = await other.write('POST', '/titolari', {
      tipologia: 'persona_fisica',
      nome: 'Ada',
      cognome: 'Passeggera',
      codiceFiscale: 'PSSDAA80A41G942Z',
      email: null,
      telefono: null,
      cellulare: '+393331234567',
      fax: null,
    })
    const id = made?.id ?? ''
    await alignedNow()
    const { operationId } = await client.call('titolari.remove', { id, seen: {} })
    expect((await client.call('titolari.get', { id })).deletedBy).toBe(operationId)
    await client.reaches(operationId, 'settled')
    expect(await client.codeOf('titolari.get', { id })).toBe('not_found')
    await expect(other.row(`/titolari/${id}`)).rejects.toThrow('404')
  })
})

describe('an address', () => {
  test('is shown while it waits, arrives once though the answer is lost, and is changed and taken away', async () => {
    const { titolareId } = await fresh()
    proxy.loseResponses(/^POST \/indirizzi/)
    const { operationId } = await client.call('indirizzi.create', { titolareId, indirizzo: indirizzo(1) })
    const waiting = (await client.call('titolari.get', { id: titolareId })).indirizzi.at(-1)
    expect(waiting).toMatchObject({ via: 'Via Pretoria 1', createdBy: operationId })
    await client.reaches(operationId, 'uncertain')
    await proxy.heal()
    await client.reaches(operationId, 'settled')
    const all = await other.list(`/indirizzi?filter=${encodeURIComponent(`titolareId eq "${titolareId}"`)}`)
    expect(all.filter((each) => JSON.stringify(each).includes('Via Pretoria 1'))).toHaveLength(1)
    const { id } = (await client.call('titolari.get', { id: titolareId })).indirizzi.at(-1) ?? { id: '' }
    const change = await client.call('indirizzi.update', { id, changes: { cap: '85050' }, seen: { cap: '85100' } })
    await client.reaches(change.operationId, 'settled')
    expect(await other.row(`/indirizzi/${id}`)).toMatchObject({ cap: '85050' })
    proxy.loseResponses(/^DELETE \/indirizzi/)
    const removal = await client.call('indirizzi.remove', { id, seen: {} })
    await client.reaches(removal.operationId, 'uncertain')
    await proxy.heal()
    await client.reaches(removal.operationId, 'settled')
    await expect(other.row(`/indirizzi/${id}`)).rejects.toThrow('404')
    const left = (await client.call('titolari.get', { id: titolareId })).indirizzi
    expect(left.map((each) => each.id)).not.toContain(id)
  })

  test('that a colleague changed is not deleted unseen', async () => {
    const { titolareId } = await fresh()
    const made = await other.write('POST', '/indirizzi', { titolareId, ...indirizzo(2) })
    const id = made?.id ?? ''
    await alignedNow()
    await proxy.refuse()
    await client.goesOffline()
    const { operationId } = await client.call('indirizzi.remove', { id, seen: {} })
    await other.write('PATCH', `/indirizzi/${id}`, { via: 'Via del Popolo 7' })
    await proxy.heal()
    const conflict = await client.reaches(operationId, 'conflict')
    expect(conflict.changes.find(({ field }) => field === 'via')).toMatchObject({
      seen: 'Via Pretoria 2',
      current: 'Via del Popolo 7',
      inConflict: true,
    })
    expect(await other.row(`/indirizzi/${id}`)).toMatchObject({ via: 'Via del Popolo 7' })
    const half = { id: operationId, choice: 'mine' as const, keepMine: ['cap'] }
    expect(await client.codeOf('outbox.resolve', half)).toBe('operation_not_in_conflict')
    expect(await other.row(`/indirizzi/${id}`)).toMatchObject({ via: 'Via del Popolo 7' })
    await client.call('outbox.resolve', { id: operationId, choice: 'mine' })
    await client.reaches(operationId, 'settled')
    await expect(other.row(`/indirizzi/${id}`)).rejects.toThrow('404')
  })

  test('that a colleague deleted first is nothing left to delete', async () => {
    const { titolareId } = await fresh()
    const id = (await other.write('POST', '/indirizzi', { titolareId, ...indirizzo(3) }))?.id ?? ''
    await alignedNow()
    await proxy.refuse()
    await client.goesOffline()
    const { operationId } = await client.call('indirizzi.remove', { id, seen: {} })
    await other.write('DELETE', `/indirizzi/${id}`)
    await proxy.heal()
    const settled = await client.reaches(operationId, 'settled')
    expect(settled.reason?.code).toBe('already_deleted')
  })

  test('that a colleague deleted takes no change: a person decides', async () => {
    const { titolareId } = await fresh()
    const id = (await other.write('POST', '/indirizzi', { titolareId, ...indirizzo(4) }))?.id ?? ''
    await alignedNow()
    await proxy.refuse()
    await client.goesOffline()
    const { operationId } = await client.call('indirizzi.update', { id, changes: { cap: '85044' }, seen: {} })
    await other.write('DELETE', `/indirizzi/${id}`)
    await proxy.heal()
    await expect
      .poll(async () => (await client.call('outbox.get', { id: operationId })).state)
      .toMatch(/^(?:needs_review|rejected)$/)
  })

  test('is not changed before it has arrived, nor while its deletion waits', async () => {
    const { titolareId } = await fresh()
    const id = (await other.write('POST', '/indirizzi', { titolareId, ...indirizzo(5) }))?.id ?? ''
    await alignedNow()
    await proxy.refuse()
    await client.goesOffline()
    await client.call('indirizzi.create', { titolareId, indirizzo: indirizzo(6) })
    const waiting = (await client.call('titolari.get', { id: titolareId })).indirizzi.at(-1)?.id ?? ''
    const change = { changes: { cap: '85044' }, seen: {} }
    expect(await client.codeOf('indirizzi.update', { id: waiting, ...change })).toBe('not_yet_sent')
    await client.call('indirizzi.remove', { id, seen: {} })
    expect(await client.codeOf('indirizzi.update', { id, ...change })).toBe('deletion_pending')
    expect(await client.codeOf('indirizzi.remove', { id, seen: {} })).toBe('deletion_pending')
  })

  test.each([{ cap: '8510' }, { provincia: 'Potenza'.slice(0, 1) }, { via: ' ' }, { email: 'x' }])(
    'takes no value that is wrong: %j',
    async (wrong) => {
      const { titolareId } = await fresh()
      const given = { ...indirizzo(7), ...wrong }
      expect(await client.codeOf('indirizzi.create', { titolareId, indirizzo: given })).toBe('invalid_field')
    },
  )
})

test('a company that waits is found by its new name on the caselle of its holder', async () => {
  const { casellaId, titolareId } = await fresh()
  const attivita = { ...azienda, ragioneSociale: 'Officine Bradano srl' }
  const first = await client.call('attivita.create', { titolareId, attivita })
  await client.reaches(first.operationId, 'settled')
  const { id } = (await client.call('titolari.get', { id: titolareId })).attivita.at(-1) ?? { id: '' }
  await proxy.refuse()
  await client.goesOffline()
  await client.call('attivita.update', { id, changes: { ragioneSociale: 'Officine Basento srl' }, seen: {} })
  expect((await client.call('caselle.get', { id: casellaId })).ragioneSociale).toBe('Officine Basento srl')
  expect(await client.codeOf('attivita.update', { id, changes: { partitaIva: '00743110158' }, seen: {} })).toBe(
    'invalid_field',
  )
})

describe('a note', () => {
  test('about a casella that is only here goes after it, under the id that the provider gave', async () => {
    await proxy.refuse()
    await client.goesOffline()
    const [dominio] = (await client.call('domini.list', {})).rows
    const { titolareId } = await fresh()
    const { casellaId } = await client.call('caselle.create', {
      denominazione: 'nota.prima',
      dominioId: dominio?.id ?? '',
      tipologia: (await client.call('provider.capabilities', {})).plan.piani[0]?.tipologia ?? '',
      quotaMb: null,
      comunicazioniEmail: 'nota@posta.example',
      titolare: { kind: 'existing', id: titolareId },
    })
    const { operationId } = await client.call('note.create', { owner: { casellaId }, testo: '  Contratto in arrivo ' })
    expect((await client.call('note.list', { casellaId })).rows).toMatchObject([
      { testo: 'Contratto in arrivo', createdBy: operationId },
    ])
    await proxy.heal()
    await client.reaches(operationId, 'settled')
    const { rows } = await client.call('note.list', { casellaId })
    expect(rows).toMatchObject([{ testo: 'Contratto in arrivo', createdBy: null, autore: 'demo' }])
    expect(rows[0]?.casellaId).not.toBe(casellaId)
  })

  test('of a colleague comes with the feed; only who wrote it, or the ente, changes it', async () => {
    const { casellaId } = await fresh()
    await other.write('POST', '/note', { casellaId, testo: 'Sentito il titolare' })
    // An alignment that has begun before the note may end without it.
    const nota = await vi.waitFor(async () => {
      await alignedNow()
      const [first] = (await client.call('note.list', { casellaId })).rows
      if (first === undefined) throw new Error('the note has not come')
      return first
    }, PATIENCE)
    expect(nota).toMatchObject({ testo: 'Sentito il titolare', autore: 'collega' })
    const change = { id: nota.id, changes: { testo: 'Altro' }, seen: {} }
    const assistente = await startTestCore(join(folder, 'assistente'), { clock: hurriedClock() })
    try {
      const his = coreClient(assistente)
      await his.call('session.login', { url: sandbox.url, user: 'assistente', password: sandbox.demo.password })
      await his.aligned()
      const [seen] = (await his.call('note.list', { casellaId }).catch(() => ({ rows: [] }))).rows
      if (seen !== undefined) expect(await his.codeOf('note.update', change)).toBe('nota_of_another')
    } finally {
      await assistente.close()
    }
    const { operationId } = await client.call('note.update', change)
    await client.reaches(operationId, 'settled')
    const removal = await client.call('note.remove', { id: change.id, seen: {} })
    await client.reaches(removal.operationId, 'settled')
    expect((await client.call('note.list', { casellaId })).rows).toEqual([])
  })

  test('about nobody is refused', async () => {
    expect(await client.codeOf('note.create', { owner: { casellaId: 'C-nessuna' }, testo: 'x' })).toBe('not_found')
    const { casellaId } = await fresh()
    expect(await client.codeOf('note.create', { owner: { casellaId }, testo: '  ' })).toBe('invalid_field')
  })
})

describe('a casella', () => {
  test('is deleted once though the answer is lost, and takes nothing after that (D68)', async () => {
    const { casellaId } = await fresh()
    proxy.loseResponses(/^DELETE \/caselle/)
    const { operationId } = await client.call('caselle.remove', { id: casellaId, seen: {} })
    expect((await client.call('caselle.get', { id: casellaId })).deletedBy).toBe(operationId)
    const later = { id: casellaId, changes: { quotaMb: 9000 }, seen: {} }
    expect(await client.codeOf('caselle.update', later)).toBe('deletion_pending')
    await client.reaches(operationId, 'uncertain')
    await proxy.heal()
    await client.reaches(operationId, 'settled')
    expect((await other.casella(casellaId)).ciclo).toBe('eliminata')
    expect((await client.call('caselle.get', { id: casellaId })).stato).toBe('eliminata')
    expect(await client.codeOf('caselle.remove', { id: casellaId, seen: {} })).toBe('casella_deleted')
    expect(await client.codeOf('caselle.richiesta', { casellaId, richiesta: { tipo: 'rinnovo' } })).toBe(
      'casella_deleted',
    )
  })

  test('that a colleague changed is not deleted unseen', async () => {
    const { casellaId } = await fresh()
    await proxy.refuse()
    await client.goesOffline()
    const { operationId } = await client.call('caselle.remove', { id: casellaId, seen: {} })
    await other.patch(casellaId, { comunicazioniEmail: 'nuova@posta.example' })
    await proxy.heal()
    await client.reaches(operationId, 'conflict')
    expect((await other.casella(casellaId)).ciclo).toBe('attiva')
    await client.call('outbox.resolve', { id: operationId, choice: 'theirs' })
    await client.reaches(operationId, 'cancelled')
    expect((await client.call('caselle.get', { id: casellaId })).deletedBy).toBeNull()
  })

  test('that a colleague deleted first is nothing left to delete', async () => {
    const { casellaId } = await fresh()
    await proxy.refuse()
    await client.goesOffline()
    const { operationId } = await client.call('caselle.remove', { id: casellaId, seen: {} })
    await other.remove(casellaId)
    await proxy.heal()
    expect((await client.reaches(operationId, 'settled')).reason?.code).toBe('already_deleted')
  })

  test('is asked to cease once though the answer is lost, and one richiesta waits at a time (D71)', async () => {
    const { casellaId } = await fresh()
    proxy.loseResponses(/^POST \/caselle\/[^/]+\/richieste/)
    const cessazione = { casellaId, richiesta: { tipo: 'cessazione' as const } }
    const { operationId } = await client.call('caselle.richiesta', cessazione)
    expect(await client.codeOf('caselle.richiesta', cessazione)).toBe('richiesta_pending')
    expect((await client.call('richieste.list', { casellaId })).rows).toMatchObject([
      { kind: 'cessazione', state: 'in_coda' },
    ])
    await client.reaches(operationId, 'uncertain')
    await proxy.heal()
    await client.reaches(operationId, 'settled')
    const filter = encodeURIComponent(`casellaId eq "${casellaId}"`)
    expect(await other.list(`/operations?filter=${filter}`)).toHaveLength(1)
    expect((await client.call('richieste.list', { casellaId })).rows).toMatchObject([
      { kind: 'cessazione', state: 'waiting_provider', operationId: null },
    ])
    await alignedNow()
    expect(await client.codeOf('caselle.richiesta', cessazione)).toBe('richiesta_pending')
  })

  test('has actions only where the profile offers them and its state takes them', async () => {
    const { casellaId } = await fresh()
    expect(await client.codeOf('caselle.azione', { casellaId, azione: 'activation_data' })).toBe('action_not_offered')
    expect(await client.codeOf('caselle.azione', { casellaId, azione: 'contract_resend' })).toBe('ciclo_not_suited')
    await other.patch(casellaId, { comunicazioniEmail: 'titolare@posta.example' })
    await alignedNow()
    const { operationId } = await client.call('caselle.azione', { casellaId, azione: 'reset_link' })
    await client.reaches(operationId, 'settled')
    expect((await client.call('richieste.list', { casellaId })).rows[0]).toMatchObject({ kind: 'reset_link' })
  })
})

describe('the settings of a casella', () => {
  const forward = { 'nonCertificata.modo': 'forward', 'nonCertificata.inoltroA': 'altrove@posta.example' }

  test('are read where they are looked at, changed offline, and arrive whole', async () => {
    const { casellaId } = await fresh()
    const first = await client.call('impostazioni.get', { casellaId })
    expect(first).toMatchObject({ fresh: true, fields: { 'nonCertificata.modo': 'reject' } })
    await proxy.refuse()
    await client.goesOffline()
    const { operationId } = await client.call('impostazioni.update', {
      casellaId,
      changes: forward,
      seen: first.fields,
    })
    const waiting = await client.call('impostazioni.get', { casellaId })
    expect(waiting).toMatchObject({ fresh: false, fields: forward, readAt: first.readAt })
    expect(first.readAt).not.toBeNull()
    expect(waiting.pendingFields.map(({ field }) => field)).toEqual(Object.keys(forward))
    await proxy.heal()
    await client.reaches(operationId, 'settled')
    expect(await other.row(`/caselle/${casellaId}/impostazioni`)).toMatchObject({
      nonCertificata: { modo: 'forward', inoltroA: 'altrove@posta.example' },
      conservazione: false,
    })
  })

  test('that a colleague changed are laid side by side', async () => {
    const { casellaId } = await fresh()
    await client.call('impostazioni.get', { casellaId })
    await proxy.refuse()
    await client.goesOffline()
    const { operationId } = await client.call('impostazioni.update', { casellaId, changes: forward, seen: {} })
    await other.write('PUT', `/caselle/${casellaId}/impostazioni`, {
      conservazione: false,
      nonCertificata: { modo: 'forward', inoltroA: 'collega@posta.example' },
      notifica: { indirizzi: ['avvisi@posta.example'], mittenti: [] },
    })
    await proxy.heal()
    const conflict = await client.reaches(operationId, 'conflict')
    expect(conflict.changes.filter(({ inConflict }) => inConflict)).toMatchObject([
      { field: 'nonCertificata.inoltroA', current: 'collega@posta.example' },
    ])
    await client.call('outbox.resolve', { id: operationId, choice: 'mine' })
    await client.reaches(operationId, 'settled')
    // What nobody here touched stays the colleague's.
    expect(await other.row(`/caselle/${casellaId}/impostazioni`)).toMatchObject({
      nonCertificata: { modo: 'forward', inoltroA: 'altrove@posta.example' },
      notifica: { indirizzi: ['avvisi@posta.example'], mittenti: [] },
    })
  })

  test('are not changed unseen, nor to what the profile does not offer', async () => {
    const { casellaId } = await fresh()
    const update = (changes: Record<string, string | boolean>) =>
      client.codeOf('impostazioni.update', { casellaId, changes, seen: {} })
    expect(await update(forward)).toBe('impostazioni_unknown')
    await client.call('impostazioni.get', { casellaId })
    expect(await update({ 'nonCertificata.modo': 'forward' })).toBe('invalid_field')
    expect(await update({ ...forward, 'nonCertificata.modo': 'folder' })).toBe('invalid_field')
    expect(await update({ 'notifica.indirizzi': 'uno@posta.example, due' })).toBe('invalid_field')
    expect(await update({ inventato: 'x' })).toBe('invalid_field')
    expect(await update({ 'notifica.indirizzi': '' })).toBe('nothing_changed')
    const typed = { 'notifica.indirizzi': ' uno@posta.example,due@posta.example ' }
    const { operationId } = await client.call('impostazioni.update', { casellaId, changes: typed, seen: {} })
    const { changes } = await client.reaches(operationId, 'settled')
    expect(changes[0]?.mine).toBe('uno@posta.example, due@posta.example')
  })
})

describe('a segnalazione', () => {
  const input = {
    tipo: 'posta' as const,
    titolo: 'Posta ferma',
    descrizione: 'Da ieri non arriva nulla.',
    casellaId: null,
    destinatario: null,
  }
  const own = temporaryFolder()
  let desk: Sandbox
  let way: FaultProxy
  let running: Core
  let his: CoreClient

  beforeAll(async () => {
    desk = await startTestSandbox(own)
    way = await startFaultProxy(desk.port)
    running = await startTestCore(own, { clock: hurriedClock() })
    his = coreClient(running)
    await his.call('session.login', { url: way.url, ...desk.demo })
    await his.aligned()
  })
  afterEach(() => way.heal())
  afterAll(async () => {
    await running.close()
    await way.close()
    await desk.close()
  })

  test('and its messages, written offline, arrive in their order', async () => {
    await way.refuse()
    await his.goesOffline()
    const { id } = await his.call('segnalazioni.create', input)
    const first = await his.call('messaggi.create', { segnalazioneId: id, testo: 'Si aggiunge: nemmeno ricevute.' })
    const second = await his.call('messaggi.create', { segnalazioneId: id, testo: 'E nemmeno avvisi.' })
    const { rows, total } = await his.call('segnalazioni.list', { offset: 0, limit: 5 })
    expect(rows[0]).toMatchObject({ id, stato: 'in_coda' })
    expect((await his.call('segnalazioni.list', { offset: 1, limit: 5 })).total).toBe(total)
    expect((await his.call('segnalazioni.get', { id })).messaggi).toHaveLength(2)
    expect((await his.call('outbox.get', { id: second.operationId })).waitsFor).not.toBeNull()
    await way.heal()
    await his.reaches(first.operationId, 'settled')
    await his.reaches(second.operationId, 'settled')
    const arrived = await his.call('segnalazioni.get', { id })
    expect(arrived.stato).toBe('aperta')
    expect(arrived.messaggi.map(({ testo }) => testo)).toEqual(['Si aggiunge: nemmeno ricevute.', 'E nemmeno avvisi.'])
    const closing = await his.call('segnalazioni.update', { id, changes: { stato: 'chiusa' }, seen: {} })
    await his.reaches(closing.operationId, 'settled')
    expect(await his.codeOf('messaggi.create', { segnalazioneId: id, testo: 'Ancora' })).toBe('segnalazione_closed')
  })

  test('that is given up takes its messages with it', async () => {
    await way.refuse()
    await his.goesOffline()
    const { id, operationId } = await his.call('segnalazioni.create', { ...input, titolo: 'Ripensamento' })
    const message = await his.call('messaggi.create', { segnalazioneId: id, testo: 'Con questo.' })
    await his.call('outbox.cancel', { id: operationId })
    expect((await his.call('outbox.get', { id: message.operationId })).state).toBe('cancelled')
    expect(await his.codeOf('segnalazioni.get', { id })).toBe('not_found')
  })

  test('is not opened where the provider takes them elsewhere (D105), nor without words', async () => {
    expect(await client.codeOf('segnalazioni.create', input)).toBe('tickets_by_link')
    expect(await his.codeOf('segnalazioni.create', { ...input, titolo: ' ' })).toBe('invalid_field')
    expect(await his.codeOf('messaggi.create', { segnalazioneId: 'S-nessuna', testo: 'x' })).toBe('not_found')
  })
})

test('a document that the provider has not examined is taken back, one that it has is not', async () => {
  const { casellaId } = await fresh()
  const file = await client.deposit('atto.pdf', Buffer.from(`%PDF-1.4\n${casellaId}\ntrailer<<>>\n%%EOF\n`))
  const attached = await client.call('documenti.attach', { casellaId, tipo: 'altro', depositoIds: [file.id] })
  await client.reaches(attached.operationIds[0] ?? '', 'settled')
  const [documento] = (await client.call('documenti.list', { casellaId })).rows.filter(
    ({ sha256 }) => sha256 === file.sha256,
  )
  const id = documento?.id ?? ''
  const { operationId } = await client.call('documenti.remove', { id })
  await client.reaches(operationId, 'settled')
  expect((await client.call('documenti.list', { casellaId })).rows.map((each) => each.id)).not.toContain(id)
  await expect(other.row(`/documenti/${id}`)).rejects.toThrow('404')
})

test('an archive of an older feed takes a new copy, which brings the notes, and keeps what waits', async () => {
  const { casellaId } = await fresh()
  await other.write('POST', '/note', { casellaId, testo: 'Di prima' })
  await alignedNow()
  await proxy.refuse()
  await client.goesOffline()
  const { operationId } = await client.call('note.create', { owner: { casellaId }, testo: 'In attesa' })
  const news = async () =>
    (await client.call('activity.list', { view: 'all', casellaId: null, offset: 0, limit: 1 })).total
  const told = await news()
  await core.close()
  forgetNotes(join(folder, 'dati'))
  core = await startTestCore(folder, { clock: hurriedClock() })
  client = coreClient(core)
  expect((await client.call('note.list', { casellaId })).rows.map(({ testo }) => testo)).toEqual(['In attesa'])
  await proxy.heal()
  await client.reaches(operationId, 'settled')
  await alignedNow()
  expect((await client.call('note.list', { casellaId })).rows.map(({ testo }) => testo).toSorted()).toEqual([
    'Di prima',
    'In attesa',
  ])
  // What was there before this version is no news.
  expect(await news()).toBe(told)
})

/** The archive as a version that did not ask for notes has left it. */
function forgetNotes(dataDir: string): void {
  const { current, archives } = Config.parse(JSON.parse(readFileSync(join(dataDir, 'configurazione.json'), 'utf8')))
  const custody = archives[current ?? '']?.custody
  if (custody?.kind !== 'demo_file') throw new Error('the key lies elsewhere')
  const db = openDatabase(join(dataDir, 'archivi', current ?? '', 'archivio.db'), custody.key)
  db.run(sql`DELETE FROM nota`)
  metaStore(db).remove('feedTypes')
  db.close()
}
