// The property over very many schedules, on as many processors as there are: each part is run.ts with a seed of its own.
// `npm run soak -- --runs 10000 --seed S [--workers N]`; the seed is printed first, and a broken promise with its schedule.
import { spawn } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '10000' },
    seed: { type: 'string' },
    workers: { type: 'string', default: String(availableParallelism()) },
  },
})
const runs = Number(values.runs)
const workers = Math.max(1, Math.min(Number(values.workers), runs))
const seed = Number(values.seed ?? Date.now() % 2_147_483_647)
process.stdout.write(`seed ${seed}, ${runs} schedules in ${workers} ${workers === 1 ? 'process' : 'processes'}\n`)
const started = performance.now()

/** Fulfils with whether every promise was kept. */
function part(index: number): Promise<boolean> {
  const own = Math.floor(runs / workers) + (index < runs % workers ? 1 : 0)
  const args = [join(import.meta.dirname, 'run.ts'), '--runs', String(own), '--seed', String(seed + index)]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  createInterface({ input: child.stdout }).on('line', (line) => {
    process.stdout.write(`${index + 1}: ${line}\n`)
  })
  return new Promise((resolve) => {
    child.on('close', (code) => {
      resolve(code === 0)
    })
  })
}

const kept = await Promise.all(Array.from({ length: workers }, (_, index) => part(index)))
const seconds = Math.round((performance.now() - started) / 1000)
if (kept.every(Boolean)) process.stdout.write(`all ${runs} held, ${seconds} s\n`)
else process.exitCode = 1
