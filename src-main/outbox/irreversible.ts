import type { OperationArgs } from './operation.ts'

/**
 * Whether a later operation cannot bring back what was before, so that an operator gets longer to think (domain.md D66-D68).
 * A changed value is written again and a disabled casella enabled again. A new casella uses its name up for ever (D68) and
 * mails its holder; a new titolare stands in the provider's registry and in its storico; a document that has been received
 * starts the provider's own work; what is deleted does not come back,
 * and what was merged is not told apart again; a richiesta or an action sends mail to somebody, and
 * a segnalazione is read by the help desk.
 */
export function isIrreversible({ type }: Pick<OperationArgs, 'type'>): boolean {
  switch (type) {
    case 'casella.update':
    case 'impostazioni.update':
    case 'titolare.update':
    case 'indirizzo.create':
    case 'indirizzo.update':
    case 'attivita.create':
    case 'attivita.update':
    case 'nota.create':
    case 'nota.update':
    case 'segnalazione.update':
      return false
    case 'casella.create':
    case 'casella.delete':
    case 'casella.richiesta':
    case 'casella.azione':
    case 'titolare.create':
    case 'titolare.delete':
    case 'titolare.fusione':
    case 'indirizzo.delete':
    case 'attivita.delete':
    case 'nota.delete':
    case 'segnalazione.create':
    case 'messaggio.create':
    case 'documento.attach':
    case 'documento.delete':
      return true
  }
}
