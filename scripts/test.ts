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

/** What it prints is seen as it comes. */
function node(title: string, script: string, ...args: string[]): Promise<number> {
  process.stdout.write(`\n== ${title}\n`)
  const startedAt = Date.now()
  return new Promise((resolve) => {
    spawn(process.execPath, [join(root, script), ...args], { cwd: root, stdio: 'inherit' }).on('close', (code) => {
      const seconds = Math.round((Date.now() - startedAt) / 1000)
      process.stdout.write(`== ${title}: ${code === 0 ? 'ok' : 'failed'}, ${seconds} s\n`)
      resolve(code ?? 1)
    })
  })
}

/** A check beside others: what it prints comes whole at its end. */
function check(title: string, script: string, ...args: string[]): Promise<Tally> {
  const startedAt = Date.now()
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [join(root, script), ...args], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const output: Buffer[] = []
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => output.push(chunk))
    child.on('close', (code) => {
      const seconds = Math.round((Date.now() - startedAt) / 1000)
      process.stdout.write(`\n== ${title}\n${Buffer.concat(output).toString('utf8')}`)
      process.stdout.write(`== ${title}: ${code === 0 ? 'ok' : 'failed'}, ${seconds} s\n`)
      resolve(tallyOfCheck(code ?? 1))
    })
  })
}

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
  const code = await node('unit and integration', 'node_modules/vitest/vitest.mjs', 'run', ...vitestReport)
  return tallyOfVitest(report('vitest.json'), code)
}

async function endToEnd(): Promise<Tally> {
  if (installedBrowser() === null) {
    process.stdout.write('\n== end to end: no browser could be found or installed (CHROMIUM_PATH names one)\n')
    return { passed: 0, failed: 1, skipped: 0 }
  }
  const code = await node('end to end', 'node_modules/@playwright/test/cli.js', 'test')
  return tallyOfPlaywright(report('e2e.json'), code)
}

/** Where there is no runtime nothing is counted, neither as passed nor as skipped, and a line says so. */
async function inTheWindow(): Promise<Tally> {
  const found = electronForSpecs(root)
  if ('reason' in found) {
    process.stdout.write(`\n== window of Electron: DID NOT RUN: ${found.reason}\n`)
    return { passed: 0, failed: 0, skipped: 0 }
  }
  const code = await node('window of Electron', 'scripts/electron-specs.ts')
  return tallyOfPlaywright(report('e2e-electron.json'), code)
}

// Linting takes as long as the other checks before the tests.
const lint = check('lint', 'scripts/lint.ts')
const tallies = [
  await check('format', 'node_modules/prettier/bin/prettier.cjs', '--check', '.'),
  await check('types', 'scripts/typecheck.ts'),
  await check('build', 'scripts/build.ts', '--if-stale'),
]
// What is built gets packed once linting has left a processor free, beside the tests.
const pack = lint.then(() => check('pack', 'scripts/pack-check.ts'))
tallies.push(await unitAndIntegration(), await lint, await pack, await endToEnd(), await inTheWindow())
const total = sum(tallies)
process.stdout.write(`\n${summaryLine(total)}\n`)
process.exitCode = succeeded(total) ? 0 : 1
