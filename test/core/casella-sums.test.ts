import { join } from 'node:path'
import { expect, test } from 'vitest'
import { dropCasellaSums, makeCasellaSums } from '../../src-main/db/casella-sums.ts'
import { openDatabase, type ArchiveDb } from '../../src-main/db/database.ts'
import { sql } from '../../src-main/db/sql.ts'
import { seededRandom } from '../kill/seeded-random.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const folder = temporaryFolder()
const triggers = (db: ArchiveDb): unknown[] =>
  db.all(sql`SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' AND name LIKE 'casella_somma%' ORDER BY name`)
const make = (db: ArchiveDb): void => {
  for (const steps = makeCasellaSums(db); steps.next().done !== true;);
}

test('an archive whose sums were kept by triggers of an earlier version gets those of this one', () => {
  const db = openDatabase(join(folder, 'somme.db'), 'ab'.repeat(32))
  make(db)
  const own = triggers(db)
  expect(own).toHaveLength(3)
  db.run(sql`DROP TRIGGER casella_somma_cambia`)
  db.run(sql`CREATE TRIGGER casella_somma_cambia AFTER UPDATE OF server ON casella BEGIN SELECT 1; END`)
  make(db)
  expect(triggers(db)).toEqual(own)
  db.close()
})

/** As the triggers and the counting at once see it: instants around the ends of months, with and without an activation. */
function fillAtRandom(db: ArchiveDb, count: number, seed: number): void {
  const random = seededRandom(seed)
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random.next() * from.length)] as T
  const two = (n: number): string => String(n).padStart(2, '0')
  const day = (): string =>
    `${pick([2023, 2024])}-${two(1 + Math.floor(random.next() * 12))}-${pick(['01', '15', '27', '28'])}`
  const instants = [
    '2024-02-29T23:00:00Z',
    '2024-03-31T21:59:59.999Z',
    '2024-03-31T22:00:00Z',
    '2024-09-30T22:30:00Z',
    '2024-10-31T22:59:00Z',
    '2024-10-31T23:00:00Z',
    '2024-12-31T23:30:00Z',
  ]
  const instant = (): string =>
    random.next() < 0.5 ? pick(instants) : `${day()}T${two(Math.floor(random.next() * 24))}:30:00.000Z`
  for (let n = 0; n < count; n += 1) {
    const usato = Math.floor(random.next() * 100)
    const server = {
      inserita: instant(),
      attivata: random.next() < 0.8 ? instant() : null,
      scadenza: random.next() < 0.8 ? day() : null,
      ciclo: pick(['attiva', 'eliminata']),
      updatedAt: instant(),
    }
    db.run(sql`INSERT INTO casella(id, version, server, indirizzo, dominio_id, dominio, titolare_id, titolare, codice_fiscale,
      assistente_id, stato, tipologia, usato_mb, quota_mb, soft_limit_mb) VALUES (${`c${n}`}, 1,
      ${n % 50 === 0 ? null : JSON.stringify(server)},
      ${`c${n}@pec.it`}, ${pick(['d1', 'd2'])}, 'pec.it', 't', 'T', 'X', ${pick([null, 'a1', '1'])}, ${pick(['attiva', 'sospesa'])},
      ${pick(['STANDARD', '1 GB'])}, ${usato}, ${pick([50, 100])}, ${pick([40, 80])})`)
  }
}

const sums = (db: ArchiveDb): unknown[] => [
  db.all(sql`SELECT * FROM casella_totale`),
  db.all(sql`SELECT * FROM casella_mese`),
  db.all(sql`SELECT * FROM casella_attesa`),
]

test('caselle that are counted at once make the sums that the triggers make of each', () => {
  const byTriggers = openDatabase(join(folder, 'righe.db'), 'ab'.repeat(32))
  make(byTriggers)
  byTriggers.repeatableTransaction(() => {
    fillAtRandom(byTriggers, 3500, 7)
  })
  const atOnce = openDatabase(join(folder, 'insieme.db'), 'ab'.repeat(32))
  dropCasellaSums(atOnce)
  atOnce.repeatableTransaction(() => {
    fillAtRandom(atOnce, 3500, 7)
  })
  make(atOnce)
  expect(sums(atOnce)).toEqual(sums(byTriggers))
  expect(atOnce.column(sql`SELECT sum(caselle) FROM casella_totale`)).toEqual([3500])
  byTriggers.close()
  atOnce.close()
})
