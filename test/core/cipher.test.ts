import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import { ciphers, giveKey, type Cipher } from '../../src-main/db/cipher.ts'
import { damageIn, openDatabase } from '../../src-main/db/database.ts'
import { sql } from '../../src-main/db/sql.ts'
import { systemCodeOf } from '../../src-main/command-error.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const folder = temporaryFolder()
const KEY = '5a'.repeat(32)
const NAME = 'Comune di Castelmezzano'
const steps = ['CREATE TABLE words(pk INTEGER PRIMARY KEY, text TEXT) STRICT']

function opens(path: string, cipher: Cipher): boolean {
  const db = new Database(path)
  try {
    giveKey(db, cipher, KEY)
    db.prepare('SELECT count(*) FROM sqlite_master').get()
    return true
  } catch {
    return false
  } finally {
    db.close()
  }
}

function filled(path: string): void {
  const db = openDatabase(path, KEY, { steps })
  db.transaction(() => {
    for (let at = 0; at < 2000; at += 1) db.run(sql`INSERT INTO words(text) VALUES (${`${NAME} ${at}`})`)
  })
  db.close()
}

test('a new file is of the first cipher, and nothing of it can be read', () => {
  const path = join(folder, 'new.db')
  filled(path)
  const bytes = readFileSync(path)
  expect(bytes.includes('Castelmezzano')).toBe(false)
  expect(bytes.includes('SQLite format 3')).toBe(false)
  expect(ciphers.map((cipher) => opens(path, cipher))).toEqual([true, false])
})

test('a file of an earlier version is worked in as it is', () => {
  const path = join(folder, 'earlier.db')
  const earlier = new Database(path)
  giveKey(earlier, 'sqlcipher', KEY)
  earlier.exec(steps.join(';'))
  earlier.pragma('user_version = 1')
  earlier.prepare('INSERT INTO words(text) VALUES (?)').run(NAME)
  earlier.close()
  const db = openDatabase(path, KEY, { steps })
  db.transaction(() => db.run(sql`INSERT INTO words(text) VALUES ('later')`))
  expect(db.all(sql`SELECT text FROM words`)).toEqual([{ text: NAME }, { text: 'later' }])
  db.close()
  expect(damageIn(path, KEY)).toBeNull()
  expect(ciphers.map((cipher) => opens(path, cipher))).toEqual([false, true])
})

test('another key opens neither', () => {
  const path = join(folder, 'locked.db')
  filled(path)
  const before = readFileSync(path)
  expect(() => openDatabase(path, 'a5'.repeat(32), { steps })).toThrow(
    expect.objectContaining({ code: 'archive_damaged' }) as Error,
  )
  expect(readFileSync(path).equals(before)).toBe(true)
})

test('a page in which one bit was changed is refused, not read', () => {
  const path = join(folder, 'altered.db')
  filled(path)
  const bytes = readFileSync(path)
  const at = 4096 * 5 + 1000
  bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at)
  writeFileSync(path, bytes)
  expect(damageIn(path, KEY)).not.toBeNull()
  const db = openDatabase(path, KEY, { steps })
  let code: string | null = null
  try {
    db.all(sql`SELECT text FROM words`)
  } catch (error) {
    code = systemCodeOf(error)
  }
  db.close()
  expect(code).toMatch(/^SQLITE_(CORRUPT|IOERR|NOTADB)/)
})
