import type { Capabilities } from '../../provider-contract/capabilities.ts'
import type { Casella } from '../../provider-contract/casella.ts'
import type { Storico } from '../../provider-contract/storico.ts'
import { firstCiclo } from '../rules/casella-rules.ts'
import { changedFields } from '../rules/storico-rules.ts'

/** Of how many caselle the past is written: a million of them would double the time and the space of the data. */
export const CASELLE_WITH_STORICO = 20_000

export type GeneratedEntry = Pick<Storico, 'operazione' | 'chi' | 'quando' | 'campi'>

/** How the casella was when it was registered (D57): no dates, not active. */
function registered(casella: Casella, activation: Capabilities['activation']): Casella {
  return {
    ...casella,
    // Of every third the communications e-mail came later.
    comunicazioniEmail: Number(casella.id.slice(1)) % 3 === 0 ? null : casella.comunicazioniEmail,
    ciclo: firstCiclo(activation),
    disabilitata: false,
    sospesa: false,
    passwordScaduta: false,
    passwordScadeIl: null,
    contratto: false,
    richiesta: 'nessuna',
    usatoMb: 0,
    attivata: null,
    scadenza: null,
  }
}

/**
 * The past of a generated casella (D88), the oldest first: registered, activated, and what has made it what it is since. What
 * runs by itself, the used space, is nobody's change. Pure.
 */
export function generatedStorico(
  casella: Casella,
  { activation }: Pick<Capabilities, 'activation'>,
  operatori: readonly [string, ...string[]],
): GeneratedEntry[] {
  const { id, inserita, attivata, scadenza, updatedAt, updatedBy } = casella
  const author = operatori[Number(id.slice(1)) % operatori.length] ?? operatori[0]
  const first = registered(casella, activation)
  const states: { state: Casella; chi: string | null; quando: string }[] = [
    { state: first, chi: author, quando: inserita },
  ]
  if (attivata !== null)
    states.push({
      state: { ...first, ciclo: 'attiva', contratto: true, attivata, scadenza },
      chi: 'Gestore',
      quando: attivata,
    })
  states.push({ state: { ...casella, usatoMb: 0 }, chi: updatedBy ?? 'Gestore', quando: updatedAt })
  return states
    .map(({ state, chi, quando }, index) => ({ chi, quando, campi: changedFields(states[index - 1]?.state, state) }))
    .filter(({ campi }) => campi.length > 0)
    .map((entry, index) => ({ ...entry, operazione: index === 0 ? 'creazione' : 'modifica' }))
}
