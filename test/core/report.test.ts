import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Figure, GruppoCaselle } from '../../src-main/contract/report.ts'
import { figureOf } from '../../src-main/contract/rules/figure-caselle.ts'
import { startOffice, type Office } from '../support/office.ts'
import { besideCore } from '../support/beside-core.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const folder = temporaryFolder()
let office: Office
let store: Database.Database

beforeAll(async () => {
  office = await startOffice(folder)
  store = new Database(join(folder, 'gestore', 'gestore-di-prova.sqlite'), { readonly: true })
})
afterAll(async () => {
  store.close()
  await office.close()
})

/** Counted by the engine over the rows of the gestore di prova, by none of the program's own statements. */
function counted(by: string): Map<string, Figure> {
  const rows = store
    .prepare<[], Figure & { chiave: string }>(
      `SELECT coalesce(json_extract(data, '$.${by}'), '') AS chiave, count(*) AS inserite,
         sum(json_extract(data, '$.ciclo') IN ('attiva', 'scaduta')) AS attive,
         sum(json_extract(data, '$.ciclo') IN ('in_attesa_firma', 'in_attesa_gestore', 'documenti_errati')) AS inAttesa,
         sum(json_extract(data, '$.ciclo') = 'eliminata') AS eliminate
       FROM resource WHERE type = 'casella' AND data IS NOT NULL AND json_extract(data, '$.enteId') = 'E1' GROUP BY 1`,
    )
    .all()
  return new Map(rows.map(({ chiave, ...figure }) => [chiave, figure]))
}
const by = (gruppi: readonly GruppoCaselle[], key: (gruppo: GruppoCaselle) => string): Map<string, Figure> =>
  new Map([...Map.groupBy(gruppi, key)].map(([chiave, theirs]): [string, Figure] => [chiave, figureOf(theirs)]))

test('the home counts what the rows of the provider say: in all, per assistente, per tipologia and per dominio (D16, D17)', async () => {
  const { gruppi, domini, inScadenza, oggi } = await office.client.call('report.cruscotto', {})
  expect(by(gruppi, () => 'E1')).toEqual(counted('enteId'))
  expect(by(gruppi, ({ assistenteId }) => assistenteId ?? '')).toEqual(counted('assistenteId'))
  expect(by(gruppi, ({ tipologia }) => tipologia)).toEqual(counted('tipologia'))
  expect(by(gruppi, ({ dominioId }) => dominioId)).toEqual(counted('dominioId'))
  expect(domini.length).toBe(
    store
      .prepare(
        "SELECT count(*) AS n FROM resource WHERE type = 'dominio' AND data IS NOT NULL AND json_extract(data, '$.enteId') = 'E1'",
      )
      .pluck()
      .get(),
  )
  const space = store
    .prepare<[], { usato: number; oltre: number; soon: number }>(
      `SELECT sum(json_extract(data, '$.usatoMb')) AS usato,
         sum(json_extract(data, '$.ciclo') <> 'eliminata' AND json_extract(data, '$.usatoMb') > json_extract(data, '$.softLimitMb')) AS oltre,
         sum(json_extract(data, '$.ciclo') <> 'eliminata' AND json_extract(data, '$.scadenza') BETWEEN '${oggi}' AND date('${oggi}', '+30 days')) AS soon
       FROM resource WHERE type = 'casella' AND data IS NOT NULL AND json_extract(data, '$.enteId') = 'E1'`,
    )
    .get()
  expect(gruppi.reduce((sum, { usatoMb }) => sum + usatoMb, 0)).toBe(space?.usato)
  expect(
    gruppi.filter(({ stato }) => stato !== 'eliminata').reduce((sum, { oltreSoglia }) => sum + oltreSoglia, 0),
  ).toBe(space?.oltre)
  expect(inScadenza).toBe(space?.soon)
})

