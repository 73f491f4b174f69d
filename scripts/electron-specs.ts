// npm run test:electron: the specs of test/e2e-electron in a real window, or a plain word that they did not run.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { electronForSpecs } from './electron-runtime.ts'
import { ensureBuilt } from './ensure-built.ts'

const root = join(import.meta.dirname, '..')
const cli = join(root, 'node_modules', '@playwright', 'test', 'cli.js')
const found = electronForSpecs(root)

if ('reason' in found) {
  process.stderr.write(`The specs of the window DID NOT RUN: ${found.reason}\n`)
  process.exitCode = 3
} else if (!ensureBuilt()) process.exitCode = 1
else {
  const args = ['test', '--config', 'playwright.electron.config.ts', ...process.argv.slice(2)]
  process.exitCode = spawnSync(process.execPath, [cli, ...args], { cwd: root, stdio: 'inherit' }).status ?? 1
}
