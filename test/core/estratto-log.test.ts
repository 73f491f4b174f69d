import { execFileSync } from 'node:child_process'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { dayAfter, romeDay } from '../../src-main/caselle/rome-day.ts'
import { type Trainer, trainerOf } from '../sandbox/life-client.ts'
import { startOffice, type Office } from '../support/office.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { PATIENCE } from '../support/patience.ts'

let office: Office
let trainer: Trainer
const today = romeDay(Date.now())
const scopo = 'Prova della consegna di una diffida'

beforeAll(async () => {
  office = await startOffice(temporaryFolder())
  await office.signIn('demo')
  trainer = await trainerOf(office.sandbox)
})
afterAll(() => office.close())

const asking = (casellaId: string, dal: string, al: string) => ({
  casellaId,
  richiesta: { tipo: 'estratto_log' as const, dal, al, scopo },
})
const listed = async (casellaId: string) => (await office.client.call('richieste.list', { casellaId })).rows

test('an extract asked offline waits, leaves by itself, is printed with its period and ends as the provider says', async () => {
  const { client, network } = office
  const casellaId = await office.fresh()
  const { values, indirizzo } = await client.call('caselle.get', { id: casellaId })
  const dal = romeDay(Date.parse(values.attivata ?? ''))
  const asked = asking(casellaId, dal > dayAfter(today, -60) ? dal : dayAfter(today, -60), today)
  await network.refuse()
  await client.goesOffline()
  const { operationId } = await client.call('caselle.richiesta', asked)
  expect(await client.codeOf('caselle.richiesta', asked)).toBe('richiesta_pending')
  expect(await listed(casellaId)).toMatchObject([
    { kind: 'estratto_log', state: 'in_coda', estratto: { dal: asked.richiesta.dal, al: today, scopo } },
  ])
  const { rows } = await client.call('richieste.tutte', { quali: 'aperte' })
  expect(rows[0]).toMatchObject({ casellaId, indirizzo, kind: 'estratto_log', state: 'in_coda' })

  const form = await client.call('moduli.print', { kind: 'estratto_log', casellaId })
  const text = execFileSync('pdftotext', ['-layout', '-', '-'], {
    input: Buffer.from(form.base64, 'base64'),
    encoding: 'utf8',
  })
  for (const part of [indirizzo, today.split('-').reverse().join('/'), scopo]) expect(text).toContain(part)

  await network.heal()
  await client.reaches(operationId, 'settled')
  const [sent] = await listed(casellaId)
  expect(sent).toMatchObject({ state: 'waiting_provider', operationId: null, estratto: { scopo } })
  // The provider waits for the signed form: nothing can be handed over before.
  const path = `/console/estratti/${sent?.id ?? ''}`
  expect((await trainer.get('/console/richieste')).text).toContain('attende il documento firmato')
  await trainer.post(path, { esito: 'si' })
  await client.call('sync.start', {})
  await client.aligned()
  expect((await listed(casellaId))[0]?.state).toBe('waiting_provider')
  await trainer.post(path, { esito: 'no', motivo: 'Manca il modulo firmato' })
  await client.call('sync.start', {})
  await vi.waitFor(async () => {
    expect((await listed(casellaId))[0]).toMatchObject({ state: 'rejected', reason: 'Manca il modulo firmato' })
  }, PATIENCE)
  expect((await client.call('richieste.tutte', { quali: 'aperte' })).rows.map(({ id }) => id)).not.toContain(sent?.id)
  expect((await client.call('richieste.tutte', { quali: 'tutte' })).rows.map(({ id }) => id)).toContain(sent?.id)
})

test('neither days that are not kept, nor those to come, nor a casella that never was active', async () => {
  const { client } = office
  const casellaId = await office.fresh()
  const codeOf = (dal: string, al: string) => client.codeOf('caselle.richiesta', asking(casellaId, dal, al))
  expect(await codeOf(dayAfter(today, -1000), today)).toBe('invalid_field')
  expect(await codeOf(today, dayAfter(today, 1))).toBe('invalid_field')
  expect(await codeOf(today, dayAfter(today, -1))).toBe('invalid_field')
  const never = await client.call('caselle.list', { offset: 0, limit: 1, stato: 'in_attesa_gestore' })
  const request = asking(never.rows[0]?.id ?? '', today, today)
  expect(await client.codeOf('caselle.richiesta', request)).toBe('ciclo_not_suited')
})

test('of a deleted casella it is asked for the days before, with its form', async () => {
  const { client } = office
  const casellaId = await office.fresh()
  const { values } = await client.call('caselle.get', { id: casellaId })
  const from = romeDay(Date.parse(values.attivata ?? ''))
  await office.other.remove(casellaId)
  await client.call('sync.start', {})
  await vi.waitFor(async () => {
    expect((await client.call('caselle.get', { id: casellaId })).stato).toBe('eliminata')
  }, PATIENCE)
  const first = from > dayAfter(today, -90) ? from : dayAfter(today, -90)
  const { operationId } = await client.call('caselle.richiesta', asking(casellaId, first, today))
  await client.reaches(operationId, 'settled')
  expect((await client.call('moduli.print', { kind: 'estratto_log', casellaId })).nomeFile).toMatch(/^estratto-log-/)
  expect(await client.codeOf('moduli.print', { kind: 'delega', casellaId })).toBe('casella_deleted')
})
