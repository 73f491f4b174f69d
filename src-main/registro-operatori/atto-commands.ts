import { z } from 'zod'
import type { ExportedFile } from '../contract/archive.ts'
import type { AttoRow, VerificaCatena } from '../contract/registro-operatori.ts'
import type { Clock } from '../environment.ts'
import { CSV_START, csvLine } from '../export/csv.ts'
import { attoHash, brokenAt, START_HASH } from './catena.ts'
import type { AttoStore } from './atto-store.ts'

/** Where the chain ends. */
export const AttoHead = z.object({ numero: z.number().int(), hash: z.string() })
export type AttoHead = z.infer<typeof AttoHead>

/** Entries looked at in one go, so that nobody waits for the whole. */
const CHUNK = 2000
const MOST_IDS = 50
const BETWEEN_MS = 5

export interface AttoCommands {
  /** On the disk when it returns. Only what has the form of an id is kept of `ids`. Throws what the database throws. */
  record(atto: string, ids: readonly string[]): void
  list(offset: number, limit: number): { total: number; rows: AttoRow[]; verifica: VerificaCatena }
  export(formato: 'csv' | 'jsonl'): ExportedFile
  /** Looks through the whole chain, a part at a time; again from the start when called again. */
  verify(): void
  close(): void
}

/** What ids look like here and at the provider: no blank, no @, nothing that a name could be made of with others. */
function isId(text: string): boolean {
  return /^[A-Za-z0-9:_-]{1,80}$/.test(text) && /\d/.test(text) && !/^[A-Za-z]{6}\d{2}[A-Za-z]/.test(text)
}

export function attoCommands(ports: {
  store: AttoStore
  /** The latest entry as it was written, kept apart from the entries: without it, those cut off at the end are not missed. */
  head: { read(): AttoHead | null; write(head: AttoHead): void }
  clock: Pick<Clock, 'after'>
  /** The account that is signed in; empty for nobody. */
  operatore(): string
  /** ISO 8601. */
  now(): string
  /** Runs as one transaction. */
  together(work: () => void): void
  /** The chain was found broken at this entry. */
  broken(numero: number): void
}): AttoCommands {
  const { store } = ports
  let verifica: VerificaCatena = { stato: 'in_corso', verificati: 0, rottaA: null }
  let cancel: (() => void) | null = null

  /** The first entry that was cut off at the end, after the last that is there; null where none was. */
  function cutAfter(last: { numero: number; hash: string }): number | null {
    const head = ports.head.read()
    return head === null || (head.numero === last.numero && head.hash === last.hash) ? null : last.numero + 1
  }

  function verifyFrom(before: { numero: number; hash: string }): void {
    const rows = store.after(before.numero, CHUNK)
    const last = rows.at(-1)
    const rottaA = brokenAt(before, rows) ?? (rows.length < CHUNK ? cutAfter(last ?? before) : null)
    if (rottaA !== null) {
      verifica = { stato: 'rotta', verificati: rottaA - 1, rottaA }
      ports.broken(rottaA)
    } else if (rows.length < CHUNK || last === undefined)
      verifica = { stato: 'integra', verificati: last?.numero ?? before.numero, rottaA: null }
    else {
      verifica = { stato: 'in_corso', verificati: last.numero, rottaA: null }
      cancel = ports.clock.after(BETWEEN_MS, () => {
        verifyFrom(last)
      })
    }
  }

  function* everyRow(): Generator<AttoRow> {
    let from = 0
    for (;;) {
      const rows = store.after(from, CHUNK)
      yield* rows
      const last = rows.at(-1)
      if (last === undefined) return
      from = last.numero
    }
  }

  return {
    record: (atto, given) => {
      ports.together(() => {
        // After what was written last, even where that is no more: the gap stays to be seen.
        const before = ports.head.read() ?? store.last()
        const entry = {
          numero: (before?.numero ?? 0) + 1,
          quando: ports.now(),
          operatore: ports.operatore(),
          atto,
          ids: given.filter(isId).slice(0, MOST_IDS),
        }
        const hash = attoHash(before?.hash ?? START_HASH, entry)
        store.append({ ...entry, hash })
        ports.head.write({ numero: entry.numero, hash })
      })
    },
    list: (offset, limit) => ({ total: store.count(), rows: store.page(offset, limit), verifica }),
    export: (formato) => {
      const rows = [...everyRow()]
      const text =
        formato === 'jsonl'
          ? rows.map((row) => `${JSON.stringify(row)}\n`).join('')
          : CSV_START +
            csvLine(['Numero', 'Quando', 'Operatore', 'Atto', 'Identificativi', 'Impronta']) +
            rows
              .map(({ numero, quando, operatore, atto, ids, hash }) =>
                csvLine([numero, quando, operatore, atto, ids.join(' '), hash]),
              )
              .join('')
      return {
        nomeFile: `registro-operatori.${formato}`,
        mime: formato === 'jsonl' ? 'application/jsonl' : 'text/csv',
        base64: Buffer.from(text).toString('base64'),
        count: rows.length,
      }
    },
    verify: () => {
      cancel?.()
      verifyFrom({ numero: 0, hash: START_HASH })
    },
    close: () => {
      cancel?.()
    },
  }
}
