import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { regole, type Rule } from '../e2e/regole.ts'

const root = join(import.meta.dirname, '../..')
const range = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, at) => from + at)

/** The numbers that the domain has, by its sections; there is no D64. */
const sections: Readonly<Record<string, readonly number[]>> = {
  'A. Actors, access, shell': range(1, 15),
  'B. Home': range(16, 18),
  'C. Titolari': range(19, 30),
  'D. Caselle: list and search': range(31, 44),
  'E. Creation': range(45, 56),
  'F. Activation and contract': [...range(57, 63), 65],
  'G. Change, suspend, delete, quota, e-mail': range(66, 73),
  'H. Passwords': range(74, 81),
  'J. History and notes': [88, 89],
  'K. Domini': [90, 91],
  'N. Settings of a mailbox': range(111, 118),
}

const texts = new Map<string, string>()
function textOf(file: string): string | null {
  const path = join(root, file)
  if (!texts.has(file) && existsSync(path)) texts.set(file, readFileSync(path, 'utf8'))
  return texts.get(file) ?? null
}
const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')

/** Whether a test, a step or a group has just that title; one that is skipped or commented out shows nothing. */
function stands(text: string, title: string): boolean {
  const named = `(?:test|it|describe|test\\.step|test\\.describe)(?:\\.each\\([^\\n]*\\))?`
  return ["'", '"', '`'].some((quote) =>
    new RegExp(`^(?!\\s*(?://|\\*)).*?(?<![\\w.])${named}\\(\\s*${quote}${escaped(title)}${quote},`, 'm').test(text),
  )
}

/** What is wrong with a table of rules, in words; empty where every rule is shown. */
function troubles(table: readonly Rule[], numbers: Readonly<Record<string, readonly number[]>>): string[] {
  const wanted = Object.entries(numbers).flatMap(([section, each]) => each.map((n) => ({ rule: `D${n}`, section })))
  const count = (rule: string): number => table.filter((each) => each.rule === rule).length
  return [
    ...wanted.flatMap(({ rule, section }) => (count(rule) === 0 ? [`${rule} (${section}) is shown by no test`] : [])),
    ...[...new Set(table.map(({ rule }) => rule))].flatMap((rule) => [
      ...(count(rule) > 1 ? [`${rule} stands there twice`] : []),
      ...(wanted.some((each) => each.rule === rule) ? [] : [`${rule} is no rule of these sections`]),
    ]),
    ...table.flatMap(({ rule, tests }) => [
      ...(tests.length === 0 ? [`${rule} names no test`] : []),
      ...tests.flatMap(({ file, title }) => {
        const text = textOf(file)
        if (text === null) return [`${rule}: there is no ${file}`]
        return stands(text, title) ? [] : [`${rule}: ${file} has no test "${title}"`]
      }),
    ]),
  ]
}

describe('the table of the rules', () => {
  it('names for each rule of the panels a test that shows it', () => {
    expect(troubles(regole, sections)).toEqual([])
  })

  it('fails on a rule without a test, one told twice or unknown, and on a file or a title that is not there', () => {
    const file = 'test/rules/regole.test.ts'
    const one = { K: [90, 91] }
    const good = { file, title: 'names for each rule of the panels a test that shows it' }
    expect(troubles([{ rule: 'D90', tests: [good] }], one)).toEqual(['D91 (K) is shown by no test'])
    const twice: Rule[] = [
      { rule: 'D90', tests: [good] },
      { rule: 'D90', tests: [] },
      { rule: 'D92', tests: [{ file: 'test/none.test.ts', title: 'a' }] },
      { rule: 'D91', tests: [{ file, title: 'names for each rule' }] },
    ]
    expect(troubles(twice, one)).toEqual([
      'D90 stands there twice',
      'D92 is no rule of these sections',
      'D90 names no test',
      'D92: there is no test/none.test.ts',
      `D91: ${file} has no test "names for each rule"`,
    ])
    expect(stands(`  // test('a', () => {`, 'a')).toBe(false)
    expect(stands(`  test.skip('a', () => {`, 'a')).toBe(false)
    expect(stands(`  await test.step('a', async () => {`, 'a')).toBe(true)
  })
})
