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
  facts: {
    operator(): string | null
    now(): string
    changed(id: string): void
    /** The id that a row made here has at the provider, once it is there. */
    serverIdOf(id: string): string | undefined
  },
): BozzaCommands {
  function operator(): string {
    const id = facts.operator()
    if (id === null) throw new CommandError('not_signed_in', 'nobody has signed in')
    return id
  }
  const named = <Row extends BozzaRow>(row: Row): Row =>
    row.about === null ? row : { ...row, about: facts.serverIdOf(row.about) ?? row.about }
  return {
    list: (kind, limit) => store.list(operator(), kind, limit).map(named),
    save: (bozza) => {
      const { id, kind, title, data } = bozza
      const at = facts.now()
      if (!store.save(operator(), bozza, at)) throw new CommandError('not_found', 'no such draft')
      facts.changed(id)
      const about = data['segnalazioneId']
      return named({ id, kind, title, about: typeof about === 'string' ? about : null, updatedAt: at })
    },
    get: (id) => {
      const bozza = store.get(operator(), id)
      if (bozza === undefined) throw new CommandError('not_found', 'no such draft')
      return named(bozza)
    },
    remove: (id) => {
      store.remove(operator(), id)
      facts.changed(id)
    },
  }
}
