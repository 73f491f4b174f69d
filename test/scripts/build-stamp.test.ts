import { mkdirSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { isStale, sourceStamp } from '../../scripts/build-stamp.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const root = temporaryFolder()
mkdirSync(join(root, 'src'))
const file = join(root, 'src', 'a.ts')
writeFileSync(file, 'one')

test('a stamp follows the contents, not the dates', () => {
  const before = sourceStamp(root, ['src'])
  utimesSync(file, new Date(0), new Date(0))
  expect(sourceStamp(root, ['src'])).toBe(before)
  writeFileSync(file, 'two')
  expect(sourceStamp(root, ['src'])).not.toBe(before)
})

test('a stamp follows the names of the files', () => {
  const before = sourceStamp(root, ['src'])
  writeFileSync(join(root, 'src', 'b.ts'), '')
  expect(sourceStamp(root, ['src'])).not.toBe(before)
})

test('a source that does not exist is no source', () => {
  expect(sourceStamp(root, ['src', 'nowhere'])).toBe(sourceStamp(root, ['src']))
})

test('a part is built again when its stamp differs, is missing, or a result is missing', () => {
  expect(isStale('a', 'a\n', [])).toBe(false)
  expect(isStale('a', 'b', [])).toBe(true)
  expect(isStale('a', null, [])).toBe(true)
  expect(isStale('a', 'a', ['cli.js'])).toBe(true)
})
