import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type TitolariFilterField, TitolariSort, type TitolareRow } from '../../src-main/contract/titolare.ts'
import type { Core } from '../../src-main/core.ts'
import { startSandbox, type Sandbox } from '../../src-main/sandbox/sandbox.ts'
import { coreClient, type CoreClient } from '../support/core-client.ts'
import { hurriedClock } from '../support/hurried-clock.ts'
import { colleague, type Colleague } from '../support/provider-colleague.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { startTestCore } from '../support/test-core.ts'

const folder = temporaryFolder()
let sandbox: Sandbox
let core: Core
let client: CoreClient
let other: Colleague
/** The holder that every filter has to find. */
let wanted: string

beforeAll(async () => {
  sandbox = await startSandbox({ port: 0, data: join(folder, 'gestore'), caselle: 120, seed: 5, profile: 'basilicata' })
  other = await colleague(sandbox.url)
  core = await startTestCore(folder, { clock: hurriedClock() })
  client = coreClient(core)
  await client.call('session.login', { url: sandbox.url, ...sandbox.demo })
  await client.aligned()
  const made = await other.write('POST', '/titolari', {
    tipologia: 'impresa',
    nome: 'Zenobia',
    cognome: "D'Aquasparta",
    codiceFiscale: 'PSSDAA80A41G942Z',
    email: 'Zenobia.Standard@posta.example',
    telefono: '+39 0971 / 88-77',
    cellulare: '+393401234567',
    fax: '0971 99.88',
    indirizzi: [
      {
        via: 'Via Pretoria 1',
        localita: 'Potenza',
        provincia: 'PZ',
        cap: '85100',
        telefono: '0835 123123',
        fax: null,
        email: 'sede@zenobia.example',
        cellulare: null,
      },
    ],
    attivita: [
      {
        ragioneSociale: 'Zenobia Tessuti',
        formaGiuridica: null,
        partitaIva: '00743110157',
        rea: null,
        codiceDestinatario: null,
        pecDestinatario: null,
        referenteAmministrativo: null,
      },
    ],
  })
  wanted = made?.id ?? ''
  await client.call('sync.start', {})
  await client.aligned()
})
afterAll(async () => {
  await core.close()
  await sandbox.close()
})

const list = (filters: Partial<Record<TitolariFilterField, string>>, search = '') =>
  client.call('titolari.list', { filters, search, offset: 0, limit: 200 })
const idsOf = (rows: readonly TitolareRow[]): string[] => rows.map(({ id }) => id)

describe('the filters of the holders (D19)', () => {
  test.each<[TitolariFilterField, string]>([
    ['nome', 'zenob'],
    ['cognome', "D'AQUA"],
    ['codiceFiscale', 'pssdaa80a41'],
    ['codiceFiscale', 'PSSDAA80A41G94NB'],
    ['email', 'zenobia.standard@'],
    ['email', 'sede@zenobia'],
    ['telefono', '0971 8877'],
    ['telefono', '+39 340 1234'],
    ['telefono', '0835-123'],
    ['fax', '0971 9988'],
    ['ragioneSociale', 'zenobia tess'],
    ['partitaIva', 'IT 00743110157'],
  ])('find by the beginning of %s: %s', async (field, text) => {
    const { rows, total } = await list({ [field]: text })
    expect(idsOf(rows)).toContain(wanted)
    expect(total).toBe(rows.length)
  })

  test('find the holder of a casella by its address', async () => {
    const casellaId = await client.casella('attiva')
    const { titolareId, indirizzo } = await client.call('caselle.get', { id: casellaId })
    expect(idsOf((await list({ pec: indirizzo.toUpperCase() })).rows)).toEqual([titolareId])
  })

  test('are all asked together, and with the search', async () => {
    expect(idsOf((await list({ nome: 'zen', telefono: '0835' }, 'tessuti')).rows)).toEqual([wanted])
    expect((await list({ nome: 'zen', telefono: '0836' })).total).toBe(0)
    expect((await list({ nome: 'zen' }, 'nessunocosì')).total).toBe(0)
  })

  test('find nobody by what no value begins with, and everybody where nothing is asked', async () => {
    const { total } = await list({})
    expect((await list({ nome: '  ', telefono: ' / ' })).total).toBe(total)
    expect((await list({ cognome: '%' })).total).toBe(0)
    expect((await list({ email: "' OR 1=1 --" })).total).toBe(0)
  })

  test('see a change as soon as it is queued, and an address as soon as it comes', async () => {
    const { titolare } = await client.call('titolari.get', { id: wanted })
    const { operationId } = await client.call('titolari.update', {
      id: wanted,
      changes: { fax: '06 555 444' },
      seen: { fax: titolare.fax },
    })
    expect(idsOf((await list({ fax: '065554' })).rows)).toEqual([wanted])
    await client.reaches(operationId, 'settled')
    expect((await list({ telefono: '0733 7' })).total).toBe(0)
    await other.write('POST', '/indirizzi', {
      titolareId: wanted,
      via: 'Via Nuova 2',
      localita: 'Macerata',
      provincia: 'MC',
      cap: '62100',
      telefono: '0733/77',
      fax: null,
      email: null,
      cellulare: null,
    })
    await client.call('sync.start', {})
    await client.aligned()
    expect(idsOf((await list({ telefono: '0733 7' })).rows)).toEqual([wanted])
  })
})

describe('the order of the holders', () => {
  test.each(TitolariSort.options)('by %s holds everybody once, and turns round', async (sort) => {
    const read = async (descending: boolean): Promise<TitolareRow[]> =>
      (await client.call('titolari.list', { sort, descending, offset: 0, limit: 200 })).rows
    const rows = await read(false)
    const { total } = await list({})
    expect(new Set(idsOf(rows)).size).toBe(total)
    expect(idsOf(await read(true))).toEqual(idsOf(rows).toReversed())
    const values = rows.map((row) => row[sort]).filter((value) => value !== null && value !== '')
    const sorted = values.toSorted((one, two) =>
      typeof one === 'number' && typeof two === 'number'
        ? one - two
        : String(one).toLowerCase() < String(two).toLowerCase()
          ? -1
          : 1,
    )
    expect(values.map((value) => String(value).toLowerCase())).toEqual(
      sorted.map((value) => String(value).toLowerCase()),
    )
  })
})
