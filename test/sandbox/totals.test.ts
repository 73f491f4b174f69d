import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Casella } from '../../src-main/provider-contract/casella.ts'
import { openDataFolder } from '../../src-main/sandbox/data-folder.ts'
import { type Random, createRandom } from '../../src-main/sandbox/generate/random.ts'
import { vita } from '../../src-main/sandbox/generate/vita.ts'
import { profiles } from '../../src-main/sandbox/profiles.ts'
import type { Store } from '../../src-main/sandbox/store/store.ts'
import { TEST_DAY } from './sandbox-client.ts'
import { checkTotals } from './totals-check.ts'

const ENTE = 'E1'
const WRITES = 300
const capabilities = profiles.basilicata
const scope = { enteId: ENTE, assistenteId: null }
const author = { user: 'demo', at: '2026-03-11T11:00:00.000Z' }

let folder: string
let store: Store
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sandbox-totals-'))
  const options = { caselle: 400, seed: 11, capabilities, now: new Date(TEST_DAY), progress: () => undefined }
  store = (await openDataFolder({ folder, ...options })).store
})
afterAll(() => {
  store.close()
  rmSync(folder, { recursive: true, force: true })
})

const caselle = () => store.resources.list(scope, 'casella', { after: '', limit: 10_000 })
const assistenteIds = () => store.resources.list(scope, 'assistente', { after: '', limit: 100 }).map(({ id }) => id)

/** Any row may become any other: more than the rules of the life of a casella allow. */
function changed(random: Random, casella: Casella): Casella {
  const others = vita(random, new Date(TEST_DAY), capabilities)
  const { usatoMb, tipologia } = others
  const change = random.pick<() => Partial<Casella>>([
    () => others,
    () => ({ usatoMb, tipologia }),
    () => ({ quotaMb: random.int(1, 5) * 100 }),
    () => ({ ciclo: 'eliminata', usatoMb: 0 }),
    () => ({ titolareId: random.pick(caselleOf(store)).titolareId }),
    () => ({ assistenteId: random.chance(0.3) ? null : (assistenteIds()[random.int(0, 2)] ?? null) }),
    () => ({ comunicazioniEmail: 'altra@posta.example' }),
  ])()
  return { ...casella, ...change, version: casella.version + 1 }
}

function caselleOf({ resources }: Store): [Casella, ...Casella[]] {
  const [first, ...others] = resources.list(scope, 'casella', { after: '', limit: 50 })
  if (first === undefined) throw new Error('no casella')
  return [first, ...others]
}

function add(random: Random): void {
  const { history, ...like } = { ...random.pick(caselleOf(store)), history: random.chance(0.5) }
  const id = store.resources.nextId('casella')
  const casella = { ...like, ...vita(random, new Date(TEST_DAY), capabilities), id, version: 1 }
  const { titolareId, assistenteId } = casella
  store.resources.insert('casella', casella, { enteId: ENTE, titolareId, casellaId: id, assistenteId })
  if (!history) return
  const months = Array.from({ length: random.int(1, 6) }, () => ({
    received: random.int(0, 900),
    sent: random.int(0, 9),
  }))
  store.history.save(casella, { firstMonth: 2026 * 12 - random.int(0, 20), months, archiveMb: random.int(0, 200) })
}

function writeSomething(random: Random): void {
  const all = caselle()
  const casella = all[random.int(0, all.length - 1)]
  if (casella === undefined || random.chance(0.3)) add(random)
  else if (random.chance(0.15)) store.resources.remove(scope, 'casella', casella.id, author)
  else store.resources.replace('casella', changed(random, casella))
}

test('the totals of generated data are those of the rows', () => {
  checkTotals(folder)
})

test('a filter looked for part by part finds what it finds at once', () => {
  const filter = { sql: "data ->> '$.ciclo' = @filter0", values: { filter0: 'scaduta' } }
  const found: string[] = []
  for (let after: string | undefined = ''; after !== undefined;) {
    const until = store.resources.idAfter(scope, 'casella', after, 37)
    found.push(...store.resources.list(scope, 'casella', { after, limit: 1000, filter, until }).map(({ id }) => id))
    after = until
  }
  const atOnce = store.resources.list(scope, 'casella', { after: '', limit: 1000, filter })
  expect(found.length).toBeGreaterThan(0)
  expect(found).toEqual(atOnce.map(({ id }) => id))
})

test('after any series of writes the totals are those of the rows, and a write undone leaves them as they were', () => {
  const random = createRandom(2026)
  for (let done = 0; done < WRITES; done += 1) {
    const isUndone = random.chance(0.1)
    const write = () => {
      store.transaction(() => {
        writeSomething(random)
        if (isUndone) throw new Error('undone')
      })
    }
    if (isUndone) expect(write).toThrow('undone')
    else write()
    if (done % 20 === 0) checkTotals(folder)
  }
  checkTotals(folder)
})

test('when the last casella of an ente is gone nothing is left to count', () => {
  store.transaction(() => {
    for (const { id } of caselle()) store.resources.remove(scope, 'casella', id, author)
  })
  expect(store.reports.groups(scope)).toEqual([])
  expect(store.reports.traffic(scope, { from: 0, to: Number.MAX_SAFE_INTEGER })).toEqual([])
  expect(store.reports.inService(ENTE, '2026-1')).toEqual([])
})
