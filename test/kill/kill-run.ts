// npm run test:kill: the built application is killed as many times as asked, and afterwards everything still holds.
//   --kills N        how many times (200)
//   --seed S         the moments and the work (otherwise by the clock)
//   --ms-between MS  the longest life before a kill by the clock (1500)
import { parseArgs } from 'node:util'
import { killTest } from './kill-test.ts'

const text = { type: 'string' } as const
const { values } = parseArgs({ options: { kills: text, seed: text, 'ms-between': text } })
const write = (line: string): void => {
  process.stdout.write(`${line}\n`)
}
const seed = Number(values.seed ?? Date.now() % 2_147_483_647)
const started = performance.now()
write(`seed ${seed}`)
const { kills, broken } = await killTest({
  kills: Number(values.kills ?? 200),
  seed,
  msBetween: Number(values['ms-between'] ?? 1500),
  said: write,
})
write(`${kills} kills in ${Math.round((performance.now() - started) / 1000)} s, seed ${seed}: ${broken ?? 'all held'}`)
process.exitCode = broken === null ? 0 : 1
