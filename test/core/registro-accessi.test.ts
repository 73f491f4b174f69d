import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { AccessoInput } from '../../src-main/contract/accesso.ts'
import { openDatabase } from '../../src-main/db/database.ts'
import { sql } from '../../src-main/db/sql.ts'
import type { Operatore } from '../../src-main/provider-contract/session.ts'
import { accessoCommands } from '../../src-main/registro-accessi/accesso-commands.ts'
import { accessoStore } from '../../src-main/registro-accessi/accesso-store.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const operatore: Operatore = {
  id: 'o1',
  user: 'sportello.2',
  nome: 'Ada Prova',
  ruolo: 'sola_lettura',
  comunicazioniEmail: null,
  codiceAssistente: null,
}
const access = (titolareId: string): AccessoInput => ({
  ...{ kind: 'copia_titolare', titolareId, formato: 'json', scopo: 'richiesta_interessato', righe: null },
})

test('the register of accesses grows and pages, says who and when, and refuses every change, deletion and replacement', () => {
  const db = openDatabase(join(temporaryFolder(), 'a.db'), 'ab'.repeat(32))
  let who: Operatore | null = operatore
  const accessi = accessoCommands({
    store: accessoStore(db),
    operatore: () => who,
    now: () => '2026-11-26T09:00:00.000Z',
    changed: () => undefined,
  })
  for (const each of ['t1', 't2', 't3']) accessi.record(access(each))
  expect(accessi.list(1, 1)).toMatchObject({ total: 3, offset: 1, rows: [{ numero: 2, titolareId: 't2' }] })
  expect(accessi.list(0, 200).rows[0]).toEqual({
    ...access('t3'),
    numero: 3,
    quando: '2026-11-26T09:00:00.000Z',
    operatore: 'sportello.2',
    ruolo: 'sola_lettura',
  })

  const before = accessi.list(0, 200)
  const refused = /append-only/
  expect(() => db.run(sql`UPDATE accesso SET operator = 'altri' WHERE seq = 1`)).toThrow(refused)
  expect(() => db.run(sql`DELETE FROM accesso WHERE seq = 3`)).toThrow(refused)
  expect(() =>
    db.run(sql`INSERT OR REPLACE INTO accesso SELECT 1, at, 'altri', role, kind, titolare_id, format, purpose, rows, contacts
      FROM accesso WHERE seq = 1`),
  ).toThrow(refused)
  who = null
  expect(() => {
    accessi.record(access('t4'))
  }).toThrow('nobody has signed in')
  expect(accessi.list(0, 200)).toEqual(before)
  db.close()
})
