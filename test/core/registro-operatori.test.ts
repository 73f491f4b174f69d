import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { Config } from '../../src-main/archive/config-store.ts'
import type { Core } from '../../src-main/core.ts'
import { romeDay } from '../../src-main/caselle/rome-day.ts'
import { AccessoKind } from '../../src-main/contract/accesso.ts'
import { channels, isChannelName } from '../../src-main/contract/channels.ts'
import { AttoRow } from '../../src-main/contract/registro-operatori.ts'
import { openDatabase } from '../../src-main/db/database.ts'
import { sql } from '../../src-main/db/sql.ts'
import { fileLog } from '../../src-main/diagnostics/log.ts'
import { redactedLine } from '../../src-main/diagnostics/diagnostic-package.ts'
import { brokenAt, START_HASH } from '../../src-main/registro-operatori/catena.ts'
import { isRecorded } from '../../src-main/registro-operatori/recorded-channels.ts'
import type { Sandbox } from '../../src-main/sandbox/sandbox.ts'
import { coreClient, type CoreClient } from '../support/core-client.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { startTestCore, startTestSandbox } from '../support/test-core.ts'
import { PATIENCE } from '../support/patience.ts'

/** Planted wherever a person's data can stand: none of them may leave in a register, a log or the package. */
const PLANTED = ['Zebedeo', 'Quartucciu', 'ZBDQRT80A01H501X', 'zebedeo.quartucciu', 'zebedeo-carta.png', '3339988776']
const folder = temporaryFolder()
const data = join(folder, 'dati')
let sandbox: Sandbox
let core: Core
let client: CoreClient

const start = async (): Promise<void> => {
  core = await startTestCore(folder, { log: fileLog(data) })
  client = coreClient(core)
}
beforeAll(async () => {
  sandbox = await startTestSandbox(folder)
  await start()
  await client.call('session.login', { url: sandbox.url, ...sandbox.demo })
  await client.aligned()
})
afterAll(async () => {
  await core.close()
  await sandbox.close()
})

const catena = () => client.call('registroOperatori.list', { offset: 0, limit: 200 })

/** Every file of the application: logs and settings as text, the archive and the deposit as the bytes that they are. */
function everyFile(): string {
  return readdirSync(data, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => `${name}\n${readFileSync(join(parentPath, name), 'latin1')}`)
    .join('\n')
}

/** What operators write besides the registry's own fields, with somebody's data in each. */
async function plantInTexts(casellaId: string): Promise<void> {
  const today = romeDay(Date.now())
  const scopo = 'Causa di Zebedeo Quartucciu, ZBDQRT80A01H501X'
  await client.call('caselle.richiesta', {
    casellaId,
    richiesta: { tipo: 'estratto_log', dal: today, al: today, scopo },
  })
  const scritto = { titolo: 'Posta di Zebedeo Quartucciu', descrizione: 'Cellulare 3339988776' }
  const bozza = { id: crypto.randomUUID(), kind: 'segnalazione' as const, title: scritto.titolo, data: scritto }
  await client.call('drafts.save', bozza)
  const asked = { ...scritto, tipo: 'posta' as const, casellaId, destinatario: 'Zebedeo', bozzaId: bozza.id }
  const { id: segnalazioneId } = await client.call('segnalazioni.create', asked)
  const answer = { ...bozza, id: crypto.randomUUID(), data: { segnalazioneId, testo: 'Lo dice Quartucciu' } }
  await client.call('drafts.save', answer)
  await client.call('messaggi.create', { segnalazioneId, testo: 'Scrive zebedeo.quartucciu', allegati: [] })
  await client.call('lotti.create', { nome: 'Lotto di Zebedeo Quartucciu' })
  const vista = { id: crypto.randomUUID(), nome: 'Caselle di Zebedeo', sort: 'indirizzo' as const, descending: false }
  await client.call('viste.save', { ...vista, filtro: { search: 'Quartucciu' }, colonne: [] })
  await client.call('impostazioni.get', { casellaId })
  const forward = { 'nonCertificata.modo': 'forward', 'nonCertificata.inoltroA': 'zebedeo.quartucciu@example.it' }
  await client.call('impostazioni.update', { casellaId, changes: forward, seen: {} })
  for (const search of ['Zebedeo Quartucciu', 'zebedeo.quartucciu'])
    for (const channel of ['caselle.list', 'titolari.list', 'segnalazioni.list'] as const)
      await client.call(channel, { offset: 0, limit: 10, search })
  const stranger = { url: sandbox.url, user: 'zebedeo.quartucciu', password: 'Quartucciu' }
  expect(await client.codeOf('session.login', stranger)).not.toBe('ok')
}

function everyLog(): string {
  const logs = join(data, 'log')
  return readdirSync(logs)
    .map((name) => readFileSync(join(logs, name), 'utf8'))
    .join('\n')
}

