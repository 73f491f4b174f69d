import type { CommandHandlers } from './answer-envelope.ts'
import type { OpenArchive } from './archive/open-archive.ts'
import { CommandError } from './command-error.ts'
import { StatoCasella } from './contract/casella.ts'
import type { DominioRow } from './contract/titolare.ts'
import { assistenteRows, dominioRows } from './domini/dominio-rows.ts'
import { type Prezzo, PREZZO_DOMINIO_DEDICATO } from './provider-contract/capabilities.ts'

/** Domini and assistenti (D5, D14, D90); `operator` throws CommandError `not_signed_in`. */
export function dominiHandlers(
  archive: () => OpenArchive,
  operator: () => string,
): Pick<CommandHandlers, 'domini.list' | 'domini.get' | 'domini.toChoose' | 'domini.choose' | 'assistenti.list'> {
  const rows = (): DominioRow[] => dominioRows(archive())
  function prezzo(): Prezzo | null {
    const { prezzi } = archive().capabilities()
    return prezzi.find(({ codice }) => codice === PREZZO_DOMINIO_DEDICATO) ?? null
  }
  return {
    'domini.list': () => ({ rows: rows() }),
    'domini.get': ({ id }) => {
      const row = rows().find((each) => each.id === id)
      if (row === undefined) throw new CommandError('not_found', 'no such dominio')
      const counted = archive().caselle.statiOf(id)
      const stati = StatoCasella.options.flatMap((stato) => {
        const n = counted.get(stato) ?? 0
        return n === 0 ? [] : [{ stato, n }]
      })
      return { ...row, stati, prezzo: row.dedicato ? prezzo() : null }
    },
    'domini.toChoose': () => ({
      domini: archive()
        .domini.domini()
        .map(({ id, nome }) => ({ id, nome })),
      scelto: archive().settings.of(operator()).dominio,
    }),
    'domini.choose': (dominio) => {
      const { domini, settings } = archive()
      if (dominio.id !== null && domini.dominio(dominio.id) === undefined)
        throw new CommandError('not_found', 'no such dominio')
      settings.write(operator(), { ...settings.of(operator()), dominio })
      return {}
    },
    'assistenti.list': () => ({ rows: assistenteRows(archive()) }),
  }
}
