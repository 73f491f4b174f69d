import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'

const source = new URL('../../src-main/hosts/node/heap-growth.ts', import.meta.url).href

/** Megabytes that a process has at most, which keeps some thirty and lets go, again and again, what has become old. */
function mostMegabytes(beginning: string): number {
  const program = `
    const { steadyHeap } = await import(${JSON.stringify(source)})
    ${beginning}
    const made = (count) => Array.from({ length: count }, (_, at) => ({ at, words: [at, at + 1] }))
    const kept = made(400_000)
    let most = 0
    for (let round = 0; round < 300; round += 1) {
      // Old enough for the old generation by the time it goes.
      globalThis.last = [made(20_000), globalThis.last?.[0]]
      // Until the first collection nothing has grown.
      if (round > 100) most = Math.max(most, process.memoryUsage().heapUsed)
    }
    console.log(Math.round(most / 1e6), kept.length)`
  const { stdout, stderr } = spawnSync(
    process.execPath,
    ['--max-semi-space-size=1', '--input-type=module', '-e', program],
    { encoding: 'utf8' },
  )
  const megabytes = Number(stdout.split(' ')[0])
  if (!(megabytes > 0)) throw new Error(stderr)
  return megabytes
}

test('what nobody holds is looked for early, and as V8 likes while much is made', () => {
  const asV8Likes = mostMegabytes('')
  expect(mostMegabytes('steadyHeap()')).toBeLessThan(0.8 * asV8Likes)
  expect(mostMegabytes('steadyHeap().loosen()')).toBeGreaterThan(0.8 * asV8Likes)
  expect(mostMegabytes('steadyHeap().loosen()()')).toBeLessThan(0.8 * asV8Likes)
})
