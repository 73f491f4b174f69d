import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { rmSync } from 'node:fs'
import { scriptsOf, writeComponentScripts } from '../../scripts/component-scripts.ts'
import { repository } from '../support/child-program.ts'

const folder = join(repository, 'build', `lint-test-${process.pid}`)
afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
})

const component = `<script lang="ts">
export const LEAST = 1
</script>

<script setup lang="ts" generic="Row extends { id: string }, Key">
import { ref } from 'vue'
const props = defineProps<{ row: Row; key: Key }>()
const shown = ref(props.row.id)
async function load(): Promise<void> {
  await Promise.resolve()
}
load()
const any = JSON.parse(shown.value)
any.call()
</script>

<template><p>{{ shown }}</p></template>
`

test('the scripts of a component stand in their own lines', () => {
  const lines = scriptsOf(component).split('\n')
  const at = (text: string) => component.split('\n').findIndex((line) => line.includes(text))
  for (const text of ['export const LEAST', "import { ref } from 'vue'", 'load()', 'any.call()'])
    expect(lines[at(text)]).toContain(text)
  expect(scriptsOf(component)).not.toContain('template')
})

test('what only types show is found, in a component as in a source', () => {
  const { written, importing } = writeComponentScripts(repository, folder)
  expect(written.length).toBeGreaterThan(150)
  expect(importing).toContain('src-renderer/main.ts')
  const put = (path: string, text: string): string => {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
    return path
  }
  const source = `import { call } from './bridge/bridge.ts'
export function wrong(values: string[], each: (value: string) => void): string {
  call('app.status', {})
  values.forEach(async (value) => { await Promise.resolve(value) })
  if (values !== null) each(\`\${values}\`)
  return JSON.parse(values.join())
}
`
  const config = readFileSync(join(repository, '.oxlintrc.json'), 'utf8')
  put('.oxlintrc.json', JSON.stringify({ ...(JSON.parse(config) as object), ignorePatterns: [] }))
  const paths = [put('src-renderer/x/Wrong.script.ts', scriptsOf(component)), put('src-renderer/wrong.ts', source)]
  const { stdout } = spawnSync(
    process.execPath,
    [
      join(repository, 'node_modules/oxlint/bin/oxlint'),
      '--type-aware',
      '--config',
      '.oxlintrc.json',
      '--format',
      'unix',
      ...paths,
    ],
    { cwd: folder, encoding: 'utf8' },
  )
  const found = (path: string): string[] =>
    stdout
      .split('\n')
      .filter((line) => line.startsWith(path))
      .map((line) => /^[^:]*:(\d+):.*\/typescript\(([\w-]+)\)/.exec(line)?.slice(1).join(' ') ?? line)
  expect(found('src-renderer/x/Wrong.script.ts')).toEqual(
    expect.arrayContaining(['12 no-floating-promises', '13 no-unsafe-assignment', '14 no-unsafe-call']),
  )
  expect(found('src-renderer/wrong.ts')).toEqual(
    expect.arrayContaining([
      '3 no-floating-promises',
      '4 no-misused-promises',
      '5 no-unnecessary-condition',
      '5 restrict-template-expressions',
      '6 no-unsafe-return',
    ]),
  )
})
