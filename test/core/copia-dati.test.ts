import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { CopiaDati } from '../../src-main/contract/copia-dati.ts'
import { copiaDati, sezioneOf } from '../../src-main/copia-dati/copia-dati.ts'
import { copiaDatiStore, heldTables, type HeldTable } from '../../src-main/copia-dati/copia-dati-store.ts'
import { mentions } from '../../src-main/copia-dati/persons-apart.ts'
import { openDatabase, type ArchiveDb } from '../../src-main/db/database.ts'
import { copiaDatiFile } from '../../src-main/export/copia-dati-report.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

/** Say nothing of a person that the other tables do not, or nothing at all: the search's words, cursors, counts. */
const saysNothing =
  /^(?:meta|lettura|segnalazione_letta|casella_(?:totale|mese|attesa|sommata|posto)|dominio|assistente|lotto|snapshot_seen|reread|activity_count|sqlite_.*|\w+_fts(?:_\w+)?)$/

interface Person {
  id: string
  nome: string
  cf: string
  casella: string
  indirizzo: string
}
const own: Person = { id: 't1', nome: 'Olivia', cf: 'PRVLVO80A41F205X', casella: 'c1', indirizzo: 'a@prova.it' }
// Ids, codes and addresses that only whole texts tell apart.
const other: Person = { id: 't12', nome: 'Ugo', cf: 'LTRGUO70B02G942K', casella: 'c12', indirizzo: 'x.a@prova.it' }

let db: ArchiveDb
let copia: CopiaDati

function insert(table: string, values: Record<string, unknown>): void {
  const names = Object.keys(values)
  const params = Object.values(values).map((value) =>
    typeof value === 'string' || typeof value === 'number' || value instanceof Uint8Array
      ? value
      : JSON.stringify(value),
  )
  const places = names.map(() => '?').join(', ')
  db.run({ text: `INSERT INTO ${table}(${names.join(', ')}) VALUES (${places})`, params })
}

/** A row in each table that may hold something of a person, with a mark that is nowhere else. */
function plant({ id, nome, cf, casella, indirizzo }: Person): void {
  const mark = (table: HeldTable): string => `segno-${table}-${id}-`
  const at = '2026-01-02T10:00:00.000Z'
  const row = (table: HeldTable, more: object = {}) => ({
    ...{
      id: `${table}-${id}`,
      version: 1,
      server: { id: `${table}-${id}`, testo: mark(table), updatedBy: 'Carla Collega', ...more },
    },
  })
  const operation = { operator: 'o9', operator_name: 'Carla Collega', state: 'pending', created_at: at }
  insert('titolare', {
    ...{ id, version: 1, server: { id, codiceFiscale: cf, testo: mark('titolare') }, nome, cognome: 'Prova' },
    ...{ codice_fiscale: cf, codice_normale: cf },
  })
  insert('indirizzo', { ...row('indirizzo'), titolare_id: id })
  insert('attivita', { ...row('attivita'), titolare_id: id, ragione_sociale: 'Ditta' })
  insert('casella', {
    ...{ id: casella, version: 1, server: { id: casella, testo: mark('casella') }, indirizzo, dominio_id: 'd' },
    ...{ dominio: 'prova.it', titolare_id: id, titolare: nome, codice_fiscale: cf, stato: 'attiva', tipologia: 'base' },
    ...{ usato_mb: 1, quota_mb: 2, soft_limit_mb: 1 },
  })
  insert('impostazioni', { ...row('impostazioni'), id: casella })
  const cambio = {
    casellaId: casella,
    titolareId: id,
    quando: at,
    chi: 'Carla Collega',
    campi: [],
    id: mark('storico'),
  }
  insert('storico', { owner: `casella ${casella}`, read_at: at, rows: [cambio] })
  insert('documento', { ...row('documento', { caricato: at }), casella_id: casella, sha256: 'f' })
  insert('deposito', {
    ...{
      id: `dep-${id}`,
      nome_file: mark('deposito'),
      bytes: 1,
      sha256: 'f',
      formato: 'pdf',
      iv: new Uint8Array(16),
      created_at: at,
    },
    ...{ casella_id: casella },
  })
  db.run({ text: `INSERT OR IGNORE INTO lotto VALUES ('l', 'Lotto', 'o9', ?, 'aperto', 90)`, params: [at] })
  insert('riga_lotto', {
    ...{ id: `r-${id}`, lotto_id: 'l', posizione: 1, nome_file: mark('riga_lotto'), bytes: 1, stato: 'pronta' },
    ...{ casella_id: casella, data: { firmatari: ['Ugo Firma'], cfFirma: [other.cf], candidati: [] } },
  })
  insert('modulo', {
    ...{ code: mark('modulo'), kind: 'delega', casella_id: casella, titolare_id: id, operator: 'Carla Collega' },
    ...{ made_at: at, sha256: 'f' },
  })
  insert('nota', { ...row('nota', { autore: 'Carla Collega', scritta: at }), titolare_id: id })
  insert('segnalazione', {
    ...row('segnalazione', { apertaDa: 'Carla Collega' }),
    casella_id: casella,
    stato: 'aperta',
    aperta: at,
  })
  insert('messaggio', {
    ...row('messaggio', { autore: 'Dario Desk', parte: 'assistenza' }),
    segnalazione_id: `segnalazione-${id}`,
  })
  insert('richiesta', { ...row('richiesta'), casella_id: casella })
  const args = {
    type: 'titolare.fusione',
    id,
    assorbiti: [{ id: `vecchio-${id}`, nome: mark('operation') }],
    fields: {},
  }
  insert('operation', {
    ...{ ...operation, op_id: `op-${id}`, lane: id, type: 'titolare.fusione', args_version: 1, args, seen: {} },
    ...{ state: 'settled', subject: nome, titolare_id: id },
  })
  const { seq } = db.all<{ seq: number }>({ text: 'SELECT max(seq) AS seq FROM operation', params: [] })[0] ?? {
    seq: 0,
  }
  insert('operation_history', { seq, at, to_state: 'settled', reason: { code: mark('operation_history') } })
  insert('activity', {
    ...{ batch: 1, at, kind: 'titolare.cambiato', entity_id: id, subject: mark('activity'), titolare_id: id },
    ...{ who: 'carla', steps: 1, fields: [] },
  })
  insert('bozza', {
    ...{
      id: `b-${id}`,
      operator: 'o9',
      kind: 'casella',
      title: mark('bozza'),
      data: { codiceFiscale: cf },
      updated_at: at,
    },
  })
  insert('vista', { id: `v-${id}`, operator: 'o9', nome: mark('vista'), data: { search: cf } })
  insert('report_salvato', { id: `r-${id}`, operator: 'o9', nome: mark('report_salvato'), data: { search: cf } })
  insert('casella_spazio', {
    casella_pk: id === own.id ? 1 : 2,
    giorno: mark('casella_spazio'),
    usato_mb: 1,
  })
  insert('atto', { seq: id === own.id ? 1 : 2, at, operator: 'carla', act: mark('atto'), ids: [id], hash: 'f' })
  insert('local_id', { local_id: mark('local_id'), server_id: id })
  insert('accesso', {
    ...{ at: mark('accesso'), operator: 'carla', role: 'ente', kind: 'copia_titolare', titolare_id: id },
    ...{ format: 'pdf', purpose: 'verifica_interna' },
  })
}

