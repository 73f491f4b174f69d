import type { ArchiveDb } from './database.ts'
import { sql } from './sql.ts'

/**
 * How a full text grows while it is built. Left to itself, FTS5 merges what it has written again and again as it grows, each
 * word some five times; here each step leaves a segment of its own, and all of them are merged once, in short steps.
 */
export interface FullTextGrowth {
  /** From here on nothing is merged. Call before the first words, and again after an interruption. */
  begin(): void
  /** Whether as many segments may be waiting as FTS5 can hold at once; then they have to be merged before more words. */
  isFull(): boolean
  /** A segment was written. */
  grown(): void
  /** Merges some more, within a transaction of the caller's; false when there is nothing more to merge. */
  mergeSome(): boolean
  /** From here on it is merged as FTS5 does by itself. */
  end(): void
}

/** FTS5 holds 2,000 (FTS5_MAX_SEGMENT); a building that was interrupted does not know how many it has left. */
const FULL = 800
const NO_CRISIS = 1_900
/** So few are merged by FTS5 itself, as others write. */
const FEW = 16
/** Words of one step (bytes): they are to make one segment. */
const STEP_BYTES = 4_194_304
/** So many pages of about 4 KB are written at a step: 0.1 s and more on a busy machine. */
const PAGES = 500

export function fullTextGrowth(
  db: ArchiveDb,
  fts: 'casella_fts' | 'titolare_fts',
  { full = FULL, pages = PAGES } = {},
): FullTextGrowth {
  /** Written since all were merged; `taken`: those that are being merged. */
  let segments = 0
  let taken = 0
  let isMerging = false
  let wasMerged = false
  const command = (name: string, value: number): void => {
    db.run({ text: `INSERT INTO ${fts}(${fts}, rank) VALUES (?, CAST(? AS INTEGER))`, params: [name, value] })
  }
  const changes = (): number => db.column(sql`SELECT total_changes()`)[0] ?? 0
  return {
    begin: () => {
      segments = 0
      isMerging = false
      wasMerged = false
      command('automerge', 0)
      command('crisismerge', NO_CRISIS)
      command('hashsize', STEP_BYTES)
    },
    isFull: () => segments >= full,
    grown: () => {
      segments += 1
    },
    mergeSome: () => {
      // What comes while it is merged does not begin it anew.
      if (!isMerging && wasMerged && segments < Math.min(FEW, full)) return false
      if (!isMerging) taken = segments
      const before = changes()
      // A negative number takes all segments together; once they are, it is gone on with by positive ones.
      command('merge', isMerging ? pages : -pages)
      // Where it writes less, nothing is left but what others have written meanwhile.
      isMerging = changes() - before >= pages
      if (isMerging) return true
      segments -= taken
      wasMerged = true
      return false
    },
    end: () => {
      command('automerge', 4)
      command('crisismerge', 16)
      command('hashsize', 1_048_576)
    },
  }
}
