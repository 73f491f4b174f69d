import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { casellaList, type CasellaList } from '../../src-main/caselle/casella-list.ts'
import { casellaStore, type CasellaColumns, type CasellaStore } from '../../src-main/caselle/casella-store.ts'
import { CaselleFilter, type CaselleListRequest } from '../../src-main/contract/casella.ts'
import { casellaIndex, type CasellaIndex } from '../../src-main/db/casella-index.ts'
import { keysAmong } from '../../src-main/db/casella-places.ts'
import { openDatabase, type ArchiveDb } from '../../src-main/db/database.ts'
import { metaStore } from '../../src-main/db/meta-store.ts'
import { migrations } from '../../src-main/db/migrations.ts'
import { IndexStates, searchWords } from '../../src-main/db/search-index.ts'
import { sql } from '../../src-main/db/sql.ts'
import type { Casella } from '../../src-main/provider-contract/casella.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { seededRandom } from '../kill/seeded-random.ts'

const KEY = '5'.repeat(64)
const folder = temporaryFolder()
/** Before parts of words were found: the first version with trigrams comes next. */
const BY_BEGINNING = migrations.findIndex((step) => step.includes('trigram'))
/** Before the words of caselle stood by their place. */
const BY_KEY = BY_BEGINNING - 1
let opened: ArchiveDb[] = []
afterEach(() => {
  for (const db of opened) db.close()
  opened = []
})

interface Registro {
  db: ArchiveDb
  index: CasellaIndex
  store: CasellaStore
  list: CasellaList
  /** The same where what passes a filter counts as many. */
  amongMany: CasellaList
}
function registro(name: string): Registro {
  const db = openDatabase(join(folder, name), KEY)
  opened.push(db)
  const index = casellaIndex(db, metaStore(db))
  const store = casellaStore(db, index)
  const clock = { now: () => Date.parse('2026-05-04T10:00:00Z') }
  const list = casellaList(store, index, clock)
  return { db, index, store, list, amongMany: casellaList(store, index, clock, 0) }
}

function casella(id: string, indirizzo: string, changes: Partial<Casella> = {}): Casella {
  const [denominazione = '', dominio = ''] = indirizzo.split('@')
  return {
    ...{ id, version: 1, createdAt: '2024-01-01T00:00:00Z', updatedAt: '2024-01-01T00:00:00Z', updatedBy: 'x' },
    ...{ enteId: 'e', denominazione, dominioId: dominio, dominio, indirizzo, titolareId: 't', assistenteId: null },
    ...{ tipologia: 'STANDARD', ciclo: 'attiva', disabilitata: false, sospesa: false, passwordScaduta: false },
    ...{ passwordScadeIl: null, contratto: true, richiesta: 'nessuna', comunicazioniEmail: null, quotaMb: 1024 },
    ...{ softLimitMb: 819, usatoMb: 10, inserita: '2024-01-01T00:00:00Z', attivata: null, scadenza: null },
    ...changes,
  }
}

function columnsOf(values: Casella, titolare: string, ragioneSociale: string | null): CasellaColumns {
  const holder = { titolare, codiceFiscale: `${titolare.slice(0, 3).toUpperCase()}80A01H501U`, ragioneSociale }
  return { values, holder, stato: values.usatoMb > 500 ? 'attiva' : 'sospesa', inCoda: 0, attention: null }
}

/** What each row is found by, compared with each word: no index at all. */
function scanned({ db }: Registro, search: string, stato: string | null): string[] {
  const words = searchWords(search)
  return db
    .all<{ pk: number; id: string; indirizzo: string; stato: string; texts: string }>(
      sql`SELECT pk, id, indirizzo, stato, concat_ws(' ', indirizzo, titolare, codice_fiscale, ragione_sociale) AS texts FROM casella`,
    )
    .filter((row) => stato === null || row.stato === stato)
    .filter(({ texts }) => {
      const there = searchWords10(texts)
      return words.every((word) =>
        there.some((each) => (word.length < 3 ? each.startsWith(word) : each.includes(word))),
      )
    })
    .toSorted((a, b) => Buffer.compare(Buffer.from(a.indirizzo), Buffer.from(b.indirizzo)) || a.pk - b.pk)
    .map(({ id }) => id)
}

/** `searchWords` of a text of more than twelve. */
function searchWords10(text: string): string[] {
  return text.split(' ').flatMap(searchWords)
}

function found(
  { list }: Pick<Registro, 'list'>,
  request: Partial<CaselleListRequest>,
): { ids: string[]; total: number; complete: boolean } {
  const whole = {
    ...CaselleFilter.parse({}),
    sort: 'indirizzo',
    descending: false,
    offset: 0,
    limit: 200,
    atLeast: false,
    ...request,
  } as const
  const { rows, total, complete } = list.page(whole)
  return { ids: rows.map(({ id }) => id), total, complete }
}

