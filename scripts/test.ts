// npm test: every check and every suite, one after the other, whatever the earlier ones said.
import { spawn, spawnSync } from 'node:child_process'
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { installedBrowser } from './find-browser.ts'
import { missingTools } from './find-tools.ts'
import { succeeded, sum, summaryLine, tallyOfCheck, tallyOfPlaywright, tallyOfVitest, type Tally } from './tally.ts'

const root = join(import.meta.dirname, '..')
const reports = join(root, 'test-results')
rmSync(reports, { recursive: true, force: true })

const lintCache = ['--cache', '--cache-location', 'node_modules/.cache/eslint/']
const vitestReport = ['--reporter=default', '--reporter=json', '--outputFile.json=test-results/vitest.json']

function node(title: string, script: string, ...args: string[]): number {
  process.stdout.write(`\n== ${title}\n`)
  const startedAt = Date.now()
  const { status } = spawnSync(process.execPath, [join(root, script), ...args], { cwd: root, stdio: 'inherit' })
  process.stdout.write(
    `== ${title}: ${status === 0 ? 'ok' : 'failed'}, ${Math.round((Date.now() - startedAt) / 1000)} s\n`,
  )
  return status ?? 1
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

/** Linting takes as long as the other checks together. */
async function checks(): Promise<Tally[]> {
  const lint = check('lint', 'node_modules/eslint/bin/eslint.js', '.', '--max-warnings', '0', ...lintCache)
  const others = [
    await check('format', 'node_modules/prettier/bin/prettier.cjs', '--check', '.'),
    await check('types', 'node_modules/vue-tsc/bin/vue-tsc.js', '--build'),
    await check('build', 'scripts/build.ts', '--if-stale'),
  ]
  return [...others, await lint]
}

function report(name: string): unknown {
  try {
    return JSON.parse(readFileSync(join(reports, name), 'utf8'))
  } catch {
    return null
  }
}

function unitAndIntegration(): Tally {
  const tools = missingTools()
  if (tools.length > 0) process.stdout.write(`\n== not found, and asked for by some tests: ${tools.join(', ')}\n`)
  const code = node('unit and integration', 'node_modules/vitest/vitest.mjs', 'run', ...vitestReport)
  return tallyOfVitest(report('vitest.json'), code)
}

function endToEnd(): Tally {
  if (installedBrowser() === null) {
    process.stdout.write('\n== end to end: no browser could be found or installed (CHROMIUM_PATH names one)\n')
    return { passed: 0, failed: 1, skipped: 0 }
  }
  const code = node('end to end', 'node_modules/@playwright/test/cli.js', 'test')
  return tallyOfPlaywright(report('e2e.json'), code)
}

const total = sum([...(await checks()), unitAndIntegration(), endToEnd()])
process.stdout.write(`\n${summaryLine(total)}\n`)
process.exitCode = succeeded(total) ? 0 : 1