test('what operators do is recorded by ids, and nobody’s data stand in it, in the logs or in the diagnostic package', async () => {
  const casellaId = await client.casella('attiva')
  const { titolareId, comunicazioniEmail } = await client.call('caselle.get', { id: casellaId })
  const { titolare } = await client.call('titolari.get', { id: titolareId })
  const changes = { nome: 'Zebedeo', cognome: 'Quartucciu', cellulare: '3339988776' }
  const seen = { nome: titolare.nome, cognome: titolare.cognome, cellulare: titolare.cellulare }
  const { operationId } = await client.call('titolari.update', { id: titolareId, changes, seen })
  await client.call('caselle.update', {
    id: casellaId,
    changes: { comunicazioniEmail: 'zebedeo.quartucciu@example.it' },
    seen: { comunicazioniEmail },
  })
  await client.call('note.create', { owner: { casellaId }, testo: 'Chiama Zebedeo Quartucciu' })
  await client.call('segnalazioni.allega', {
    caricamento: crypto.randomUUID(),
    nomeFile: 'zebedeo-carta.png',
    da: 0,
    base64: Buffer.from('89504e47', 'hex').toString('base64'),
    fine: true,
  })
  await plantInTexts(casellaId)
  await client.call('titolari.copy', { titolareId, scopo: 'richiesta_interessato', formato: 'json' })
  // Errors that quote what they were given.
  await client.codeOf('titolari.update', { id: titolareId, changes: { codiceFiscale: 'ZBDQRT80A01H501X' }, seen: {} })
  await client.codeOf('caselle.get', { id: 'ZBDQRT80A01H501X' })
  await client.codeOf('titolari.update', { id: 'ZBDQRT80A01H501X', changes: { nome: 'Zebedeo' }, seen: {} })
  await client.call('titolari.findByCodiceFiscale', { codiceFiscale: 'ZBDQRT80A01H501X' })

  const { rows, total, verifica } = await catena()
  expect(verifica.stato).toBe('integra')
  expect(total).toBe(rows.length)
  const edit = rows.find(({ atto }) => atto === 'titolari.update')
  expect(edit).toMatchObject({ operatore: 'demo', ids: [titolareId, operationId] })
  const saved = await client.call('diagnostica.save', {})
  const { text } = await client.call('diagnostica.get', {})
  const csv = await client.call('registroOperatori.export', { formato: 'csv' })
  const lines = await client.call('registroOperatori.export', { formato: 'jsonl' })
  const decoded = [saved, csv, lines].map(({ base64 }) => Buffer.from(base64, 'base64').toString())
  const left = [text, ...decoded, JSON.stringify(rows), everyFile()].join('\n').toLowerCase()
  expect(PLANTED.filter((planted) => left.includes(planted.toLowerCase()))).toEqual([])
  for (const someone of [titolare.codiceFiscale, titolare.email ?? titolare.codiceFiscale])
    expect(left).not.toContain(someone.toLowerCase())
  expect(JSON.parse(text)).toMatchObject({ stato: { fase: 'ready' }, righe: { casella: 120 } })
  // Whoever has the export alone can follow the chain.
  const entries = Buffer.from(lines.base64, 'base64')
    .toString()
    .trimEnd()
    .split('\n')
    .map((line) => AttoRow.parse(JSON.parse(line)))
  const start = { numero: 0, hash: START_HASH }
  expect(entries.length).toBeGreaterThan(rows.length)
  expect(brokenAt(start, entries)).toBeNull()
  expect(
    brokenAt(
      start,
      entries.filter(({ numero }) => numero !== 3),
    ),
  ).toBe(3)
  const acts = new Set(rows.map(({ atto }) => atto))
  for (const act of ['session.login', 'caselle.richiesta', 'segnalazioni.create', 'accesso.copia_titolare'])
    expect(acts).toContain(act)
  // The exports are in the chain themselves.
  expect((await catena()).rows.filter(({ atto }) => atto === 'registroOperatori.export')).toHaveLength(2)
})

test('every act of the register has words of its own on its screen', () => {
  const file = join(import.meta.dirname, '../../src-renderer/locales/it/registroOperatori.json')
  const { atto: words } = JSON.parse(readFileSync(file, 'utf8')) as { atto: Record<string, string> }
  const recorded = Object.keys(channels).filter((name) => isChannelName(name) && isRecorded(name))
  const acts = [...recorded, 'session.logout', ...AccessoKind.options.map((kind) => `accesso.${kind}`)]
  expect(recorded.length).toBeGreaterThan(50)
  expect(acts.filter((act) => words[act.replace('.', '_')] === undefined)).toEqual([])
})

test('a line of the log is written again by the allow-list alone', () => {
  const at = '2026-01-02T03:04:05.000Z'
  const hostile = {
    at,
    event: 'command.failed',
    code: 'not_found',
    nome: 'Zebedeo',
    errorName: 'Zebedeo',
    channel: 'Zebedeo Q',
  }
  expect(redactedLine(JSON.stringify(hostile))).toBe(
    JSON.stringify({ at, event: 'command.failed', code: 'not_found', channel: '[omesso]' }),
  )
  expect(redactedLine('Zebedeo Quartucciu')).toBeNull()
  expect(redactedLine(JSON.stringify({ at, event: 'Zebedeo' }))).toBeNull()
})

test('an entry that somebody changed in the database is told on opening, with its place', async () => {
  await core.close()
  const config = Config.parse(JSON.parse(readFileSync(join(data, 'configurazione.json'), 'utf8')))
  const id = config.current ?? ''
  const custody = config.archives[id]?.custody
  if (custody?.kind !== 'demo_file') throw new Error('the key is not in its file')
  const db = openDatabase(join(data, 'archivi', id, 'archivio.db'), custody.key)
  expect(() => {
    db.run(sql`UPDATE atto SET operator = 'altro' WHERE seq = 2`)
  }).toThrow(/append-only/)
  expect(() => {
    db.run(sql`DELETE FROM atto WHERE seq = 2`)
  }).toThrow(/append-only/)
  db.run(sql`DROP TRIGGER atto_unchanged`)
  db.run(sql`UPDATE atto SET operator = 'altro' WHERE seq = 2`)
  db.close()
  await start()
  await vi.waitFor(async () => {
    expect((await catena()).verifica).toEqual({ stato: 'rotta', verificati: 1, rottaA: 2 })
  }, PATIENCE)
  expect(everyLog()).toContain('register.broken')
})
