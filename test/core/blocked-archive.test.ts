import { execFileSync } from 'node:child_process'
import {
  closeSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { PDFDocument } from 'pdf-lib'
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest'
import type { ArchiveFolder } from '../../src-main/archive/archive-folder.ts'
import { recoveryLines } from '../../src-main/contract/rules/recovery-key.ts'
import type { Core } from '../../src-main/core.ts'
import type { Sandbox } from '../../src-main/sandbox/sandbox.ts'
import { startWaitingCore } from '../../src-main/waiting-core.ts'
import { archiveOnDisk, demoKeyOf, rawDatabase } from '../support/archive-on-disk.ts'
import { coreClient, type CoreClient } from '../support/core-client.ts'
import { startFaultProxy, type FaultProxy } from '../support/fault-proxy.ts'
import { hurriedClock } from '../support/hurried-clock.ts'
import { memoryCustody } from '../support/memory-custody.ts'
import { colleague } from '../support/provider-colleague.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { startTestCore, startTestSandbox, testEnvironment } from '../support/test-core.ts'
import { providerInEarnest } from '../support/provider-in-earnest.ts'
import { PATIENCE } from '../support/patience.ts'

const folder = temporaryFolder()
let sandbox: Sandbox
beforeAll(async () => {
  sandbox = await startTestSandbox(folder)
})
afterAll(() => sandbox.close())

let folders = 0
let nextCasella = 0

interface Desk {
  at: string
  data: string
  proxy: FaultProxy
  /** The casella that was changed, the operation, and what it is to become. */
  id: string
  operationId: string
  quotaMb: number
  /** Starts the application again over what is there. */
  again(): Promise<CoreClient>
  files: ArchiveFolder
}

/** Closes at the end of the test, whatever came of it. */
function closing(core: Core): Core {
  onTestFinished(() => core.close())
  return core
}

async function copyMade(client: CoreClient): Promise<string> {
  const before = (await client.call('archive.state', {})).copies.length
  await client.call('archive.copy', {})
  return vi.waitFor(async () => {
    const { copies, copyProblem, copying } = await client.call('archive.state', {})
    expect(copyProblem).toBeNull()
    expect(copying).toBeNull()
    expect(copies.length).toBe(before + 1)
    return copies[0]?.id ?? ''
  }, PATIENCE)
}

/** An aligned archive, cut off from the provider, with one change in the queue that has never been sent. */
async function deskWithUnsentWork(work?: (client: CoreClient) => Promise<void>): Promise<Desk> {
  const at = join(folder, `postazione-${(folders += 1)}`)
  const data = join(at, 'dati')
  const proxy = await startFaultProxy(sandbox.port)
  onTestFinished(() => proxy.close())
  const core = await startTestCore(at, { clock: hurriedClock() })
  const client = coreClient(core)
  await client.call('session.login', { ...sandbox.demo, url: proxy.url })
  await client.aligned()
  const id = await client.casella('attiva', (nextCasella += 1))
  await work?.(client)
  await proxy.refuse()
  await client.goesOffline()
  const { values } = await client.call('caselle.get', { id })
  const quotaMb = values.quotaMb + 1024
  const { operationId } = await client.call('caselle.update', {
    id,
    changes: { quotaMb },
    seen: { quotaMb: values.quotaMb },
  })
  await core.close()
  return {
    at,
    data,
    proxy,
    id,
    operationId,
    quotaMb,
    again: async () => coreClient(closing(await startTestCore(at, { clock: hurriedClock() }))),
    files: archiveOnDisk(data),
  }
}

async function arrives(desk: Desk, client: CoreClient): Promise<void> {
  const other = await colleague(sandbox.url)
  const before = await other.casella(desk.id)
  await desk.proxy.heal()
  await client.reaches(desk.operationId, 'settled')
  const after = await other.casella(desk.id)
  expect(after.quotaMb).toBe(desk.quotaMb)
  expect(after.version).toBe(before.version + 1)
}

const harms: [string, string, (files: ArchiveFolder) => void][] = [
  [
    'a database cut in half',
    'archive_damaged',
    (files) => {
      truncateSync(files.database, 4096 * 3 + 100)
      writeFileSync(files.database, Buffer.alloc(4096, 3), { flag: 'r+' })
    },
  ],
  [
    'a database whose first page was overwritten',
    'archive_damaged',
    (files) => {
      const file = openSync(files.database, 'r+')
      writeSync(file, Buffer.from([1, 2, 3, 4]), 0, 4, 40)
      closeSync(file)
    },
  ],
  [
    'an empty file in the place of the database',
    'archive_missing',
    (files) => {
      truncateSync(files.database, 0)
    },
  ],
  [
    'a database that is gone',
    'archive_missing',
    (files) => {
      rmSync(files.database)
    },
  ],
  [
    'the database of another archive',
    'archive_damaged',
    (files) => {
      rmSync(files.database)
      const other = rawDatabase(files.database, 'ab'.repeat(32))
      other.exec('CREATE TABLE t(x)')
      other.close()
    },
  ],
]

test.each(harms)(
  '%s blocks the archive, and beginning anew carries the unsent work to its end',
  async (_, code, harm) => {
    const desk = await deskWithUnsentWork()
    harm(desk.files)
    const harmed = existsSync(desk.files.database) ? readFileSync(desk.files.database) : null
    const client = await desk.again()
    const blocked = await client.status()
    expect(blocked).toMatchObject({ phase: 'blocked', trouble: { code, details: { folder: desk.data } } })
    expect(await client.codeOf('caselle.list', { offset: 0, limit: 1 })).toBe(code)
    const state = await client.call('archive.state', {})
    expect(state).toMatchObject({ unsent: 1, unsentIncomplete: true, hasKey: true })
    const { base64, count } = await client.call('archive.exportUnsent', { format: 'csv' })
    expect(count).toBe(1)
    expect(Buffer.from(base64, 'base64').toString('utf8')).toContain(
      `;Spazio assegnato (MB);${desk.quotaMb - 1024};${desk.quotaMb};`,
    )

    expect(await client.codeOf('archive.startAnew', { confirmation: 'sì', unsent: 'carry' })).toBe('confirmation_wrong')
    expect((await client.call('archive.startAnew', { confirmation: 'ricomincia', unsent: 'carry' })).phase).toBe(
      'signed_out',
    )
    await client.call('session.login', { ...sandbox.demo, url: sandbox.url })
    await client.reaches(desk.operationId, 'settled')
    const { quotaMb } = await (await colleague(sandbox.url)).casella(desk.id)
    expect(quotaMb).toBe(desk.quotaMb)
    await client.aligned()
    expect((await client.status()).counts.caselle).toBe(120)
    const aside = readdirSync(desk.files.setAside)
    expect(aside).toHaveLength(1)
    if (harmed !== null)
      expect(readFileSync(join(desk.files.setAside, aside[0] ?? '', 'archivio.db')).equals(harmed)).toBe(true)
  },
)

test('of pages damaged in the middle the queue is still read, and the reading goes on where it can', async () => {
  const desk = await deskWithUnsentWork()
  const size = readFileSync(desk.files.database).byteLength
  const file = openSync(desk.files.database, 'r+')
  for (let page = 60; page * 4096 < size; page += 3) writeSync(file, Buffer.from([9, 9, 9]), 0, 3, page * 4096 + 700)
  closeSync(file)
  const client = await desk.again()
  // Whether opening already meets the damage depends on the page: either way the state is told and the queue is there.
  await vi.waitFor(async () => {
    await client.codeOf('caselle.list', { offset: 0, limit: 200, search: 'a' })
    expect((await client.status()).trouble?.code).toBe('archive_damaged')
  }, PATIENCE)
  const { unsent } = await client.call('archive.state', {})
  expect(unsent).toBe(1)
  expect((await client.call('archive.exportUnsent', { format: 'json' })).count).toBe(1)
})

test('a restored copy takes the unsent work of what it replaces with it, and what was sent since is not sent twice', async () => {
  let copy = ''
  const desk = await deskWithUnsentWork(async (client) => {
    copy = await copyMade(client)
  })
  let client = await desk.again()
  await arrives(desk, client)
  const other = await colleague(sandbox.url)
  const { version } = await other.casella(desk.id)
  expect((await client.call('archive.restore', { id: copy })).phase).toBe('ready')
  expect((await client.call('outbox.get', { id: desk.operationId }).catch(() => null))?.state ?? 'settled').toBe(
    'settled',
  )
  await client.aligned()
  expect((await other.casella(desk.id)).version).toBe(version)
  expect((await client.call('caselle.get', { id: desk.id })).values.quotaMb).toBe(desk.quotaMb)
  await client.core.close()
  client = await desk.again()
  expect((await client.status()).phase).toBe('ready')
  expect(readdirSync(desk.files.setAside)).toHaveLength(1)
})

test('a copy restored over a database that cannot be read brings the queue from its own copy, in doubt where it may have left', async () => {
  let copy = ''
  const desk = await deskWithUnsentWork(async (client) => {
    copy = await copyMade(client)
  })
  writeFileSync(desk.files.database, Buffer.alloc(65_536, 7))
  const client = await desk.again()
  expect((await client.status()).phase).toBe('blocked')
  const restored = await client.call('archive.restore', { id: copy })
  expect(restored.phase).toBe('ready')
  expect(restored.pending + restored.needsYou).toBe(1)
  await arrives(desk, client)
})

test('a copy that was damaged afterwards is refused, and the archive stays as it was', async () => {
  let copy = ''
  const desk = await deskWithUnsentWork(async (client) => {
    copy = await copyMade(client)
  })
  const path = join(desk.files.copies, `${copy}.db`)
  const file = openSync(path, 'r+')
  writeSync(file, Buffer.from([1, 2, 3]), 0, 3, 4096 * 5 + 9)
  closeSync(file)
  const client = await desk.again()
  expect(await client.codeOf('archive.restore', { id: copy })).toBe('copy_damaged')
  expect(await client.codeOf('archive.restore', { id: '../../configurazione' })).toBe('not_found')
  expect((await client.status()).phase).toBe('ready')
  expect((await client.call('outbox.get', { id: desk.operationId })).state).not.toBe('settled')
  expect(existsSync(desk.files.prepared)).toBe(false)
})

test('a copy cut short by the end of the process counts for nothing and is swept away', async () => {
  const desk = await deskWithUnsentWork()
  mkdirSync(desk.files.copies, { recursive: true })
  copyFileSync(desk.files.database, join(desk.files.copies, '20260101-000000-giornaliera.db.parte'))
  copyFileSync(desk.files.database, join(desk.files.copies, '20260102-000000-giornaliera.db'))
  const client = await desk.again()
  expect((await client.call('archive.state', {})).copies).toEqual([])
  await copyMade(client)
  expect(readdirSync(desk.files.copies).filter((name) => name.includes('.db'))).toHaveLength(1)
})

test('a replacement cut short after any of its steps is finished at the next start', async () => {
  for (const step of ['decided', 'moved', 'placed'] as const) {
    const desk = await deskWithUnsentWork()
    const { database, prepared, replacement, setAside } = desk.files
    copyFileSync(database, prepared)
    writeFileSync(replacement, JSON.stringify({ setAside: '2026-01-01-00-00-00' }))
    const aside = join(setAside, '2026-01-01-00-00-00')
    mkdirSync(aside, { recursive: true })
    if (step !== 'decided') {
      copyFileSync(database, join(aside, 'archivio.db'))
      rmSync(database)
    }
    if (step === 'placed') {
      copyFileSync(prepared, database)
      rmSync(prepared)
    }
    const client = await desk.again()
    expect([step, (await client.status()).phase]).toEqual([step, 'ready'])
    expect([step, existsSync(replacement), existsSync(prepared)]).toEqual([step, false, false])
    expect(existsSync(join(aside, 'archivio.db'))).toBe(true)
    expect((await client.call('outbox.get', { id: desk.operationId })).id).toBe(desk.operationId)
  }
})

test('an archive of a newer version can go back to a copy, and cannot be begun anew', async () => {
  let copy = ''
  const desk = await deskWithUnsentWork(async (client) => {
    copy = await copyMade(client)
  })
  const db = rawDatabase(desk.files.database, demoKeyOf(desk.data))
  db.pragma('user_version = 99')
  db.close()
  const client = await desk.again()
  expect(await client.status()).toMatchObject({
    phase: 'blocked',
    trouble: { code: 'archive_newer', details: { archive: 99 } },
  })
  expect((await client.call('archive.state', {})).unsent).toBe(1)
  expect(await client.codeOf('archive.startAnew', { confirmation: 'RICOMINCIA', unsent: 'carry' })).toBe(
    'archive_newer',
  )
  expect((await client.call('archive.restore', { id: copy })).phase).toBe('ready')
  expect((await client.call('outbox.get', { id: desk.operationId })).id).toBe(desk.operationId)
})

test('what is left on purpose stays in the files set aside only', async () => {
  const desk = await deskWithUnsentWork()
  writeFileSync(desk.files.database, Buffer.alloc(65_536, 7))
  const client = await desk.again()
  await client.call('archive.startAnew', { confirmation: 'RICOMINCIA', unsent: 'leave' })
  expect((await client.call('archive.state', {})).unsent).toBe(0)
  expect(readdirSync(join(desk.files.setAside, readdirSync(desk.files.setAside)[0] ?? ''))).toContain('coda.bin')
})

test('a second application waits, says which folder, and begins when the first has ended', async () => {
  const desk = await deskWithUnsentWork()
  const first = await startTestCore(desk.at, { clock: hurriedClock() })
  const second = coreClient(closing(await startWaitingCore(testEnvironment(desk.at))))
  expect(await second.status()).toMatchObject({
    phase: 'blocked',
    trouble: { code: 'archive_in_use', details: { folder: desk.data } },
  })
  expect(await second.codeOf('caselle.list', { offset: 0, limit: 1 })).toBe('archive_in_use')
  expect((await second.call('archive.retry', {})).phase).toBe('blocked')
  await first.close()
  expect((await second.call('archive.retry', {})).phase).toBe('ready')
})

test('a folder that is a file is told as one that cannot be written, until it is none', async () => {
  const at = join(folder, `postazione-${(folders += 1)}`)
  mkdirSync(at)
  writeFileSync(join(at, 'dati'), '')
  const client = coreClient(closing(await startWaitingCore(testEnvironment(at))))
  expect((await client.status()).trouble?.code).toBe('folder_not_writable')
  expect((await client.call('archive.state', {})).folder).toBe(join(at, 'dati'))
  rmSync(join(at, 'dati'))
  expect((await client.call('archive.retry', {})).phase).toBe('first_run')
})

/** A disk of its own of `megabytes`; null where this system does not let one be made. */
function smallDisk(megabytes: number): string | null {
  const at = join(folder, `disco-${(folders += 1)}`)
  mkdirSync(at)
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', at], { stdio: 'ignore' })
  } catch {
    return null
  }
  onTestFinished(() => {
    execFileSync('umount', ['-l', at], { stdio: 'ignore' })
  })
  return at
}

