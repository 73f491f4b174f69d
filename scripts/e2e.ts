// npm run test:e2e: a browser where there is none, fresh files, then Playwright with the arguments given.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { ensureBuilt } from './ensure-built.ts'
import { installedBrowser } from './find-browser.ts'

const root = join(import.meta.dirname, '..')
const cli = join(root, 'node_modules', '@playwright', 'test', 'cli.js')

if (installedBrowser() === null)
  process.stderr.write('no browser could be found or installed (CHROMIUM_PATH names one)\n')
if (!ensureBuilt()) process.exitCode = 1
else {
  const run = spawnSync(process.execPath, [cli, 'test', ...process.argv.slice(2)], { cwd: root, stdio: 'inherit' })
  process.exitCode = run.status ?? 1
}
