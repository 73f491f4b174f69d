// The property of the outbox and the alignment over as many schedules as asked: see play.ts and oracle.ts.
// `--sabotage NAME` breaks a rule first, or `all` each of them in turn: then a broken promise is what is wanted.
import { parseArgs } from 'node:util'
import fc from 'fast-check'
import { startCore } from '../../src-main/core.ts'
import { systemClock } from '../../src-main/environment.ts'
import { brokenPromise } from './oracle.ts'
import { pinned } from './pinned.ts'
import { play } from './play.ts'
import { sabotagedCore } from './sabotaged-core.ts'
import { sabotages } from './sabotages.ts'
import { schedules, type Schedule } from './schedule.ts'
import { createWorld, type StartCore, type World } from './world.ts'

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '300' },
    seed: { type: 'string' },
    schedule: { type: 'string' },
    sabotage: { type: 'string' },
  },
})

const write = (line: string): void => {
  process.stdout.write(`${line}\n`)
}
const started = performance.now()

let world: World | null = null
async function usable(): Promise<World> {
  if (world?.usedUp() === false) return world
  await world?.close()
  world = await createWorld(startCore, systemClock)
  return world
}

let played = 0
async function check(start: StartCore, options: fc.Parameters<[Schedule]>): Promise<fc.RunDetails<[Schedule]>> {
  const holds = fc.asyncProperty(schedules, async (schedule) => {
    const broken = brokenPromise(await play(schedule, await usable(), start))
    if (broken !== null) throw new Error(broken)
    played += 1
    if (played % 500 === 0) write(`${played} held, ${Math.round((performance.now() - started) / 1000)} s`)
  })
  return fc.check(holds, options)
}

const whyOf = ({ errorInstance }: fc.RunDetails<[Schedule]>): string =>
  errorInstance instanceof Error ? errorInstance.message : String(errorInstance)

const runs = Number(values.runs)
const seed = Number(values.seed ?? Date.now() % 2_147_483_647)
write(`seed ${seed}`)

async function whole(): Promise<void> {
  const examples =
    values.schedule === undefined ? pinned.map(({ schedule }) => schedule) : [JSON.parse(values.schedule) as Schedule]
  const numRuns = values.schedule === undefined ? runs : 1
  const result = await check(startCore, { numRuns, seed, examples: examples.map((schedule): [Schedule] => [schedule]) })
  write(`${result.numRuns} schedules in ${Math.round((performance.now() - started) / 1000)} s`)
  if (!result.failed) return
  process.exitCode = 1
  write(`broken: ${whyOf(result)}, after ${result.numShrinks} shrinks`)
  write(`schedule: ${JSON.stringify(result.counterexample?.[0])}`)
}

async function broken(name: string): Promise<void> {
  for (const sabotage of sabotages.filter((each) => name === 'all' || each.name === name)) {
    const examples = pinned
      .filter(({ catches }) => catches.includes(sabotage.name))
      .map(({ schedule }): [Schedule] => [schedule])
    const result = await check(await sabotagedCore(sabotage), { numRuns: runs, seed, examples, endOnFailure: true })
    if (!result.failed) process.exitCode = 1
    write(
      result.failed
        ? `${sabotage.name}: caught after ${result.numRuns}: ${whyOf(result)}`
        : `${sabotage.name}: NOT CAUGHT in ${result.numRuns}`,
    )
    if (result.failed && result.numRuns > examples.length) write(JSON.stringify(result.counterexample?.[0]))
  }
}

await (values.sabotage === undefined ? whole() : broken(values.sabotage))
await (world as World | null)?.close()
