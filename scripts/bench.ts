// npm run bench: what is measured, one area after the other, each in a process of its own, against its limit or peer of the
// same run. Prints a table and writes bench/results.json. `-- --quick` takes smaller sizes, `-- --only AREA` one of them.
import { spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { Figures, rowOf, type BenchResults } from '../test/bench/figure.ts'
import { ensureBuilt } from './ensure-built.ts'

const { values } = parseArgs({ options: { quick: { type: 'boolean', default: false }, only: { type: 'string' } } })
const root = join(import.meta.dirname, '..')
const size = (quick: string, full: string): string => (values.quick ? quick : full)

interface Area {
  name: string
  args: readonly string[]
  /** Measured by the program of another area, and not in a quick run, where it would say the same. */
  program?: string
}
const areas: readonly Area[] = [
  { name: 'registro', args: ['--caselle', size('5000', '100000'), '--rounds', '5'] },
  { name: 'million', args: ['--caselle', size('5000', '1000000'), '--rounds', '1'], program: 'registro' },
  { name: 'search', args: ['--caselle', size('20000', '1000000')] },
  { name: 'segnalazioni', args: ['--count', size('1000', '20000')] },
  { name: 'start', args: ['--caselle', size('5000', '100000')] },
  { name: 'lists', args: ['--caselle', size('5000', '1000000')] },
  { name: 'outbox', args: ['--operations', size('150', '10000')] },
  { name: 'uploads', args: ['--files', size('30', '1000'), '--megabytes', size('20', '500')] },
  {
    name: 'documents',
    args: ['--megabytes', size('20', '200'), '--files', size('10', '300'), '--pages', size('50', '1500')],
  },
  { name: 'exports', args: ['--rows', size('10000', '1000000'), '--xlsx', size('5000', '100000')] },
]

const results: BenchResults['results'] = []
const chosen = areas.filter(({ name, program }) =>
  values.only === undefined ? !(values.quick && program !== undefined) : values.only === name,
)
if (chosen.length === 0) {
  process.stderr.write(`Nessuna misura si chiama così: ${areas.map(({ name }) => name).join(', ')}\n`)
  process.exitCode = 2
} else if (!ensureBuilt()) process.exitCode = 1
else
  for (const { name, args, program = name } of chosen) {
    process.stdout.write(`\n== ${name}\n`)
    const started = performance.now()
    const { status, stdout } = spawnSync(process.execPath, [join(root, 'test', 'bench', `${program}.ts`), ...args], {
      stdio: ['ignore', 'pipe', 'inherit'],
      maxBuffer: 64 * 1024 * 1024,
    })
    if (status !== 0) {
      process.exitCode = 1
      continue
    }
    const figures = Figures.parse(JSON.parse(stdout.toString().trimEnd().split('\n').at(-1) ?? ''))
    console.table(figures.map(rowOf))
    process.stdout.write(`${name}: ${Math.round((performance.now() - started) / 1000)} s\n`)
    results.push({ area: name, args: [...args], figures })
  }

if (results.length > 0) {
  const machine = {
    processors: cpus().length,
    processor: cpus()[0]?.model ?? '',
    memoryGb: Math.round(totalmem() / 1e9),
  }
  mkdirSync(join(root, 'bench'), { recursive: true })
  const told: BenchResults = { at: new Date().toISOString(), node: process.version, machine, results }
  writeFileSync(join(root, 'bench', 'results.json'), `${JSON.stringify(told, null, 2)}\n`)
}
