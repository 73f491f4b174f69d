import { CommandError } from '../command-error.ts'
import type { Salvato, SalvatiStore } from './salvati-store.ts'

/** Each throws CommandError `not_signed_in`. */
export interface SalvatiCommands<S extends Salvato> {
  list(): S[]
  /**
   * Throws CommandError `not_found` for another operator's, `invalid_field` (details: rule `taken`, `too_many`) for a name
   * that is taken or one too many.
   */
  save(salvato: S): S[]
  remove(id: string): S[]
}

/** At most `most` of each operator's; `reservedNames`, in small letters, are the program's own. */
export function salvatiCommands<S extends Salvato>(
  store: SalvatiStore<S>,
  operator: () => string | null,
  { most, reservedNames }: { most: number; reservedNames: readonly string[] },
): SalvatiCommands<S> {
  function mine(): string {
    const id = operator()
    if (id === null) throw new CommandError('not_signed_in', 'nobody has signed in')
    return id
  }
  return {
    list: () => store.list(mine()),
    save: (salvato) => {
      const others = store.list(mine()).filter(({ id }) => id !== salvato.id)
      const refuse = (rule: string): CommandError => new CommandError('invalid_field', rule, { field: 'nome', rule })
      const taken = [...reservedNames, ...others.map(({ nome }) => nome.toLowerCase())]
      if (taken.includes(salvato.nome.toLowerCase())) throw refuse('taken')
      if (others.length >= most) throw refuse('too_many')
      if (!store.save(mine(), salvato)) throw new CommandError('not_found', 'saved by another operator')
      return store.list(mine())
    },
    remove: (id) => {
      store.remove(mine(), id)
      return store.list(mine())
    },
  }
}
