import { CommandError } from '../command-error.ts'
import { NomeReport } from '../contract/report-tabelle.ts'
import type { ReportSalvato } from '../contract/report-salvato.ts'
import type { ReportSalvatoStore } from './report-salvato-store.ts'

const MOST_SALVATI = 50

/** Each throws CommandError `not_signed_in`. */
export interface ReportSalvatoCommands {
  list(): ReportSalvato[]
  /**
   * Throws CommandError `not_found` for another operator's, `invalid_field` (details: rule `taken`, `too_many`) for a name
   * that is taken, by a report of the program too, or one too many.
   */
  save(salvato: ReportSalvato): ReportSalvato[]
  remove(id: string): ReportSalvato[]
}

export function reportSalvatoCommands(store: ReportSalvatoStore, operator: () => string | null): ReportSalvatoCommands {
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
      const name = salvato.nome.toLowerCase()
      // The command line tells them apart by their names alone.
      if ([...NomeReport.options, ...others.map(({ nome }) => nome.toLowerCase())].includes(name)) throw refuse('taken')
      if (others.length >= MOST_SALVATI) throw refuse('too_many')
      if (!store.save(mine(), salvato)) throw new CommandError('not_found', 'no such saved report')
      return store.list(mine())
    },
    remove: (id) => {
      store.remove(mine(), id)
      return store.list(mine())
    },
  }
}