const nomi = ['Mario', 'Nicolò', 'Élodie', 'Zoë', 'Anna Maria', "D'Angelo", 'Łukasz', 'Marta']
const cognomi = ['Rossi', 'Marini', 'De Luca', 'Zanetti', 'Òrsola', 'Maròn']
const ditte = [null, null, 'Società Agricola Marte s.r.l.', 'Comune di Zola', 'Caffè 2000']
const asked = [
  'm',
  'ma',
  'mar',
  'MAR ros',
  'rossi mario',
  'nicolo',
  'nicolò',
  'elodie',
  'z',
  'zan',
  'comune zola',
  'it',
  'pec it',
]
const alsoAsked = [
  'ufficio',
  'ufficio1',
  'angelo',
  'soc agr',
  'caffe 20',
  'mar80',
  'nessuno',
  'maria anna',
  'a b',
  '@',
  'srl s r',
  'ari',
  'ario',
  'icolo',
  'ICOLÒ',
  'odie',
  'ucca',
  'ossi ari',
  'ossi m',
  'm ossi',
  'fici 12',
  '80a01',
  'eti ola',
  'icola arte',
  // No word ends in one column and goes on in the next, nor over a sign between words.
  'itmario',
  'rossimar',
  'mariorossi',
  'decluca',
  'ro',
  'r',
  'łuk',
  'uka',
]

function compare(registro: Registro): void {
  for (const search of [...asked, ...alsoAsked])
    for (const stato of [null, 'attiva'] as const) {
      const expected =
        searchWords(search).length === 0 ? scanned(registro, '', stato) : scanned(registro, search, stato)
      for (const descending of [false, true])
        for (const atLeast of [false, true]) {
          const order = descending ? expected.toReversed() : expected
          const request = { search, stato, descending, atLeast }
          const said = JSON.stringify(request)
          expect(found(registro, request), said).toEqual({
            ids: order.slice(0, 200),
            total: order.length,
            complete: true,
          })
          expect(found(registro, { ...request, offset: 30, limit: 7 }).ids, said).toEqual(order.slice(30, 37))
          const among = found({ list: registro.amongMany }, request)
          expect(among, said).toEqual({ ids: order.slice(0, 200), total: order.length, complete: true })
        }
      const byHolder = found(registro, { search, stato, sort: 'titolare' })
      expect(byHolder.total).toBe(expected.length)
    }
}

/** Makes, renames, changes and removes caselle at random, as changes of the feed and of the queue do. */
function work({ db, store }: Registro, seed: number, acts: number): void {
  const random = seededRandom(seed)
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random.next() * from.length)] as T
  const name = (): string => `${pick(nomi)} ${pick(cognomi)}`
  const address = (): string =>
    `${pick([searchWords(name()).join('.'), `ufficio${Math.floor(random.next() * 90)}`])}@${pick(['pec.it', 'zola.pec.it', 'comune.example.it'])}`
  const write = (id: string, indirizzo: string): void => {
    const values = casella(id, indirizzo, { usatoMb: Math.floor(random.next() * 1000) })
    store.write(id, { version: 1, server: values, local: null }, columnsOf(values, name(), pick(ditte)))
  }
  for (let act = 0; act < acts; act += 1) {
    const id = `c${Math.floor(random.next() * 400)}`
    const there = store.row(id)
    const dice = random.next()
    db.repeatableTransaction(() => {
      if (there === undefined || dice < 0.3) write(id, address())
      else if (dice < 0.8) write(id, there.indirizzo)
      else store.remove(id)
    })
  }
}

test('a search finds what a scan of all rows finds, in its order, while the index is built and afterwards', () => {
  const all = registro('a-caso')
  work(all, 1, 300)
  for (let step = 0; all.index.buildChunk(40) !== null; step += 1) work(all, 100 + step, 60)
  expect(all.index.ready()).toBe(true)
  compare(all)
  work(all, 2, 500)
  compare(all)
})

test('caselle that are entered one after the other at one place keep their order', () => {
  const all = registro('in-fila')
  work(all, 3, 120)
  while (all.index.buildChunk(50) !== null);
  const enter = (n: number, name: string): void => {
    const values = casella(`${name}${n}`, `ufficio.${name}${String(n).padStart(4, '0')}@pec.it`)
    all.store.write(values.id, { version: 1, server: values, local: null }, columnsOf(values, 'Mario Rossi', null))
  }
  all.db.repeatableTransaction(() => {
    for (let n = 0; n < 400; n += 1) enter(n, 'a')
    for (let n = 400; n > 0; n -= 1) enter(n, 'b')
    for (let n = 0; n < 400; n += 1) enter((n * 171) % 400, 'c')
  })
  compare(all)
})

