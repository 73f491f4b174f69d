import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startCore, type Core } from '../../src-main/core.ts'
import { absentPolicy } from '../../src-main/contract/policy.ts'
import { silentLog, type Log } from '../../src-main/diagnostics/log.ts'
import type { Sandbox } from '../../src-main/sandbox/sandbox.ts'
import { rawDatabase } from '../support/archive-on-disk.ts'
import { coreClient } from '../support/core-client.ts'
import { startFaultProxy } from '../support/fault-proxy.ts'
import { hurriedClock } from '../support/hurried-clock.ts'
import { memoryCustody } from '../support/memory-custody.ts'
import { colleague } from '../support/provider-colleague.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { providerInEarnest } from '../support/provider-in-earnest.ts'
import { startTestCore, startTestSandbox } from '../support/test-core.ts'

const folder = temporaryFolder()
let sandbox: Sandbox
beforeAll(async () => {
  sandbox = await startTestSandbox(folder)
})
afterAll(() => sandbox.close())

let folders = 0
const place = (): string => join(folder, `postazione-${(folders += 1)}`)
const login = () => ({ url: sandbox.url, ...sandbox.demo })
const archiveOf = (at: string): string => {
  const archives = join(at, 'dati', 'archivi')
  return join(archives, readdirSync(archives)[0] ?? '')
}
async function filled(at: string, log: Log = silentLog): Promise<Core> {
  const core = await startTestCore(at, { clock: hurriedClock(), log })
  const client = coreClient(core)
  await client.call('session.login', login())
  await client.aligned()
  return core
}

test('nothing of a person can be read from the files without the key', async () => {
  const at = place()
  const lines: string[] = []
  const core = await filled(at, (event, fields) => lines.push(JSON.stringify({ event, ...fields })))
  const client = coreClient(core)
  const [row] = (await client.call('caselle.list', { offset: 3, limit: 1 })).rows
  await client.deposit('segreto.pdf', Buffer.from('%PDF-1.7 nome e cognome in chiaro %%EOF'))
  const { titolare, codiceFiscale, indirizzo } = row ?? { titolare: '', codiceFiscale: '', indirizzo: '' }
  const database = readdirSync(archiveOf(at), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(?:db|db-wal|bin)$/.test(name))
    .map((name) => readFileSync(join(archiveOf(at), name)))
  expect(database.length).toBeGreaterThan(2)
  for (const secret of [titolare, codiceFiscale, indirizzo, 'nome e cognome', 'SQLite format 3', 'refreshToken'])
    expect([secret, database.some((bytes) => bytes.includes(secret))]).toEqual([secret, false])
  for (const secret of [titolare, codiceFiscale, indirizzo, sandbox.demo.password])
    expect(lines.join('\n')).not.toContain(secret)
  await core.close()
})

test('a second application over the same data is told so', async () => {
  const at = place()
  const core = await startTestCore(at)
  await expect(startTestCore(at)).rejects.toMatchObject({ code: 'archive_in_use' })
  await core.close()
  await (await startTestCore(at)).close()
})

test.each([
  [
    'a damaged archive',
    'archive_damaged',
    (path: string) => {
      writeFileSync(path, Buffer.alloc(65_536, 7))
    },
  ],
  [
    'an archive under another key',
    'archive_damaged',
    (path: string) => {
      new Database(path).close()
      rmSync(path)
      const db = new Database(path)
      db.exec('CREATE TABLE t(x)')
      db.close()
    },
  ],
])('%s is told, kept as it is, and nothing else fails', async (_what, code, harm) => {
  const at = place()
  await (await filled(at)).close()
  const path = join(archiveOf(at), 'archivio.db')
  harm(path)
  const harmed = readFileSync(path)
  const core = await startTestCore(at, { clock: hurriedClock() })
  const client = coreClient(core)
  expect((await client.status()).lastError).toBe(code)
  expect(await client.codeOf('caselle.list', { offset: 0, limit: 1 })).toBe(code)
  await core.close()
  expect(readFileSync(path).equals(harmed)).toBe(true)
})

test('an archive of a newer version is not touched', async () => {
  const at = place()
  await (await filled(at)).close()
  const path = join(archiveOf(at), 'archivio.db')
  const { archives } = JSON.parse(readFileSync(join(at, 'dati', 'configurazione.json'), 'utf8')) as {
    archives: Record<string, { custody: { key: string } }>
  }
  const db = rawDatabase(path, Object.values(archives)[0]?.custody.key ?? '')
  db.pragma('user_version = 99')
  db.close()
  const core = await startTestCore(at)
  expect(await coreClient(core).codeOf('caselle.list', { offset: 0, limit: 1 })).toBe('archive_newer')
  await core.close()
})

