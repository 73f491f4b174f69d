import { CommandError } from '../command-error.ts'
import type { CasellaRow } from '../contract/casella.ts'
import { checkCodiceFiscale } from '../contract/rules/codice-fiscale.ts'
import type { TitolareDetail } from '../contract/titolare.ts'
import type { TitolareStore } from './titolare-store.ts'

function unversioned<T extends { version: number }>(value: T): Omit<T, 'version'> {
  const { version: _version, ...rest } = value
  return rest
}

/** D22-D25: a holder with addresses, companies and caselle. Throws CommandError `not_found`. */
export function titolareDetail(
  id: string,
  titolari: TitolareStore,
  ports: { caselle(titolareId: string): CasellaRow[]; serverIdOf(localId: string): string | undefined },
): TitolareDetail {
  const known = ports.serverIdOf(id) ?? id
  const stored = titolari.get(known)
  const titolare = stored?.server ?? stored?.local?.titolare
  const row = titolari.row(known)
  if (titolare === undefined || row === undefined) throw new CommandError('not_found', 'no such holder')
  return {
    titolare: unversioned(titolare),
    codiceFiscaleWarning: !['valid', 'empty'].includes(checkCodiceFiscale(titolare.codiceFiscale)),
    indirizzi: (stored?.local?.indirizzi ?? titolari.indirizzi(known)).map(unversioned),
    attivita: (stored?.local?.attivita ?? titolari.attivita(known)).map(unversioned),
    caselle: ports.caselle(known),
    inCoda: row.inCoda,
  }
}
