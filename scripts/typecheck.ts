// npm run typecheck: the screens by vue-tsc, everything else by the native compiler, which takes a third of the time.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')
const native = 'node_modules/typescript-native/bin/tsc'
const projects = [
  [native, 'tsconfig.main.json'],
  [native, 'tsconfig.tools.json'],
  ['node_modules/vue-tsc/bin/vue-tsc.js', 'tsconfig.renderer.json'],
] as const

let failed = 0
for (const [compiler, project] of projects) {
  const alone = ['--noEmit', '--composite', 'false', '--incremental', 'false']
  const { status } = spawnSync(process.execPath, [join(root, compiler), '-p', project, ...alone], {
    cwd: root,
    stdio: 'inherit',
  })
  if (status !== 0) failed += 1
}
process.exitCode = failed === 0 ? 0 : 1