test('caselle that are entered at one place while another connection builds are found once each', () => {
  const all = registro('altra-mano')
  work(all, 6, 300)
  const beside = openDatabase(join(folder, 'altra-mano'), KEY)
  opened.push(beside)
  const builder = casellaIndex(beside, metaStore(beside))
  let entered = 0
  const enter = (indirizzo: string): void => {
    entered += 1
    const values = casella(`f${entered}`, indirizzo)
    all.store.write(values.id, { version: 1, server: values, local: null }, columnsOf(values, 'Mario Rossi', null))
  }
  for (let step = 0; builder.buildChunk(25) !== null; step += 1) {
    if (step >= 9) continue
    all.db.repeatableTransaction(() => {
      for (let n = 0; n < 60; n += 1)
        enter(`mario.zanetti.${String(step * 100 + ((n * 37) % 60)).padStart(5, '0')}@pec.it`)
    })
    work(all, 300 + step, 30)
  }
  expect(all.index.ready()).toBe(true)
  compare(all)
  work(all, 7, 200)
  compare(all)
})

test('words that were written in many steps stand in one part, and what comes then is merged as always', () => {
  const all = registro('in-una')
  work(all, 8, 400)
  const segments = () => all.db.column(sql`SELECT count(DISTINCT segid) FROM casella_fts_idx`)
  for (let written = 0; written < 5;) if ((all.index.buildChunk(20) ?? 0) > 0) written += 1
  expect(segments()).toEqual([5])
  while (all.index.buildChunk(20) !== null);
  expect(segments()).toEqual([1])
  expect(
    all.db.all(sql`SELECT k, v FROM casella_fts_config WHERE k IN ('automerge', 'crisismerge') ORDER BY k`),
  ).toEqual([
    { k: 'automerge', v: 4 },
    { k: 'crisismerge', v: 16 },
  ])
})

test('an archive whose building an earlier version left in the middle is built from the beginning', () => {
  const before = registro('lasciata')
  work(before, 9, 200)
  while (before.index.buildChunk(50) !== null);
  // That version wrote no place up to which it had come.
  metaStore(before.db).write('searchIndex', { casella: { upto: 0, ready: false } })
  before.db.close()
  opened = []
  const after = registro('lasciata')
  expect(after.index.begun()).toBe(false)
  while (after.index.buildChunk(50) !== null);
  compare(after)
})

test('building goes on after an end in the middle', () => {
  const before = registro('interrotta')
  work(before, 4, 300)
  before.index.buildChunk(70)
  before.db.close()
  opened = []
  const after = registro('interrotta')
  expect(after.index.ready()).toBe(false)
  work(after, 5, 200)
  while (after.index.buildChunk(70) !== null);
  compare(after)
})

test('an archive of a version that knew words by key is listed at once, and searched when it is built anew', () => {
  const old = openDatabase(join(folder, 'vecchio'), KEY, { steps: migrations.slice(0, BY_KEY) })
  metaStore(old).write('searchIndex', { casella: { upto: 9, ready: true }, titolare: { upto: 3, ready: true } })
  for (const [at, titolare] of ['Mario Rossi', 'Zoë Marini'].entries())
    old.run(sql`INSERT INTO casella(id, version, indirizzo, dominio_id, dominio, titolare_id, titolare, codice_fiscale, stato,
      tipologia, usato_mb, quota_mb, soft_limit_mb) VALUES (${`v${at}`}, 1, ${`z${9 - at}@pec.it`}, 'd', 'pec.it', 't', ${titolare},
      'X', 'attiva', 'STANDARD', 1, 2, 2)`)
  old.run(sql`INSERT INTO casella_fts(rowid, indirizzo, titolare, codice_fiscale, ragione_sociale)
    SELECT pk, indirizzo, titolare, codice_fiscale, ragione_sociale FROM casella`)
  old.close()
  const all = registro('vecchio')
  expect(all.index.ready()).toBe(false)
  expect(metaStore(all.db).read('searchIndex', IndexStates)).toBeNull()
  expect(found(all, { search: 'z9' }).ids).toEqual(['v0'])
  while (all.index.buildChunk(70) !== null);
  expect(found(all, { search: 'mar' }).ids).toEqual(['v1', 'v0'])
})

