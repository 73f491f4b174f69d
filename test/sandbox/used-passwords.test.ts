import Database from 'better-sqlite3'
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import type { ProfileName } from '../../src-main/provider-contract/capabilities.ts'
import { Casella } from '../../src-main/provider-contract/casella.ts'
import { Operation } from '../../src-main/provider-contract/operation.ts'
import { pageOf } from '../../src-main/provider-contract/page.ts'
import { addDocumento, addTitolare, linkIn, mailReader, sendForm, trainerOf } from './life-client.ts'
import { type Client, type TestSandbox, read, startTestSandbox } from './sandbox-client.ts'

const [FIRST, SECOND] = ['Segreta2026', 'Nuova2026x'] as const
const holds = (text: string | Buffer) => text.includes(FIRST) || text.includes(SECOND)

let sandbox: TestSandbox
let client: Client
let log: string[]
let newMails: ReturnType<typeof mailReader>
const start = async (profile: ProfileName) => {
  log = []
  sandbox = await startTestSandbox({ profile, caselle: 60, log: (line) => log.push(line) })
  client = await sandbox.as('demo')
  newMails = mailReader(sandbox)
}
afterEach(() => sandbox.remove())

async function caselle(): Promise<[Casella, Casella]> {
  const filter = encodeURIComponent(
    'ciclo eq "attiva" and richiesta eq "nessuna" and sospesa eq false and comunicazioniEmail co "@"',
  )
  const [one, other] = read(await client.get(`/caselle?limit=2&filter=${filter}`), pageOf(Casella)).items
  if (one === undefined || other === undefined) throw new Error('no caselle')
  return [one, other]
}

/** A new link, and what the page of it answers to passwords. */
async function resetPage({ id }: Casella) {
  await newMails()
  read(await client.post(`/caselle/${id}/azioni/reset-link`, {}), Operation, 202)
  const path = linkIn((await newMails()).at(-1))
  return (password: string) => sendForm(sandbox, path, { password, ripetuta: password })
}

interface Found {
  tables: number
  hashes: string[]
}

/** Reads every text of the database file. */
function searchDatabase(): Found {
  const db = new Database(join(sandbox.folder, 'gestore-di-prova.sqlite'), { readonly: true })
  const tables = db.prepare<[], { name: string }>("SELECT name FROM sqlite_schema WHERE type = 'table'").all()
  for (const { name } of tables) {
    for (const row of db.prepare<[], Record<string, unknown>>(`SELECT * FROM "${name}"`).iterate()) {
      for (const value of Object.values(row)) {
        if (typeof value === 'string' || Buffer.isBuffer(value)) expect(holds(value), name).toBe(false)
      }
    }
  }
  const used = db.prepare<[], { hash: string }>('SELECT hash FROM used_password').all()
  db.close()
  return { tables: tables.length, hashes: used.map(({ hash }) => hash) }
}

test('a password that the holder has used is refused, and the link stays good for another (D79)', async () => {
  await start('basilicata')
  const [casella, other] = await caselle()
  expect((await (await resetPage(casella))(FIRST)).status).toBe(200)
  const again = await resetPage(casella)
  const refused = await again(FIRST)
  expect(refused.status).toBe(422)
  expect(refused.text).toContain('già stata usata')
  expect(holds(refused.text)).toBe(false)
  expect((await again(SECOND)).status).toBe(200)
  const third = await resetPage(casella)
  expect([(await third(FIRST)).status, (await third(SECOND)).status]).toEqual([422, 422])
  expect((await third('Terza2026x')).status).toBe(200)
  // Another casella has passwords of its own.
  expect((await (await resetPage(other))(FIRST)).status).toBe(200)
})

test('a password in clear is nowhere: not in the database, a mail, a log, the storico or an answer', async () => {
  await start('basilicata')
  const [casella, other] = await caselle()
  const page = await resetPage(casella)
  for (const password of ['corta1', 'senzacifre', '12345678', 'x1'.repeat(11)]) {
    expect((await page(password)).status).toBe(422)
  }
  const answers = [await page(FIRST), await (await resetPage(other))(FIRST)]
  answers.push(await (await resetPage(casella))(FIRST), await (await resetPage(casella))(SECOND))
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 422, 200])
  for (const { text } of answers) expect(holds(text)).toBe(false)
  for (const path of ['/storico?limit=1000', '/operations?limit=1000', '/caselle?limit=1000', '/snapshot']) {
    const { status, text } = await client.get(path)
    expect([status, holds(text)]).toEqual([200, false])
  }
  const { tables, hashes } = searchDatabase()
  expect(tables).toBeGreaterThan(10)
  // Each with a salt of its own: the same password on two caselle leaves two hashes.
  expect(hashes).toHaveLength(3)
  expect(new Set(hashes.map((hash) => hash.split(':')[0])).size).toBe(3)
  for (const hash of hashes) expect(hash).toMatch(/^[0-9a-f]{32}:[0-9a-f]{64}$/)
  expect(log.some((line) => line.includes('/password/:token'))).toBe(true)
  expect(holds(log.join('\n'))).toBe(false)
  const files = readdirSync(sandbox.folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  for (const { parentPath, name } of files) expect(holds(readFileSync(join(parentPath, name))), name).toBe(false)
})

test('with activation data only who has the code learns that a password was used', async () => {
  await start('toscana')
  const [{ id, indirizzo }] = await caselle()
  const trainer = await trainerOf(sandbox)
  const newCode = async () => {
    await addDocumento(client, id, 'nuove_credenziali')
    read(await client.post(`/caselle/${id}/azioni/activation-data`, {}), Operation, 202)
    await trainer.post(`/console/caselle/${id}/credenziali`, { esito: 'si' })
    return /attivazione: (\S+)$/m.exec((await newMails()).at(-1)?.text ?? '')?.[1] ?? ''
  }
  const enter = (codice: string, password: string) =>
    sendForm(sandbox, '/attivazione', { indirizzo, codice, password, ripetuta: password })
  expect((await enter(await newCode(), FIRST)).status).toBe(200)
  await trainer.forward(0, 6)
  const codice = await newCode()
  const stranger = await enter('AAAA-AAAA-AAAA', FIRST)
  expect([stranger.status, stranger.text.includes('già stata usata')]).toEqual([422, false])
  const holder = await enter(codice, FIRST)
  expect([holder.status, holder.text.includes('già stata usata')]).toEqual([422, true])
  expect((await enter(codice, SECOND)).status).toBe(200)
})

test('after a subentro the new holder is not told of passwords of the one before, and a deleted casella keeps none', async () => {
  await start('poste')
  const [casella] = await caselle()
  const trainer = await trainerOf(sandbox)
  expect((await (await resetPage(casella))(FIRST)).status).toBe(200)
  const after = await addTitolare(client, 'bea@posta.example')
  const asked = { tipo: 'subentro', titolareId: after.id, comunicazioniEmail: null }
  read(await client.post(`/caselle/${casella.id}/richieste`, asked), Operation, 202)
  await trainer.post(`/console/caselle/${casella.id}/richiesta`, { esito: 'si' })
  expect(searchDatabase().hashes).toEqual([])
  const path = linkIn((await newMails()).at(-1))
  expect((await sendForm(sandbox, path, { password: FIRST, ripetuta: FIRST })).status).toBe(200)
  expect(searchDatabase().hashes).toHaveLength(1)
  const { version } = read(await client.get(`/caselle/${casella.id}`), Casella)
  await client.send('DELETE', `/caselle/${casella.id}`, { headers: { 'if-match': `"v${version}"` } })
  expect(searchDatabase().hashes).toEqual([])
})
