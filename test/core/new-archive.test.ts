import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openDatabase, schemaVersion } from '../../src-main/db/database.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const KEY = 'ab'.repeat(32)
const folder = temporaryFolder()
const steps = ['CREATE TABLE a(x) STRICT', 'CREATE TABLE b(x INTEGER) STRICT']
const good = ['CREATE TABLE a(x INTEGER) STRICT', 'CREATE TABLE b(x INTEGER) STRICT']

test('a new archive that could not be made to its end is as empty as before', () => {
  const path = join(folder, 'nuovo.db')
  expect(() => openDatabase(path, KEY, { steps: steps.toReversed() })).toThrow()
  expect(schemaVersion(path, KEY)).toBe(0)
  openDatabase(path, KEY, { steps: good }).close()
  expect(schemaVersion(path, KEY)).toBe(2)
})

test('of an older archive each step that was done stays', () => {
  const path = join(folder, 'vecchio.db')
  openDatabase(path, KEY, { steps: good.slice(0, 1) }).close()
  const [first = '', second = ''] = good
  expect(() => openDatabase(path, KEY, { steps: [first, second, 'CREATE TABLE c(x) STRICT'] })).toThrow()
  expect(schemaVersion(path, KEY)).toBe(2)
})
