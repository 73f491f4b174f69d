import { mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as after } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { archiveFolder, type ArchiveFolder } from '../../src-main/archive/archive-folder.ts'
import { copyFiles } from '../../src-main/archive/copy-files.ts'
import { rememberKey } from '../../src-main/archive/key-check.ts'
import { copyBeforeMigration, makeCopy } from '../../src-main/archive/make-copy.ts'
import { prepareArchive } from '../../src-main/archive/prepare-archive.ts'
import { damageIn, openDatabase, schemaVersion } from '../../src-main/db/database.ts'
import { migrations } from '../../src-main/db/migrations.ts'
import { sql } from '../../src-main/db/sql.ts'
import { startProgram } from '../support/child-program.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const root = temporaryFolder()
const keyHex = '7a'.repeat(32)
const job = (folder: ArchiveFolder) => ({
  folder,
  keyHex,
  at: '2026-01-02T03:04:05.000Z',
  checkCopy: (path: string) => Promise.resolve(damageIn(path, keyHex)),
  signal: new AbortController().signal,
  progress: () => undefined,
})
const KILLS_AFTER_MS = [0, 15, 40, 80, 130, 200]

let folders = 0
/** An archive of some megabytes. */
function archive(): ArchiveFolder {
  const folder = archiveFolder(join(root, `archivio-${(folders += 1)}`))
  mkdirSync(folder.path, { recursive: true })
  const db = openDatabase(folder.database, keyHex)
  db.transaction(() => {
    for (let n = 0; n < 20_000; n += 1)
      db.run(
        sql`INSERT INTO dominio(id, version, server, nome) VALUES (${String(n)}, 1, ${'x'.repeat(400)}, ${String(n)})`,
      )
  })
  db.close()
  rememberKey(folder.keyCheck, keyHex)
  return folder
}

async function kill(work: string, folder: ArchiveFolder, afterMs: number): Promise<void> {
  const program = startProgram('test/support/copy-victim.ts', [work, folder.path, keyHex])
  await program.line(/^begun$/m)
  // The moment is what the test varies; none of them is waited for.
  await after(afterMs)
  await program.stop('SIGKILL')
}

function rowsOf(folder: ArchiveFolder): number {
  const db = openDatabase(folder.database, keyHex)
  try {
    return db.all<{ n: number }>(sql`SELECT count(*) AS n FROM dominio`)[0]?.n ?? 0
  } finally {
    db.close()
  }
}

test('a process killed while it copies leaves the archive whole, and no copy that counts is unsound', async () => {
  const folder = archive()
  for (const ms of KILLS_AFTER_MS) {
    await kill('copy', folder, ms)
    const files = copyFiles(folder.copies)
    for (const { id } of files.list()) expect([ms, damageIn(files.pathOf(id), keyHex)]).toEqual([ms, null])
    expect(rowsOf(folder)).toBe(20_000)
  }
  const db = openDatabase(folder.database, keyHex)
  await makeCopy(db, { ...job(folder), reason: 'richiesta' })
  db.close()
  expect(readdirSync(folder.copies).filter((name) => !/-richiesta(?:-\d+)?\.(?:db|json)$/.test(name))).toEqual([])
})

test('a process killed while it restores leaves the archive of before or the copy, whole, and nothing between', async () => {
  const folder = archive()
  const db = openDatabase(folder.database, keyHex)
  await makeCopy(db, { ...job(folder), reason: 'richiesta' })
  db.close()
  for (const ms of KILLS_AFTER_MS) {
    await kill('restore', folder, ms)
    await prepareArchive(folder, keyHex, job(folder))
    expect([ms, damageIn(folder.database, keyHex), rowsOf(folder)]).toEqual([ms, null, 20_000])
  }
})

test('a process killed while it migrates leaves the version of before or the one after, and a copy of before', async () => {
  for (const ms of [0, 60, 200, 500]) {
    const folder = archive()
    await kill('migrate', folder, ms)
    expect(damageIn(folder.database, keyHex)).toBeNull()
    const version = schemaVersion(folder.database, keyHex)
    expect([migrations.length, migrations.length + 1]).toContain(version)
    if (version > migrations.length) expect(copyFiles(folder.copies).list()).toHaveLength(1)
  }
})

test('before a migration a copy of the old version is made, once, and without room for it nothing is migrated', async () => {
  const folder = archive()
  const steps = [...migrations, 'CREATE TABLE nuova(x INTEGER) STRICT']
  expect(await copyBeforeMigration(job(folder))).toBeNull()
  const note = await copyBeforeMigration(job(folder), steps)
  expect(note).toMatchObject({ reason: 'migrazione', schema: migrations.length })
  const copy = copyFiles(folder.copies).pathOf(note?.id ?? '')
  openDatabase(folder.database, keyHex, { steps }).close()
  expect(schemaVersion(folder.database, keyHex)).toBe(steps.length)
  expect(schemaVersion(copy, keyHex)).toBe(migrations.length)
  expect(await copyBeforeMigration(job(folder), steps)).toBeNull()
  // The next version finds an archive that is not sound: it is not migrated.
  const damaged = copyBeforeMigration({ ...job(folder), checkCopy: () => Promise.resolve('row missing') }, [
    ...steps,
    'DROP TABLE nuova',
  ])
  await expect(damaged).rejects.toMatchObject({ code: 'copy_damaged' })
  expect(copyFiles(folder.copies).list()).toHaveLength(1)
})
