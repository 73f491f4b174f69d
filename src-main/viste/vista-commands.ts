import { CommandError } from '../command-error.ts'
import type { Vista } from '../contract/vista.ts'
import type { VistaStore } from './vista-store.ts'

const MOST_VISTE = 20

/** Each throws CommandError `not_signed_in`. */
export interface VistaCommands {
  list(): Vista[]
  /** Throws CommandError `not_found` for another operator's view, `invalid_field` for a name that is taken or one too many. */
  save(vista: Vista): Vista[]
  remove(id: string): Vista[]
}

export function vistaCommands(store: VistaStore, operator: () => string | null): VistaCommands {
  function mine(): string {
    const id = operator()
    if (id === null) throw new CommandError('not_signed_in', 'nobody has signed in')
    return id
  }
  return {
    list: () => store.list(mine()),
    save: (vista) => {
      const others = store.list(mine()).filter(({ id }) => id !== vista.id)
      const refuse = (rule: string): CommandError => new CommandError('invalid_field', rule, { field: 'nome', rule })
      if (others.some(({ nome }) => nome.toLowerCase() === vista.nome.toLowerCase())) throw refuse('taken')
      if (others.length >= MOST_VISTE) throw refuse('too_many')
      if (!store.save(mine(), vista)) throw new CommandError('not_found', 'no such view')
      return store.list(mine())
    },
    remove: (id) => {
      store.remove(mine(), id)
      return store.list(mine())
    },
  }
}
