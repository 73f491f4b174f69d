import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Storico } from '../../src-main/provider-contract/storico.ts'
import { storicoRow, withNewest, withOlder } from '../../src-main/storico/storico-reading.ts'
import { startOffice, type Office } from '../support/office.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const AT = '2026-01-02T10:00:00.000Z'
const entry = (id: string, campi: Storico['campi'] = []): Storico =>
  Storico.parse({
    id,
    version: 1,
    updatedAt: AT,
    updatedBy: 'demo',
    enteId: 'E1',
    risorsa: 'casella',
    risorsaId: 'C1',
    casellaId: 'C1',
    titolareId: 'T1',
    operazione: 'modifica',
    versione: 2,
    chi: 'demo',
    quando: AT,
    campi,
  })
const page = (ids: string[], nextCursor: string | null = null) => ({ items: ids.map((id) => entry(id)), nextCursor })
const ids = ({ rows }: { rows: Storico[] }) => rows.map(({ id }) => id)

describe('what was read of a history', () => {
  test('takes the newest page in front of what is known, and goes on from where it had come', () => {
    const known = withNewest(undefined, page(['4', '3'], 'from-3'), AT)
    const joined = withNewest(known, page(['5', '4'], 'from-4'), AT)
    expect([ids(joined), joined.next]).toEqual([['5', '4', '3'], 'from-3'])
    const whole = withOlder(joined, page(['3', '2']))
    expect([ids(whole), whole.next]).toEqual([['5', '4', '3', '2'], null])
  })

  test('begins anew where the newest page does not reach it: no gap passes for the whole', () => {
    const known = withNewest(undefined, page(['2', '1']), AT)
    const apart = withNewest(known, page(['9', '8'], 'from-8'), AT)
    expect([ids(apart), apart.next]).toEqual([['9', '8'], 'from-8'])
  })

  test('names rows instead of ids, once each, and leaves an unknown id as it is', () => {
    const names = {
      titolare: () => 'Rossi Maria',
      casella: () => null,
      dominio: () => 'pec.example',
      assistente: () => null,
    }
    const told = storicoRow(
      entry('1', [
        { campo: 'titolareId', prima: 'T1', dopo: 'T2' },
        { campo: 'dominioId', prima: null, dopo: 'D1' },
        { campo: 'dominio', prima: null, dopo: 'pec.example' },
        { campo: 'assistenteId', prima: null, dopo: 'S9' },
        { campo: 'notifica.indirizzi', prima: [], dopo: ['a@b.example', 'c@d.example'] },
      ]),
      names,
    )
    expect(told.campi).toEqual([
      { campo: 'titolare', prima: 'Rossi Maria', dopo: 'Rossi Maria' },
      { campo: 'dominio', prima: null, dopo: 'pec.example' },
      { campo: 'assistente', prima: null, dopo: 'S9' },
      { campo: 'notifica.indirizzi', prima: '', dopo: 'a@b.example, c@d.example' },
    ])
  })
})

describe('what hangs on a casella', () => {
  let office: Office
  beforeAll(async () => {
    office = await startOffice(temporaryFolder())
  })
  afterAll(() => office.close())

  test('the storico is read where it is looked at, grows with what is changed, and is read again without network with its time', async () => {
    const { client, network, other } = office
    const casellaId = await office.fresh()
    const owner = { casellaId }
    const first = await client.call('storico.list', { owner })
    expect(first).toMatchObject({ fresh: true, more: false })
    expect(first.rows.at(-1)).toMatchObject({ operazione: 'creazione', risorsa: 'casella' })

    const quota = (await other.casella(casellaId)).quotaMb
    await client.reaches(await office.setQuota(casellaId, quota + 1024), 'settled')
    const then = await client.call('storico.list', { owner })
    expect(then.rows).toHaveLength(first.rows.length + 1)
    expect(then.rows[0]?.campi).toContainEqual({ campo: 'quotaMb', prima: quota, dopo: quota + 1024 })
    expect(then.rows[0]?.chi).toBe('demo')

    await network.refuse()
    await client.goesOffline()
    expect(await client.call('storico.list', { owner })).toEqual({ ...then, fresh: false })
    const unread = await client.call('storico.list', { owner: { casellaId: await office.fresh() } })
    expect(unread).toEqual({ rows: [], more: false, fresh: false, readAt: null })
    expect(await client.codeOf('storico.list', { owner: { casellaId: 'C99999999' } })).toBe('not_found')
    await network.heal()
    // The next test asks the provider, which has to be known to answer again.
    await client.call('sync.start', {})
    await client.aligned()
  })

  test('of a storico of sixty changes comes fifty at a time, and what came stays', async () => {
    const { client, other } = office
    const casellaId = await office.fresh()
    for (let turn = 0; turn < 60; turn += 1) await other.write('POST', '/note', { casellaId, testo: `Nota ${turn}` })
    const owner = { casellaId }
    const newest = await client.call('storico.list', { owner })
    expect([newest.rows.length, newest.more]).toEqual([50, true])
    const all = await client.call('storico.list', { owner, older: true })
    expect(all.more).toBe(false)
    expect(all.rows.length).toBeGreaterThan(60)
    expect(new Set(all.rows.map(({ id }) => id)).size).toBe(all.rows.length)
    expect(await client.call('storico.list', { owner })).toMatchObject({ rows: all.rows, more: false })
  })

  test('the segnalazioni of a casella are those that name it, with what was written last (D108)', async () => {
    const { client, other } = office
    const casellaId = await office.fresh()
    const before = (await client.call('segnalazioni.ofCasella', { casellaId })).rows.length
    const input = { tipo: 'posta', titolo: 'Ferma', descrizione: 'Non arriva nulla.', destinatario: null } as const
    const { operationId } = await client.call('segnalazioni.create', { ...input, casellaId })
    await client.call('segnalazioni.create', { ...input, casellaId: null })
    await client.reaches(operationId, 'settled')
    const { rows } = await client.call('segnalazioni.ofCasella', { casellaId })
    expect(rows).toHaveLength(before + 1)
    const [row] = rows
    await other.write('POST', '/messaggi', { segnalazioneId: row?.id ?? '', testo: 'Ancora\nferma' })
    await client.call('sync.start', {})
    await client.aligned()
    const [then] = (await client.call('segnalazioni.ofCasella', { casellaId })).rows
    expect(then).toMatchObject({ titolo: 'Ferma', ultimo: { testo: 'Ancora ferma', parte: 'operatore' } })
    expect(then?.messaggi).toBe((row?.messaggi ?? 0) + 1)
  })
})
