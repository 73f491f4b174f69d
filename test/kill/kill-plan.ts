import type { SeededRandom } from './seeded-random.ts'

export type Written = '/titolari' | '/caselle' | '/documenti' | '/batches'

/** When the application is killed. Times in milliseconds. */
export type KillPlan =
  /** After its start, before or while it comes up. */
  | { when: 'starting'; ms: number }
  /** After it listens. */
  | { when: 'running'; ms: number }
  /** After a command was sent to it, which may still be answered. */
  | { when: 'command'; skip: number; ms: number }
  /** While several commands are under way: after a time, or as the first of them is answered (null). */
  | { when: 'burst'; ms: number | null }
  /**
   * As a write reaches the network (and may be lost there), as it has taken effect, or as its answer has gone back.
   * `path`: only a write of this one.
   */
  | { when: 'request'; path: Written | null; skip: number; lost: boolean }
  | { when: 'effect' | 'answered'; path: Written | null; skip: number; ms: number }
  /** When so many bytes of a document, or of the feed's answers, have passed. */
  | { when: 'upload' | 'feed'; bytes: number }

/** `copying`: the first snapshot is still under way. */
export function killPlan(random: SeededRandom, stage: 'copying' | 'working', msBetween: number): KillPlan {
  const soon = (): number =>
    random.weighted([
      [2, 0],
      [1, random.upTo(15)],
    ])
  const path = (): Written | null =>
    random.weighted([
      [3, null],
      [1, '/titolari'],
      [1, '/caselle'],
      [1, '/documenti'],
      [3, '/batches'],
    ])
  const skip = (): number => random.upTo(2)
  if (stage === 'copying')
    return random.weighted<KillPlan>([
      [1, { when: 'starting', ms: random.upTo(900) }],
      [2, { when: 'command', skip: random.upTo(1), ms: random.upTo(60) }],
      [5, { when: 'feed', bytes: Math.round(random.next() ** 2 * 1_500_000) }],
      [2, { when: 'running', ms: random.upTo(msBetween) }],
    ])
  return random.weighted<KillPlan>([
    [3, { when: 'starting', ms: random.upTo(900) }],
    [6, { when: 'running', ms: random.upTo(msBetween) }],
    [4, { when: 'command', skip: skip(), ms: 1 + random.upTo(9) }],
    [4, { when: 'burst', ms: random.chance(0.5) ? null : 1 + random.upTo(12) }],
    [4, { when: 'request', path: path(), skip: skip(), lost: random.chance(0.4) }],
    [6, { when: 'effect', path: path(), skip: skip(), ms: soon() }],
    [4, { when: 'answered', path: path(), skip: skip(), ms: soon() }],
    [6, { when: 'upload', bytes: random.upTo(4_000_000) }],
    [3, { when: 'feed', bytes: random.upTo(4000) }],
  ])
}
