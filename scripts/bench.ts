// npm run bench: what is measured, one after the other, each in a process of its own. `-- --quick` takes smaller sizes.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { parseArgs } from 'node:util'

const { values } = parseArgs({ options: { quick: { type: 'boolean', default: false } } })
const root = join(import.meta.dirname, '..')
const measured: readonly [string, readonly string[]][] = [
  ['documents', []],
  ['exports', ['--rows', values.quick ? '20000' : '200000']],
]
for (const [name, args] of measured) {
  process.stdout.write(`\n== ${name}\n`)
  const { status } = spawnSync(process.execPath, [join(root, 'test', 'bench', `${name}.ts`), ...args], {
    stdio: 'inherit',
  })
  if (status !== 0) process.exitCode = 1
}