test('where the system keeps no secrets a passphrase is asked, and only it opens the archive again', async () => {
  const provider = await providerInEarnest(sandbox.url)
  const at = place()
  let core = await startTestCore(at, { clock: hurriedClock() })
  let client = coreClient(core)
  const credentials = { ...sandbox.demo, url: provider.url }
  expect(await client.codeOf('session.login', credentials)).toBe('passphrase_required')
  expect(await client.codeOf('session.login', { ...credentials, passphrase: 'corta' })).toBe('passphrase_too_short')
  const passphrase = 'una frase lunga per lo sportello'
  await client.call('session.login', { ...credentials, passphrase })
  await client.aligned()
  expect((await client.status()).custody).toBe('passphrase')
  await core.close()
  expect(readFileSync(join(at, 'dati', 'configurazione.json'), 'utf8')).not.toContain(passphrase)

  core = await startTestCore(at, { clock: hurriedClock() })
  client = coreClient(core)
  expect((await client.status()).phase).toBe('locked')
  expect(await client.codeOf('caselle.list', { offset: 0, limit: 1 })).toBe('archive_locked')
  expect(await client.codeOf('archive.unlock', { passphrase: 'un altra frase lunga' })).toBe('passphrase_wrong')
  expect((await client.call('archive.unlock', { passphrase })).phase).toBe('ready')
  expect((await client.call('caselle.list', { offset: 0, limit: 1 })).total).toBeGreaterThan(0)
  await core.close()
  await provider.close()
})

test('the system keyring holds the key where there is one, and its loss is told', async () => {
  const provider = await providerInEarnest(sandbox.url)
  const at = place()
  const custody = memoryCustody()
  const { secrets } = custody
  let core = await startTestCore(at, { clock: hurriedClock(), custody })
  await coreClient(core).call('session.login', { ...sandbox.demo, url: provider.url })
  await core.close()
  expect(readFileSync(join(at, 'dati', 'configurazione.json'), 'utf8')).not.toContain([...secrets.values()][0])
  core = await startTestCore(at, { clock: hurriedClock(), custody })
  expect((await coreClient(core).status()).phase).toBe('ready')
  await core.close()
  secrets.clear()
  core = await startTestCore(at, { clock: hurriedClock(), custody })
  expect(await coreClient(core).codeOf('caselle.list', { offset: 0, limit: 1 })).toBe('archive_key_lost')
  await core.close()
  await provider.close()
})

test('a restored backup doubts what it believes unsent, and repeats it without a second effect', async () => {
  const at = place()
  const proxy = await startFaultProxy(sandbox.port)
  let core = await startTestCore(at, { clock: hurriedClock() })
  let client = coreClient(core)
  await client.call('session.login', { ...sandbox.demo, url: proxy.url })
  await client.aligned()
  const id = await client.casella('attiva', 40)
  const { values } = await client.call('caselle.get', { id })
  await proxy.refuse()
  await client.goesOffline()
  const { operationId } = await client.call('caselle.update', {
    id,
    changes: { disabilitata: true },
    seen: { disabilitata: values.disabilitata },
  })
  await core.close()
  const backup = join(folder, 'copia')
  cpSync(join(archiveOf(at), 'archivio.db'), join(backup, 'archivio.db'), { recursive: true })

  await proxy.heal()
  core = await startTestCore(at, { clock: hurriedClock() })
  client = coreClient(core)
  await client.reaches(operationId, 'settled')
  const other = await colleague(sandbox.url)
  const { version } = await other.casella(id)
  await core.close()

  for (const suffix of ['', '-wal', '-shm']) rmSync(join(archiveOf(at), `archivio.db${suffix}`), { force: true })
  cpSync(join(backup, 'archivio.db'), join(archiveOf(at), 'archivio.db'))
  await proxy.refuse()
  core = await startTestCore(at, { clock: hurriedClock() })
  client = coreClient(core)
  const doubted = await client.call('outbox.get', { id: operationId })
  expect(['uncertain', 'in_flight']).toContain(doubted.state)
  expect(doubted.canCancel).toBe(false)
  await proxy.heal()
  await client.reaches(operationId, 'settled')
  expect((await other.casella(id)).version).toBe(version)
  await core.close()
  await proxy.close()
})

test('a data folder that cannot be written is told', async () => {
  const at = place()
  writeFileSync(join(folder, 'un-file'), '')
  await expect(
    startCore({
      dataDir: join(folder, 'un-file'),
      host: 'cli',
      version: '0',
      clock: hurriedClock(),
      custody: memoryCustody('none'),
      log: silentLog,
      startSandbox: () => Promise.reject(new Error(at)),
      checkCopy: () => Promise.resolve(null),
      documentThreads: { inspection: '', pdfReader: '' },
      indexThread: { thread: null, threadFrom: 0 },
      refreshTrust: null,
      graceMs: 0,
      proposedProviderUrl: null,
      policy: absentPolicy(''),
    }),
  ).rejects.toThrow()
})
