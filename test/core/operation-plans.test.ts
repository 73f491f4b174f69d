import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openDatabase, type ArchiveDb } from '../../src-main/db/database.ts'
import { sql, type Sql } from '../../src-main/db/sql.ts'
import { operationStore, type OperationStore } from '../../src-main/outbox/operation-store.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

/** How SQLite reads the table of operations for what the store asks. */
function plansOf(work: (store: OperationStore) => unknown): string[] {
  const db = openDatabase(join(temporaryFolder(), 'archivio.db'), '00'.repeat(32))
  const asked: Sql[] = []
  const heard: ArchiveDb = {
    ...db,
    all: (statement) => {
      asked.push(statement)
      return db.all(statement)
    },
    run: (statement) => {
      asked.push(statement)
      return db.run(statement)
    },
  }
  try {
    work(operationStore(heard))
    return asked.flatMap(({ text, params }) =>
      db
        .all<{ detail: string }>({ text: `${sql`EXPLAIN QUERY PLAN`.text} ${text}`, params })
        .map(({ detail }) => detail),
    )
  } finally {
    db.close()
  }
}

test.each<[string, (store: OperationStore) => unknown]>([
  ['what makes a row', (store) => store.creatorOf('local:1')],
  ['where a holder has something open', (store) => store.laneOfOpenTitolare('T1')],
  ['all of one type that has not ended', (store) => store.visibleOfType('segnalazione.create')],
  ['what is about one row', (store) => store.visibleOfRow('nota', 'N1')],
  [
    'the id that the provider gave to a casella',
    (store) => {
      store.replaceRowId('casella', 'local:1', 'C1')
    },
  ],
  [
    'the id that the provider gave to a holder',
    (store) => {
      store.replaceRowId('titolare', 'local:1', 'T1')
    },
  ],
  [
    'what waited for a row, due now',
    (store) => {
      store.release(1)
    },
  ],
  ['what waited for the network, due now', (store) => store.hasten(1, true)],
])('%s is found without reading all that was ever done', (_what, work) => {
  expect(plansOf(work).filter((detail) => /^SCAN operation(?! USING INDEX operation_open)/.test(detail))).toEqual([])
})
