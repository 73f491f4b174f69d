import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brokenPromise } from '../property/oracle.ts'
import { startSandboxProcess } from '../support/sandbox-process.ts'
import type { KillPlan } from './kill-plan.ts'
import { killRound, type RoundResult } from './kill-round.ts'
import { providerSide } from './provider-side.ts'
import { seededRandom } from './seeded-random.ts'

/** After so many kills a new data folder begins, with a first snapshot of its own. */
const KILLS_A_ROUND = 25
/** While four changes are on their way, the others fill an envelope. */
const CASELLE_A_ROUND = 12

export interface KillTestOptions {
  kills: number
  seed: number
  /** The longest life between a start and a kill by the clock, in milliseconds. */
  msBetween: number
  caselle?: number
  /** A provider that does not know a repeated request again: the promises cannot hold. */
  forgetsKeys?: boolean
  /** Kills at these moments, in the first round. */
  plans?: readonly KillPlan[]
  said(line: string): void
}

export interface KillTestResult {
  kills: number
  rounds: readonly RoundResult[]
  /** The first broken promise or fault of a round, in words; null when all held. */
  broken: string | null
}

export function verdictOf({ observations, faults }: Pick<RoundResult, 'observations' | 'faults'>): string | null {
  return brokenPromise(observations) ?? faults[0] ?? null
}

/**
 * The built application and the built sandbox as processes; the application dies as many times as asked, at moments
 * that follow from the seed (what it is doing then does not). Stops after the first round in which something broke.
 */
export async function killTest(options: KillTestOptions): Promise<KillTestResult> {
  const { kills, seed, msBetween, caselle = 1200, forgetsKeys = false, plans, said } = options
  const random = seededRandom(seed)
  const root = mkdtempSync(join(tmpdir(), 'sportello-uccisioni-'))
  const sandbox = await startSandboxProcess({ data: join(root, 'gestore'), caselle })
  const rounds: RoundResult[] = []
  let done = 0
  let broken: string | null = null
  let counter = 0
  const unique = (): number => (counter += 1)
  try {
    const provider = await providerSide(sandbox.url, forgetsKeys)
    try {
      const active = [...((await provider.rows()).get('casella')?.values() ?? [])].flatMap((row) =>
        row.type === 'casella' && row.data.ciclo === 'attiva' && !row.data.disabilitata ? [row.id] : [],
      )
      while (done < kills && broken === null) {
        const number = Math.min(KILLS_A_ROUND, kills - done)
        const data = join(root, `dati-${rounds.length + 1}`)
        const round = await killRound({
          provider,
          random,
          kills: number,
          copying: plans === undefined ? Math.ceil(number / 5) : 0,
          msBetween,
          data,
          caselle: active.splice(0, CASELLE_A_ROUND),
          unique,
          ...(plans === undefined ? {} : { plans }),
          said,
        })
        rounds.push(round)
        done += number
        broken = verdictOf(round)
        const { done: accepted, refused, lost } = round.commands
        said(
          `${done} kills: ${accepted} commands accepted (${round.lostAndQueued} of them without an answer), ` +
            `${refused} refused, ${lost} lost; ${round.observations.effects.length} effects; ${broken ?? 'all held'}`,
        )
        if (broken === null) rmSync(data, { recursive: true, force: true })
      }
    } finally {
      await provider.close()
    }
  } finally {
    await sandbox.stop()
    if (broken === null || forgetsKeys) rmSync(root, { recursive: true, force: true })
    else said(`left to be looked at: ${root}`)
  }
  return { kills: done, rounds, broken }
}
