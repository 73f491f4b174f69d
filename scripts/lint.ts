// npm run lint: eslint for what a file shows by itself, oxlint for what only its types show (TypeScript's native compiler).
import { spawn } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { writeComponentScripts } from './component-scripts.ts'

const root = join(import.meta.dirname, '..')
const folder = join(root, 'build', 'lint')
const oxlintFile = join(root, 'node_modules', 'oxlint', 'bin', 'oxlint')

/** Answers the exit code. */
function run(script: string, args: readonly string[], cwd = root): Promise<number> {
  return new Promise((resolve) => {
    spawn(process.execPath, [script, ...args], { cwd, stdio: 'inherit' }).on('close', (code) => {
      resolve(code ?? 1)
    })
  })
}

const { written, importing } = writeComponentScripts(root, folder)
// Where the scripts stand nothing is left out.
const config = z
  .looseObject({ ignorePatterns: z.array(z.string()) })
  .parse(JSON.parse(readFileSync(join(root, '.oxlintrc.json'), 'utf8')))
writeFileSync(join(folder, '.oxlintrc.json'), JSON.stringify({ ...config, ignorePatterns: [] }))

const typed = ['--type-aware', '--deny-warnings', '--config', '.oxlintrc.json']
const failed = [
  await run(oxlintFile, [...typed, ...importing.flatMap((path) => ['--ignore-pattern', path]), '.']),
  // By name: what is built is in no walk through the folders.
  await run(oxlintFile, [...typed, ...written], folder),
  await run(join(root, 'node_modules', 'eslint', 'bin', 'eslint.js'), [
    '.',
    '--max-warnings',
    '0',
    '--cache',
    '--cache-location',
    'node_modules/.cache/eslint/',
  ]),
].some((code) => code !== 0)
process.exitCode = failed ? 1 : 0
