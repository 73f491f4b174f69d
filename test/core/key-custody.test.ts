import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { keyTrouble, newArchiveKey } from '../../src-main/archive/archive-key.ts'
import { recoveryLines } from '../../src-main/contract/rules/recovery-key.ts'
import { demoUsers } from '../../src-main/sandbox/demo-users.ts'
import type { Sandbox } from '../../src-main/sandbox/sandbox.ts'
import type { CustodyPlace } from '../../src-main/contract/custody.ts'
import { coreClient, type CoreClient } from '../support/core-client.ts'
import { hurriedClock } from '../support/hurried-clock.ts'
import { memoryCustody, type MemoryCustody } from '../support/memory-custody.ts'
import { providerInEarnest } from '../support/provider-in-earnest.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { startTestCore, startTestSandbox } from '../support/test-core.ts'

const folder = temporaryFolder()
let sandbox: Sandbox
let provider: Awaited<ReturnType<typeof providerInEarnest>>
beforeAll(async () => {
  sandbox = await startTestSandbox(folder)
  provider = await providerInEarnest(sandbox.url)
})
afterAll(async () => {
  await provider.close()
  await sandbox.close()
})

let desks = 0
/** A desk whose archive was made with a keyring; the program is closed. */
async function desk(): Promise<{ config: string; custody: MemoryCustody; open(): Promise<CoreClient> }> {
  const at = join(folder, `postazione-${(desks += 1)}`)
  const custody = memoryCustody()
  const start = (): ReturnType<typeof startTestCore> => startTestCore(at, { clock: hurriedClock(), custody })
  const core = await start()
  await coreClient(core).call('session.login', login())
  await core.close()
  return {
    config: join(at, 'dati', 'configurazione.json'),
    custody,
    open: async () => {
      const again = await start()
      onTestFinished(() => again.close())
      return coreClient(again)
    },
  }
}
const login = (): { url: string; user: string; password: string } => ({ ...sandbox.demo, url: provider.url })

test('a keyring that is shut at the start is no lost key: once it is open, trying again opens the archive', async () => {
  const { custody, open } = await desk()
  custody.now = 'closed'
  const client = await open()
  expect(await client.status()).toMatchObject({
    phase: 'blocked',
    trouble: { code: 'archive_key_unavailable', details: { state: 'closed' } },
  })
  expect((await client.call('archive.retry', {})).trouble?.code).toBe('archive_key_unavailable')
  custody.now = 'open'
  expect((await client.call('archive.retry', {})).phase).toBe('ready')
})

test.each(['closed', 'none', 'unprotected'] as const)(
  'with the configuration lost and the keyring %s, signing in makes no new key over the old one',
  async (state) => {
    const { config, custody, open } = await desk()
    const before = [...custody.secrets]
    rmSync(config)
    custody.now = state
    const client = await open()
    expect(await client.codeOf('session.login', login())).toBe('archive_key_unavailable')
    expect(await client.codeOf('session.login', { ...login(), passphrase: 'una frase lunga per lo sportello' })).toBe(
      'archive_key_unavailable',
    )
    expect(await client.status()).toMatchObject({ phase: 'blocked', trouble: { code: 'archive_key_unavailable' } })
    expect([...custody.secrets]).toEqual(before)
    custody.now = 'open'
    expect((await client.call('archive.retry', {})).phase).toBe('ready')
    expect([...custody.secrets]).toEqual(before)
  },
)

test('with configuration and secret lost, the archive waits for its printed key, and no other takes its place', async () => {
  const { config, custody, open } = await desk()
  const [name = ''] = custody.secrets.keys()
  const secret = custody.secrets.get(name) ?? ''
  rmSync(config)
  custody.secrets.clear()
  const client = await open()
  expect(await client.codeOf('session.login', login())).toBe('archive_key_lost')
  expect((await client.status()).trouble?.code).toBe('archive_key_lost')
  expect(custody.secrets.size).toBe(0)
  expect((await client.call('archive.recoverKey', { lines: recoveryLines(secret) })).phase).toBe('ready')
  expect([...custody.secrets]).toEqual([[name, secret]])
})

