import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { z } from 'zod'

const root = join(import.meta.dirname, '..', '..')
const lines = readFileSync(join(root, 'publiccode.yml'), 'utf8')
  .split('\n')
  .filter((line) => !/^\s*#/.test(line))
const { version, license } = z
  .object({ version: z.string(), license: z.string() })
  .parse(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')))

const indentOf = (line: string): number => line.length - line.trimStart().length

/** The lines below a key, named by its path from the top. Enough of YAML for this one file. */
function below(path: readonly string[]): string[] {
  let block = lines
  for (const key of path) {
    const start = block.findIndex((line) => line.trimStart().startsWith(`${key}:`))
    const head = block[start]
    if (head === undefined) return []
    const rest = block.slice(start + 1)
    const end = rest.findIndex((line) => line.trim() !== '' && indentOf(line) <= indentOf(head))
    block = end === -1 ? rest : rest.slice(0, end)
  }
  return block
}

function scalar(path: readonly string[]): string | undefined {
  const key = path.at(-1) ?? ''
  const line = (path.length === 1 ? lines.filter((text) => indentOf(text) === 0) : below(path.slice(0, -1))).find(
    (text) => text.trimStart().startsWith(`${key}: `),
  )
  return line
    ?.slice(line.indexOf(':') + 1)
    .trim()
    .replaceAll("'", '')
}

const items = (path: readonly string[]): string[] =>
  below(path).flatMap((line) => (line.trimStart().startsWith('- ') ? [line.trim().slice(2)] : []))

test('publiccode.yml has every mandatory key of the standard', () => {
  for (const key of ['publiccodeYmlVersion', 'name', 'url', 'developmentStatus', 'softwareType'])
    expect([key, scalar([key])]).toEqual([key, expect.stringMatching(/\S/)])
  for (const key of ['platforms', 'categories']) expect(items([key])).not.toEqual([])
  expect(items(['description', 'it', 'features'])).not.toEqual([])
  expect(items(['localisation', 'availableLanguages'])).toEqual(['it'])
  expect(scalar(['localisation', 'localisationReady'])).toBe('true')
  expect(scalar(['maintenance', 'type'])).toBe('internal')
  expect(below(['maintenance', 'contacts'])).not.toEqual([])
})

test('its descriptions keep to the lengths of the standard', () => {
  expect(scalar(['description', 'it', 'shortDescription'])?.length).toBeLessThanOrEqual(150)
  const long = below(['description', 'it', 'longDescription']).join('\n').trim()
  expect(long.length).toBeGreaterThanOrEqual(150)
  expect(long.length).toBeLessThanOrEqual(10_000)
})

test('it tells the version and the licence of the package, and files that are there', () => {
  expect(scalar(['softwareVersion'])).toBe(version)
  expect(scalar(['legal', 'license'])).toBe(license)
  expect(scalar(['releaseDate'])).toMatch(/^\d{4}-\d{2}-\d{2}$/)
  for (const file of [scalar(['logo']) ?? '', ...items(['description', 'it', 'screenshots'])])
    expect([file, file !== '' && existsSync(join(root, file))]).toEqual([file, true])
})
