import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import type { Core } from '../../src-main/core.ts'
import type { Sandbox } from '../../src-main/sandbox/sandbox.ts'
import { startSandbox } from '../../src-main/sandbox/sandbox.ts'
import { archiveOnDisk, demoKeyOf, rawDatabase } from '../support/archive-on-disk.ts'
import { coreClient, type CoreClient } from '../support/core-client.ts'
import { startOffice } from '../support/office.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { startTestCore } from '../support/test-core.ts'
import { PATIENCE } from '../support/patience.ts'

const CASELLE = 6000
const folder = temporaryFolder()
const thread = new URL('../../src-main/db/index-worker.ts', import.meta.url)
const inThread = { indexThread: { thread, threadFrom: 0 } }
const here = { indexThread: { thread: null, threadFrom: 0 } }
let sandbox: Sandbox
beforeAll(async () => {
  sandbox = await startSandbox({
    port: 0,
    data: join(folder, 'gestore'),
    caselle: CASELLE,
    seed: 3,
    profile: 'toscana',
    clock: () => new Date(),
  })
})
afterAll(() => sandbox.close())

async function signedIn(
  name: string,
  changes: Parameters<typeof startTestCore>[1],
): Promise<{ core: Core; client: CoreClient }> {
  const core = await startTestCore(join(folder, name), changes)
  const client = coreClient(core)
  await client.call('session.login', { url: sandbox.url, ...sandbox.demo })
  return { core, client }
}

/** Fulfils when `isSo` does. */
async function until(isSo: () => Promise<boolean>): Promise<void> {
  await vi.waitFor(
    async () => {
      expect(await isSo()).toBe(true)
    },
    // Some of it passes by.
    { ...PATIENCE, interval: 5 },
  )
}

async function searchable(client: CoreClient): Promise<void> {
  await until(async () => (await client.call('caselle.list', { offset: 0, limit: 1 })).searchReady)
  await client.aligned()
}

/** Lists, searches and sums, as the screens ask for them. */
async function shown(client: CoreClient): Promise<unknown> {
  const words = ['ro', 'rossi', 'mar', 'ufficio', 'pec', 'comune a']
  const sorts = ['indirizzo', 'titolare', 'stato', 'scadenza', 'usatoMb', 'passwordScadeIl'] as const
  const found: unknown[] = []
  for (const search of words) found.push(await client.call('caselle.list', { offset: 0, limit: 20, search }))
  for (const sort of sorts) found.push(await client.call('caselle.list', { offset: 4000, limit: 20, sort }))
  for (const search of words) found.push(await client.call('titolari.list', { offset: 0, limit: 20, search }))
  const { counts } = await client.status()
  return [found, counts]
}

test('what a thread builds is found, ordered and counted as what is built here', async () => {
  const other = await signedIn('altro-filo', inThread)
  const own = await signedIn('stesso-filo', here)
  for (const { client } of [other, own]) {
    await client.aligned()
    await searchable(client)
  }
  expect(await shown(other.client)).toEqual(await shown(own.client))
  await other.core.close()
  await own.core.close()
})

test('a change that is made while a thread builds is found by its new words', async () => {
  const { core, client } = await signedIn('cambia', inThread)
  await until(async () => (await client.status()).counts.caselle === CASELLE)
  const { rows } = await client.call('titolari.list', { offset: 10, limit: 1 })
  const { id = '', nome = '' } = rows[0] ?? {}
  const changes = { nome: 'Zefirino' }
  await client.call('titolari.update', { id, changes, seen: { nome } })
  await searchable(client)
  const { rows: found } = await client.call('titolari.list', { offset: 0, limit: 20, search: 'zefirino' })
  expect(found.map((row) => row.id)).toContain(id)
  await core.close()
})

test('closed while a thread builds, the next start goes on from there and the file is whole', async () => {
  const first = await signedIn('chiusa', inThread)
  await until(async () => (await first.client.status()).sync?.stage === 'search_index')
  await first.core.close()
  const again = await startTestCore(join(folder, 'chiusa'), inThread)
  const client = coreClient(again)
  await client.aligned()
  await searchable(client)
  expect((await client.call('caselle.list', { offset: 0, limit: 1 })).total).toBe(CASELLE)
  await again.close()
  const { database } = archiveOnDisk(join(folder, 'chiusa', 'dati'))
  const db = rawDatabase(database, demoKeyOf(join(folder, 'chiusa', 'dati')))
  expect(db.pragma('integrity_check', { simple: true })).toBe('ok')
  db.close()
})

test('where nothing is missing no thread is started to find that out', async () => {
  const { core, client } = await signedIn('intera', here)
  await searchable(client)
  await core.close()
  const failed: string[] = []
  const again = await startTestCore(join(folder, 'intera'), {
    indexThread: { thread: new URL('no-such-thread.ts', import.meta.url), threadFrom: 0 },
    log: (event) => {
      if (event === 'sync.failed') failed.push(event)
    },
  })
  await coreClient(again).aligned()
  await again.close()
  expect(failed).toEqual([])
})

test('an archive of a version that knew words by key is searched again without a network', async () => {
  const office = await startOffice(join(folder, 'senza-rete'))
  try {
    const { rows } = await office.client.call('caselle.list', { offset: 0, limit: 1 })
    const holder = rows[0]?.titolare.split(' ')[0] ?? ''
    const search = { offset: 0, limit: 50, search: holder }
    const { total } = await office.client.call('caselle.list', search)
    await office.network.refuse()
    const dataDir = join(folder, 'senza-rete', 'dati')
    await office.restart({}, () => {
      const db = rawDatabase(archiveOnDisk(dataDir).database, demoKeyOf(dataDir))
      db.exec(`INSERT INTO casella_fts(casella_fts) VALUES ('delete-all'); DELETE FROM casella_posto;
        UPDATE meta SET value = json_remove(value, '$.casella') WHERE key = 'searchIndex'`)
      db.close()
    })
    await until(async () => (await office.client.call('caselle.list', search)).searchReady)
    expect((await office.client.status()).connection).toBe('offline')
    expect(await office.client.call('caselle.list', search)).toMatchObject({ total, complete: true })
    expect(total).toBeGreaterThan(0)
  } finally {
    await office.close()
  }
})
