import { CommandError } from '../command-error.ts'
import type { Bozza, BozzaKind, BozzaRow, BozzaSaveRequest } from '../contract/bozza.ts'
import type { BozzaStore } from './bozza-store.ts'

/** Each throws CommandError `not_signed_in`. */
export interface BozzaCommands {
  list(kind: BozzaKind | null, limit: number): BozzaRow[]
  /** Throws CommandError `not_found`, for another operator's draft too. */
  save(bozza: BozzaSaveRequest): BozzaRow
  get(id: string): Bozza
  remove(id: string): void
}

export function bozzaCommands(
  store: BozzaStore,
  facts: { operator(): string | null; now(): string; changed(id: string): void },
): BozzaCommands {
  function operator(): string {
    const id = facts.operator()
    if (id === null) throw new CommandError('not_signed_in', 'nobody has signed in')
    return id
  }
  return {
    list: (kind, limit) => store.list(operator(), kind, limit),
    save: (bozza) => {
      const at = facts.now()
      if (!store.save(operator(), bozza, at)) throw new CommandError('not_found', 'no such draft')
      facts.changed(bozza.id)
      return { id: bozza.id, kind: bozza.kind, title: bozza.title, updatedAt: at }
    },
    get: (id) => {
      const bozza = store.get(operator(), id)
      if (bozza === undefined) throw new CommandError('not_found', 'no such draft')
      return bozza
    },
    remove: (id) => {
      store.remove(operator(), id)
      facts.changed(id)
    },
  }
}
