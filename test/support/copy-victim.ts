// A process that is killed while it copies, migrates or restores: `copy-victim.ts WORK FOLDER KEY`. Writes `begun` first.
import { archiveFolder } from '../../src-main/archive/archive-folder.ts'
import { restoreCopy } from '../../src-main/archive/archive-rescue.ts'
import { copyFiles } from '../../src-main/archive/copy-files.ts'
import { copyBeforeMigration, makeCopy } from '../../src-main/archive/make-copy.ts'
import { openDatabase } from '../../src-main/db/database.ts'
import { migrations } from '../../src-main/db/migrations.ts'

const [, , work, path = '', keyHex = ''] = process.argv
const folder = archiveFolder(path)
const job = {
  folder,
  keyHex,
  at: '2026-02-03T04:05:06.000Z',
  checkCopy: () => Promise.resolve(null),
  signal: new AbortController().signal,
  progress: () => undefined,
}
/** A migration that takes its time: rows by the hundred thousand. */
export const slowMigration = `CREATE TABLE lenta(n INTEGER, testo TEXT) STRICT;
  WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 400000)
  INSERT INTO lenta SELECT n, hex(randomblob(60)) FROM c;`

process.stdout.write('begun\n')
switch (work) {
  case 'copy':
    for (;;) {
      const db = openDatabase(folder.database, keyHex)
      await makeCopy(db, { ...job, reason: 'richiesta' })
      db.close()
    }
  case 'restore':
    for (;;) {
      const [note] = copyFiles(folder.copies).list()
      await restoreCopy(folder, keyHex, note?.id ?? '', job.at, job.checkCopy)
    }
  case 'migrate':
    await copyBeforeMigration(job, [...migrations, slowMigration])
    openDatabase(folder.database, keyHex, { steps: [...migrations, slowMigration] }).close()
    break
}