test('each figure of the home is as many as the list behind it shows', async () => {
  const { client } = office
  const home = await client.call('report.cruscotto', {})
  const total = async (filter: object) => (await client.call('caselle.list', { ...filter, offset: 0, limit: 1 })).total
  const all = figureOf(home.gruppi)
  expect(await total({})).toBe(all.inserite)
  expect(await total({ stato: 'attivate' })).toBe(all.attive)
  expect(await total({ stato: 'in_attesa' })).toBe(all.inAttesa)
  expect(await total({ stato: 'eliminata' })).toBe(all.eliminate)
  expect(await total({ scadenza: '30' })).toBe(home.inScadenza)
  expect(await total({ scadenza: 'passata' })).toBe(home.scadute)
  const passed = {
    kind: 'identita' as const,
    from: null,
    to: new Date(Date.parse(home.oggi) - 86_400_000).toISOString().slice(0, 10),
    offset: 0,
    limit: 1,
  }
  expect((await client.call('scadenze.list', passed)).total).toBe(home.identitaScadute)
  expect(home.identitaScadute).toBeGreaterThan(0)
  const direct = home.gruppi.filter(({ assistenteId }) => assistenteId === null)
  expect(await total({ assistenteId: '-' })).toBe(figureOf(direct).inserite)
  const live = home.gruppi.filter(({ stato }) => stato !== 'eliminata')
  expect(await total({ piene: 'soglia' })).toBe(live.reduce((sum, { oltreSoglia }) => sum + oltreSoglia, 0))
})

test('months, waiting times and the space of a casella follow each change of a row, and a row that goes leaves none', async () => {
  const { client } = office
  const months = (): Map<string, number> => {
    const at = (field: string): string =>
      `SELECT '${field}' AS che, strftime('%Y-%m', json_extract(data, '$.${field}'), CASE WHEN json_extract(data, '$.${field}') GLOB '????-0[3-9]*' THEN '+2 hours' ELSE '+1 hour' END) AS mese, count(*) AS n FROM resource
       WHERE type = 'casella' AND data IS NOT NULL AND json_extract(data, '$.enteId') = 'E1' AND json_extract(data, '$.${field}') IS NOT NULL GROUP BY 2`
    const rows = store
      .prepare<[], { che: string; mese: string; n: number }>(`${at('inserita')} UNION ALL ${at('attivata')}`)
      .all()
    return new Map(rows.map(({ che, mese, n }) => [`${che} ${mese}`, n]))
  }
  const told = async (): Promise<Map<string, number>> => {
    const sums = new Map<string, number>()
    for (const { evento, mese, caselle } of (await client.call('report.dati', {})).mesi)
      if (evento !== 'cessata') sums.set(`${evento} ${mese}`, (sums.get(`${evento} ${mese}`) ?? 0) + caselle)
    return sums
  }
  expect(await told()).toEqual(months())
  const id = await office.fresh()
  besideCore(
    join(folder, 'dati'),
    `UPDATE casella SET server = json_set(server, '$.usatoMb', 100, '$.updatedAt', '2026-01-10T08:00:00Z') WHERE id = '${id}';
     UPDATE casella SET server = json_set(server, '$.usatoMb', 101, '$.updatedAt', '2026-01-11T08:00:00Z') WHERE id = '${id}';
     UPDATE casella SET server = json_set(server, '$.usatoMb', 400, '$.updatedAt', '2026-01-12T08:00:00Z') WHERE id = '${id}';
     UPDATE casella SET server = json_set(server, '$.usatoMb', 500, '$.updatedAt', '2026-01-12T18:00:00Z') WHERE id = '${id}';`,
  )
  const { spazio } = await client.call('report.previsioni', {})
  // A change too small to tell anything is left out, and a day has one value: its last.
  expect(spazio.find((each) => each.id === id)?.punti.slice(1)).toEqual(
    [
      { giorno: '2026-01-10', usatoMb: 100 },
      { giorno: '2026-01-12', usatoMb: 500 },
    ].slice(0, 2),
  )
  const before = figureOf((await client.call('report.cruscotto', {})).gruppi)
  besideCore(join(folder, 'dati'), `DELETE FROM casella WHERE id = '${id}'`)
  const after = await client.call('report.previsioni', {})
  expect(after.spazio.some((each) => each.id === id)).toBe(false)
  expect(figureOf((await client.call('report.cruscotto', {})).gruppi).inserite).toBe(before.inserite - 1)
})

test('what the provider alone knows is kept with the moment of its reading, and told as such without a network', async () => {
  const { client } = office
  const richiesta = { che: 'generali', from: null, to: null } as const
  expect((await client.call('report.lettura', { richiesta, chiedi: false })).lettura).toEqual({
    letta: null,
    fresca: false,
    dati: null,
  })
  const read = await client.call('report.lettura', { richiesta, chiedi: true })
  expect(read.lettura.fresca).toBe(true)
  await office.network.refuse()
  await client.goesOffline()
  const kept = await client.call('report.lettura', { richiesta, chiedi: true })
  expect(kept.lettura).toEqual({ ...read.lettura, fresca: false })
})