test('an archive that was opened on another machine or by another user says so', async () => {
  const { config, custody, open } = await desk()
  const here = custody.place
  custody.secrets.clear()
  custody.place = { ...here, machine: 'PC-NUOVO', user: 'altro' }
  const moved = await open()
  expect((await moved.status()).trouble).toMatchObject({
    code: 'archive_key_elsewhere',
    details: { difference: 'machine', machine: here.machine },
  })
  await moved.core.close()
  custody.place = { ...here, user: 'altro' }
  const other = await open()
  expect((await other.status()).trouble).toMatchObject({ details: { difference: 'user' } })
  await other.core.close()
  custody.place = { ...here, keeper: 'safe_storage' }
  custody.now = 'none'
  const window = await open()
  expect((await window.status()).trouble).toMatchObject({
    code: 'archive_key_elsewhere',
    details: { difference: 'keeper' },
  })
  expect(readFileSync(config, 'utf8')).not.toContain(process.env['USER'] ?? 'nessun nome')
})

test('a machine that was renamed keeps its archive, and is known by its new name from then on', async () => {
  const { config, custody, open } = await desk()
  custody.place = { ...custody.place, machine: 'PC-RINOMINATO' }
  expect((await (await open()).status()).phase).toBe('ready')
  expect(readFileSync(config, 'utf8')).toContain('PC-RINOMINATO')
})

test('a configuration of before, which does not say whose keyring it is, opens and is completed', async () => {
  const { config, custody, open } = await desk()
  const old = JSON.parse(readFileSync(config, 'utf8')) as { archives: Record<string, { custody: object }> }
  for (const entry of Object.values(old.archives)) entry.custody = { kind: 'system' }
  writeFileSync(config, JSON.stringify(old))
  expect((await (await open()).status()).phase).toBe('ready')
  expect(readFileSync(config, 'utf8')).toContain(custody.place.machine)
})

test('another archive that is open stays open when the key of the one that is signed in to does not come', async () => {
  const { config, custody, open } = await desk()
  rmSync(config)
  custody.now = 'closed'
  const client = await open()
  await client.call('session.login', {
    user: demoUsers.altroEnte.user,
    password: demoUsers.altroEnte.password,
    url: sandbox.url,
  })
  expect(await client.codeOf('session.login', login())).toBe('archive_key_unavailable')
  expect(await client.status()).toMatchObject({ phase: 'ready', provider: { environment: 'prova' } })
})

test('a first archive where the keyring is shut says that, and makes nothing of it', async () => {
  const at = join(folder, 'prima-volta')
  mkdirSync(at)
  const custody = memoryCustody('closed')
  const core = await startTestCore(at, { clock: hurriedClock(), custody })
  onTestFinished(() => core.close())
  const answer = await core.request({ v: 1, id: 'a', channel: 'session.login', body: login() })
  expect(answer).toMatchObject({ ok: false, error: { code: 'passphrase_required', details: { cause: 'closed' } } })
  custody.now = 'open'
  expect((await coreClient(core).call('session.login', login())).custody).toBe('system')
})

test('what the system keeps and is no key of ours is replaced only where no files need it', async () => {
  const custody = memoryCustody()
  custody.secrets.set('archivio-a', 'non una chiave')
  await expect(newArchiveKey('a', 'esercizio', custody, undefined, true)).rejects.toMatchObject({
    code: 'archive_key_lost',
  })
  expect(custody.secrets.get('archivio-a')).toBe('non una chiave')
  const { key } = await newArchiveKey('a', 'esercizio', custody, undefined, false)
  expect(custody.secrets.get('archivio-a')).toBe(key)
  expect((await newArchiveKey('a', 'esercizio', custody, undefined, false)).key).toBe(key)
})

const here: CustodyPlace = { machine: 'PC-1', user: 'u', keeper: 'keyring' }
test.each([
  [{ kind: 'absent' }, undefined, 'archive_key_lost'],
  [{ kind: 'foreign' }, here, 'archive_key_lost'],
  [{ kind: 'foreign' }, { ...here, machine: 'PC-2' }, 'archive_key_elsewhere'],
  [{ kind: 'absent' }, { ...here, machine: 'pc-1' }, 'archive_key_lost'],
  [{ kind: 'closed', state: 'closed' }, { ...here, machine: 'PC-2' }, 'archive_key_unavailable'],
  [{ kind: 'closed', state: 'none' }, { ...here, keeper: 'safe_storage' }, 'archive_key_elsewhere'],
] as const)('%j with a keyring of %j is told as %s', (kept, by, code) => {
  expect(keyTrouble(kept, by, here).code).toBe(code)
})
