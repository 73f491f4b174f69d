import { z } from 'zod'

/** One thing that was measured, round by round; beside its limit or peer of the same rounds where it has one. */
export interface Figure {
  what: string
  unit: 'ms' | 'MB'
  rounds: readonly number[]
  against: { name: string; rounds: readonly number[] } | null
  goal: Goal | null
}

/** `at_most`: in the figure's own unit. `times_as_fast`: as the limit or peer. */
export type Goal = { kind: 'at_most'; value: number } | { kind: 'times_as_fast'; value: number }

/** NaN of none. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5)
}

/** By linear interpolation between neighbours; NaN of none. `share` from 0 to 1. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  const at = (sorted.length - 1) * share
  const low = sorted[Math.floor(at)] ?? Number.NaN
  const high = sorted[Math.ceil(at)] ?? Number.NaN
  return low + (high - low) * (at - Math.floor(at))
}

/** How many times as fast as its limit or peer, of each round with its neighbour; the median. Null where it has none. */
export function timesAsFast({ rounds, against }: Figure): number | null {
  if (against === null) return null
  return median(rounds.map((own, round) => (against.rounds[round] ?? Number.NaN) / own))
}

/** Null where there is no goal. */
export function isMet(figure: Figure): boolean | null {
  const { goal, rounds } = figure
  switch (goal?.kind) {
    case undefined:
      return null
    case 'at_most':
      return median(rounds) <= goal.value
    case 'times_as_fast':
      return (timesAsFast(figure) ?? 0) >= goal.value
  }
}

const rounded = (value: number): string =>
  value.toLocaleString('en', { maximumSignificantDigits: 3, useGrouping: false })

/** A line of the table: what, median, least and most, against what, how many times as fast, the goal, whether it is met. */
export function rowOf(figure: Figure): Record<string, string> {
  const { what, unit, rounds, against, goal } = figure
  const times = timesAsFast(figure)
  const met = isMet(figure)
  return {
    what,
    median: `${rounded(median(rounds))} ${unit}`,
    spread: `${rounded(Math.min(...rounds))}-${rounded(Math.max(...rounds))}`,
    against: against === null ? '' : `${against.name} ${rounded(median(against.rounds))} ${unit}`,
    'times as fast': times === null ? '' : rounded(times),
    goal: goal === null ? '' : goal.kind === 'at_most' ? `at most ${goal.value} ${unit}` : `${goal.value} times`,
    met: met === null ? '' : met ? 'yes' : 'NO',
  }
}

const Rounds = z.array(z.number())
export const Figures = z.array(
  z.object({
    what: z.string(),
    unit: z.enum(['ms', 'MB']),
    rounds: Rounds,
    against: z.object({ name: z.string(), rounds: Rounds }).nullable(),
    goal: z.object({ kind: z.enum(['at_most', 'times_as_fast']), value: z.number() }).nullable(),
  }),
)
/** `bench/results.json`. */
export const BenchResults = z.object({
  at: z.string(),
  node: z.string(),
  machine: z.object({ processors: z.number(), processor: z.string(), memoryGb: z.number() }),
  results: z.array(z.object({ area: z.string(), args: z.array(z.string()), figures: Figures })),
})
export type BenchResults = z.infer<typeof BenchResults>

/** The table of the README. */
export function markdownOf({ at, node, machine, results }: BenchResults): string {
  const lines = results.flatMap(({ area, figures }) =>
    figures.map((figure) => {
      const row = rowOf(figure)
      const cells = [
        area,
        row['what'],
        row['median'],
        row['spread'],
        row['against'],
        row['times as fast'],
        row['goal'],
        row['met'],
      ]
      return `| ${cells.map((cell) => (cell ?? '').replaceAll('|', '/')).join(' | ')} |`
    }),
  )
  const titles = ['Area', 'Che cosa', 'Mediana', 'Estremi', 'Confronto', 'Volte', 'Obiettivo', 'Raggiunto']
  return [
    `Ultima misura intera: ${at.slice(0, 10)}, Node ${node}, ${machine.processors} processori, ${machine.memoryGb} GB di memoria.`,
    '',
    `| ${titles.join(' | ')} |`,
    `| ${titles.map(() => '---').join(' | ')} |`,
    ...lines,
  ].join('\n')
}