beforeAll(async () => {
  db = openDatabase(join(temporaryFolder(), 'a.db'), 'ab'.repeat(32))
  plant(own)
  plant(other)
  // A spreadsheet of new caselle holds both persons, side by side.
  const columns = { nome: [other.nome, own.nome], codiceFiscale: [other.cf, own.cf], cellulare: ['333 000', '333 111'] }
  insert('bozza', { id: 'b', operator: 'o9', kind: 'caselle', title: 'Due', data: columns, updated_at: 'x' })
  const facts = { creata: '2026-11-26T09:00:00.000Z', ente: 'Comune', gestore: 'Gestore', allineata: null }
  copia = await copiaDati(copiaDatiStore(db), own.id, { ...facts, scopo: 'richiesta_interessato' })
  return () => {
    db.close()
  }
})

test('a copy has what every table of the archive holds of the person, and a table that nobody thought of fails', () => {
  const tables = db
    .all<{ name: string }>({ text: `SELECT name FROM sqlite_master WHERE type = 'table'`, params: [] })
    .map(({ name }) => name)
    .filter((name) => !saysNothing.test(name))
  expect(new Set(tables)).toEqual(new Set(heldTables))
  for (const table of heldTables) {
    const held = db.all<Record<string, unknown>>({ text: `SELECT * FROM ${table}`, params: [] })
    expect(
      held.some((row) => JSON.stringify(row).includes(`segno-${table}-${own.id}-`)),
      table,
    ).toBe(true)
    expect(JSON.stringify(copia[sezioneOf[table]]), table).toContain(`segno-${table}-${own.id}-`)
  }
  expect(JSON.stringify(copia.unioni)).toContain('vecchio-t1')
})

test('nothing of another person is in a copy: no namesake of an id, no neighbour in a draft, no signer, no colleague', () => {
  const text = JSON.stringify(copia)
  expect(text).toContain('333 111')
  for (const foreign of [`-${other.id}-`, other.cf, other.indirizzo, '333 000', 'Ugo', 'Carla', 'carla', 'Dario'])
    expect(text, foreign).not.toContain(foreign)
  expect(copia.note[0]?.['server']).toMatchObject({ autore: 'operatore', updatedBy: 'operatore' })
  expect(copia.messaggi[0]?.['server']).toMatchObject({ autore: 'assistenza' })
  expect(mentions({ testo: 'Scrive (A@PROVA.IT).' }, { needles: [own.indirizzo] })).toBe(true)
})

test('the copy is a file that says its version, or an Italian tagged PDF; neither name tells whose', async () => {
  const scopo = 'richiesta_interessato'
  const json = await copiaDatiFile(copia, own.id, scopo, 'json')
  const read = CopiaDati.parse(JSON.parse(Buffer.from(json.base64, 'base64').toString('utf8')))
  expect(read).toEqual(copia)
  const pdf = await copiaDatiFile(copia, own.id, scopo, 'pdf')
  const bytes = Buffer.from(pdf.base64, 'base64')
  expect(bytes.subarray(0, 5).toString()).toBe('%PDF-')
  for (const part of ['/StructTreeRoot', '/Lang', '/Marked true']) expect(bytes.toString('latin1')).toContain(part)
  expect([json.nomeFile, pdf.nomeFile]).toEqual(['copia-dati-t1.json', 'copia-dati-t1.pdf'])
})