test('a full disk is told as a state, nothing is falsely saved, and it goes when there is room again', async (context) => {
  const at = smallDisk(24)
  if (at === null) {
    context.skip('no disk of its own can be mounted here')
    return
  }
  const client = coreClient(await startTestCore(at, { clock: hurriedClock() }))
  onTestFinished(() => client.core.close())
  await client.call('session.login', { ...sandbox.demo, url: sandbox.url })
  await client.aligned()
  // No room for a copy is told before anything is written.
  await client.call('archive.copy', {})
  await vi.waitFor(async () => {
    expect((await client.call('archive.state', {})).copyProblem?.code).toBe('disk_full')
  }, PATIENCE)
  expect((await client.status()).trouble).toBeNull()

  const ballast = join(at, 'zavorra')
  const file = openSync(ballast, 'w')
  try {
    for (;;) writeSync(file, Buffer.alloc(64 * 1024))
  } catch {
    // Now it is full.
  }
  closeSync(file)
  const id = await client.casella('attiva', 90)
  const { values } = await client.call('caselle.get', { id })
  const change = (quotaMb: number) => ({ id, changes: { quotaMb }, seen: { quotaMb: values.quotaMb } })
  let saved = 0
  await vi.waitFor(async () => {
    const code = await client.codeOf('caselle.update', change(values.quotaMb + 1024 + saved))
    if (code === 'ok') saved += 1
    expect(code).toBe('disk_full')
  }, PATIENCE)
  expect((await client.status()).trouble?.code).toBe('disk_full')
  expect((await client.call('caselle.list', { offset: 0, limit: 10 })).rows).toHaveLength(10)
  rmSync(ballast)
  const last = await client.call('caselle.update', change(values.quotaMb + 5000))
  expect((await client.status()).trouble).toBeNull()
  expect((await client.call('outbox.get', { id: last.operationId })).state).not.toBe('cancelled')
})