test('an archive of a version that found beginnings of words is built anew, and finds parts of them', () => {
  const old = openDatabase(join(folder, 'inizi'), KEY, { steps: migrations.slice(0, BY_BEGINNING) })
  metaStore(old).write('searchIndex', { casella: { upto: 0, ready: true }, titolare: { upto: 3, ready: true } })
  old.run(sql`INSERT INTO casella(id, version, indirizzo, dominio_id, dominio, titolare_id, titolare, codice_fiscale, stato,
    tipologia, usato_mb, quota_mb, soft_limit_mb) VALUES ('p', 1, 'p@pec.it', 'd', 'pec.it', 't', 'Nicolò Rossi',
    'X', 'attiva', 'STANDARD', 1, 2, 2)`)
  old.run(sql`INSERT INTO casella_posto(posto, casella_pk) SELECT 1024, pk FROM casella`)
  old.run(sql`INSERT INTO casella_fts(rowid, indirizzo, titolare, codice_fiscale, ragione_sociale)
    SELECT 1024, indirizzo, titolare, codice_fiscale, ragione_sociale FROM casella`)
  old.close()
  const all = registro('inizi')
  expect(metaStore(all.db).read('searchIndex', IndexStates)).toBeNull()
  expect(all.index.begun()).toBe(false)
  while (all.index.buildChunk(70) !== null);
  expect(found(all, { search: 'icolo' }).ids).toEqual(['p'])
  // What an archive has taken in, it can take out again.
  all.store.remove('p')
  expect(found(all, { search: 'icolo' }).ids).toEqual([])
})

test('of more hits than are read first the total is told as at least, and then in full', () => {
  const all = registro('molte')
  const rows = 12_000
  all.db.repeatableTransaction(() => {
    for (let n = 0; n < rows; n += 1) {
      const values = casella(`m${n}`, `ufficio${(n * 7919) % rows}@pec.it`)
      all.store.fill(
        values,
        JSON.stringify(values),
        { titolare: `Maria ${n % 3}`, codiceFiscale: 'X', ragioneSociale: null },
        n % 200 === 0 ? 'sospesa' : 'attiva',
      )
    }
  })
  all.store.settle()
  while (all.index.buildChunk(2000) !== null);
  for (const descending of [false, true]) {
    const whole = scanned(all, 'uff', null)
    const order = descending ? whole.toReversed() : whole
    const quick = found(all, { search: 'uff', descending, atLeast: true })
    expect(quick).toEqual({ ids: order.slice(0, 200), total: 10_000, complete: false })
    expect(found(all, { search: 'uff', descending })).toEqual({ ids: order.slice(0, 200), total: rows, complete: true })
    const far = found(all, { search: 'uff', descending, offset: 11_900, atLeast: true })
    expect(far).toEqual({ ids: order.slice(11_900), total: rows, complete: true })
    const rare = scanned(all, 'uff', 'sospesa')
    for (const list of [all.list, all.amongMany]) {
      const rareQuick = found({ list }, { search: 'uff', stato: 'sospesa', descending, atLeast: true })
      expect(rareQuick.ids).toEqual((descending ? rare.toReversed() : rare).slice(0, 200))
      expect(rareQuick).toMatchObject({ total: 60, complete: true })
    }
    const amongMany = { list: all.amongMany }
    const common = found(amongMany, { search: 'uff', stato: 'attiva', descending, atLeast: true })
    expect(common.complete).toBe(false)
    expect(common.total).toBeLessThanOrEqual(11_940)
    const active = scanned(all, 'uff', 'attiva')
    const inOrder = descending ? active.toReversed() : active
    for (const offset of [0, 50, 100, 400, 50]) {
      const request = { search: 'uff', stato: 'attiva', descending, offset, limit: 50, atLeast: true } as const
      expect(found(all, request).ids).toEqual(inOrder.slice(offset, offset + 50))
      expect(found(amongMany, request).ids).toEqual(inOrder.slice(offset, offset + 50))
    }
    for (const list of [all.list, all.amongMany])
      expect(found({ list }, { search: 'uff', stato: 'attiva', descending })).toMatchObject({
        total: 11_940,
        complete: true,
      })
  }
})

test('keys at places, in either direction, are those of a search one by one', () => {
  const all = {
    places: Float64Array.from({ length: 999 }, (_, at) => at * 3 + 5),
    keys: Int32Array.from({ length: 999 }, (_, at) => at),
  }
  for (const every of [1, 2, 7, 400]) {
    const wanted = [...all.places].filter((_, at) => at % every === 0)
    const expected = wanted.map((place) => all.places.indexOf(place))
    expect(keysAmong(all, wanted)).toEqual(expected)
    expect(keysAmong(all, wanted.toReversed())).toEqual(expected.toReversed())
  }
  expect(keysAmong(all, [1, 5, 6, 8, 99_999])).toEqual([0, 1])
  expect(keysAmong(all, [99_999, 8, 7, 5, 1])).toEqual([1, 0])
})
