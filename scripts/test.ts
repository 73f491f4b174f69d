// npm test: every check and every suite, whatever the earlier ones said.
import { spawn } from 'node:child_process'
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { electronForSpecs } from './electron-runtime.ts'
import { installedBrowser } from './find-browser.ts'
import { missingTools } from './find-tools.ts'
import { succeeded, sum, summaryLine, tallyOfCheck, tallyOfPlaywright, tallyOfVitest, type Tally } from './tally.ts'

const root = join(import.meta.dirname, '..')
const reports = join(root, 'test-results')
rmSync(reports, { recursive: true, force: true })

const vitestReport = ['--reporter=default', '--reporter=json', '--outputFile.json=test-results/vitest.json']

/** What it prints is seen as it comes, or (`whole`), where others print beside it, at its end. */
function run(title: string, whole: boolean, script: string, ...args: string[]): Promise<number> {
  if (!whole) process.stdout.write(`\n== ${title}\n`)
  const startedAt = Date.now()
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [join(root, script), ...args], {
      cwd: root,
      stdio: whole ? ['ignore', 'pipe', 'pipe'] : 'inherit',
    })
    const output: Buffer[] = []
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => output.push(chunk))
    child.on('close', (code) => {
      const seconds = Math.round((Date.now() - startedAt) / 1000)
      if (whole) process.stdout.write(`\n== ${title}\n${Buffer.concat(output).toString('utf8')}`)
      process.stdout.write(`== ${title}: ${code === 0 ? 'ok' : 'failed'}, ${seconds} s\n`)
      resolve(code ?? 1)
    })
  })
}

const check = async (title: string, script: string, ...args: string[]): Promise<Tally> =>
  tallyOfCheck(await run(title, true, script, ...args))

function report(name: string): unknown {
  try {
    return JSON.parse(readFileSync(join(reports, name), 'utf8'))
  } catch {
    return null
  }
}

async function unitAndIntegration(): Promise<Tally> {
  const tools = missingTools()
  if (tools.length > 0) process.stdout.write(`\n== not found, and asked for by some tests: ${tools.join(', ')}\n`)
  const code = await run('unit and integration', false, 'node_modules/vitest/vitest.mjs', 'run', ...vitestReport)
  return tallyOfVitest(report('vitest.json'), code)
}

async function endToEnd(): Promise<Tally> {
  if (installedBrowser() === null) {
    process.stdout.write('\n== end to end: no browser could be found or installed (CHROMIUM_PATH names one)\n')
    return { passed: 0, failed: 1, skipped: 0 }
  }
  const code = await run('end to end', true, 'node_modules/@playwright/test/cli.js', 'test')
  return tallyOfPlaywright(report('e2e.json'), code)
}

/** Where there is no runtime nothing is counted, neither as passed nor as skipped, and a line says so. */
async function inTheWindow(): Promise<Tally> {
  const found = electronForSpecs(root)
  if ('reason' in found) {
    process.stdout.write(`\n== window of Electron: DID NOT RUN: ${found.reason}\n`)
    return { passed: 0, failed: 0, skipped: 0 }
  }
  const code = await run('window of Electron', false, 'scripts/electron-specs.ts')
  return tallyOfPlaywright(report('e2e-electron.json'), code)
}

const build = await check('build', 'scripts/build.ts', '--if-stale')
// Each waits for a disk, a clock or an answer now and then: one after the other, a processor would stand idle in between.
const beside = await Promise.all([
  check('lint', 'scripts/lint.ts'),
  check('format', 'node_modules/prettier/bin/prettier.cjs', '--check', '.'),
  check('types', 'scripts/typecheck.ts'),
  check('pack', 'scripts/pack-check.ts'),
  unitAndIntegration(),
  endToEnd(),
])
const total = sum([build, ...beside, await inTheWindow()])
process.stdout.write(`\n${summaryLine(total)}\n`)
process.exitCode = succeeded(total) ? 0 : 1