test('an archive whose keyring was lost opens again with the printed key, line by line, and keeps it anew', async () => {
  const provider = await providerInEarnest(sandbox.url)
  onTestFinished(() => provider.close())
  const at = join(folder, `postazione-${(folders += 1)}`)
  const custody = memoryCustody()
  let core = await startTestCore(at, { clock: hurriedClock(), custody })
  let client = coreClient(core)
  await client.call('session.login', { ...sandbox.demo, url: provider.url })
  await client.aligned()
  expect((await client.status()).recoveryKey).toBe('offered')
  const sheet = await client.call('archive.printRecoveryKey', {})
  expect((await PDFDocument.load(Buffer.from(sheet.base64, 'base64'))).getPageCount()).toBe(1)
  expect((await client.status()).recoveryKey).toBe('printed')
  await core.close()
  const [secret = ''] = custody.secrets.values()
  const lines = recoveryLines(secret)
  custody.secrets.clear()

  core = await startTestCore(at, { clock: hurriedClock(), custody })
  client = coreClient(core)
  expect(await client.status()).toMatchObject({ phase: 'blocked', trouble: { code: 'archive_key_lost' } })
  expect(await client.call('archive.state', {})).toMatchObject({ hasKey: false, unsent: null })
  expect(await client.codeOf('archive.recoverKey', { lines: [...lines].reverse() })).toBe('recovery_key_wrong')
  expect(await client.codeOf('archive.recoverKey', { lines: recoveryLines('cd'.repeat(32)) })).toBe(
    'recovery_key_wrong',
  )
  expect(await client.codeOf('archive.startAnew', { confirmation: 'RICOMINCIA', unsent: 'carry' })).toBe(
    'archive_key_lost',
  )
  expect((await client.call('archive.recoverKey', { lines: lines.map((line) => line.toLowerCase()) })).phase).toBe(
    'ready',
  )
  await core.close()
  expect([...custody.secrets.values()]).toEqual([secret])

  // A machine without a keyring keeps it under a passphrase from now on.
  core = await startTestCore(at, { clock: hurriedClock() })
  client = coreClient(core)
  expect((await client.status()).trouble).toMatchObject({
    code: 'archive_key_unavailable',
    details: { state: 'none' },
  })
  expect(await client.codeOf('archive.recoverKey', { lines })).toBe('passphrase_required')
  const passphrase = 'una frase lunga per lo sportello'
  expect((await client.call('archive.recoverKey', { lines, passphrase })).phase).toBe('ready')
  await core.close()
  core = await startTestCore(at, { clock: hurriedClock() })
  client = coreClient(core)
  expect((await client.status()).phase).toBe('locked')
  expect((await client.call('archive.unlock', { passphrase })).phase).toBe('ready')
  await core.close()

  // A keyring that holds another key is told from damage; beginning anew leaves the old archive where it can be found.
  const config = join(at, 'dati', 'configurazione.json')
  const changed = JSON.parse(readFileSync(config, 'utf8')) as {
    archives: Record<string, { custody: { kind: string } }>
  }
  for (const entry of Object.values(changed.archives)) entry.custody = { kind: 'system' }
  writeFileSync(config, JSON.stringify(changed))
  for (const [name] of [...custody.secrets]) custody.secrets.set(name, 'ef'.repeat(32))
  core = await startTestCore(at, { clock: hurriedClock(), custody })
  client = coreClient(core)
  expect((await client.status()).trouble?.code).toBe('archive_key_wrong')
  expect((await client.call('archive.startAnew', { confirmation: 'RICOMINCIA', unsent: 'leave' })).phase).toBe(
    'first_run',
  )
  await core.close()
  expect(readdirSync(join(at, 'dati', 'archivi')).some((name) => name.includes('messo-da-parte'))).toBe(true)
})

test('the key of an archive of generated data is not printed', async () => {
  const desk = await deskWithUnsentWork()
  const client = await desk.again()
  expect((await client.status()).recoveryKey).toBe('not_applicable')
  expect(await client.codeOf('archive.printRecoveryKey', {})).toBe('recovery_key_not_applicable')
})
