import { editableFields } from '../caselle/casella-fields.ts'
import type { CasellaStore } from '../caselle/casella-store.ts'
import { resolvedChanges } from '../caselle/resolved-changes.ts'
import { CommandError } from '../command-error.ts'
import { checkedImpostazioni, fieldsOfImpostazioni } from '../impostazioni/impostazioni-fields.ts'
import type { ImpostazioniStore } from '../impostazioni/impostazioni-store.ts'
import type { Fields, Operation } from '../outbox/operation.ts'
import type { Capabilities } from '../provider-contract/capabilities.ts'
import { checkedAttivita, checkedIndirizzo, checkedTitolareFields } from '../titolari/titolare-fields.ts'

/** A text that may not be left empty. Throws CommandError `invalid_field`. */
function written(fields: Fields): Fields {
  for (const [field, value] of Object.entries(fields))
    if (typeof value !== 'string' || value.trim() === '')
      throw new CommandError('invalid_field', 'empty', { field, rule: 'empty' })
  return fields
}

/**
 * The values to send of a decided conflict: those kept, which were checked when they were entered, and third ones, which
 * go through the rules of their own form. Throws CommandError `invalid_field`.
 */
export function resolvedFields(known: {
  caselle: CasellaStore
  impostazioni: ImpostazioniStore
  capabilities(): Capabilities
}): (operation: Operation, kept: Fields, edited: Fields) => Fields {
  return (operation, kept, edited) => {
    switch (operation.args.type) {
      case 'casella.update': {
        const server = operation.casellaId === null ? undefined : known.caselle.get(operation.casellaId)?.server
        const current = { ...(server == null ? {} : editableFields(server)), ...operation.conflict?.current }
        return resolvedChanges({ kept, edited, current }, known.capabilities().plan)
      }
      case 'titolare.update':
      case 'titolare.fusione':
        return { ...kept, ...checkedTitolareFields(edited, known.capabilities()) }
      case 'indirizzo.update':
        return { ...kept, ...checkedIndirizzo(edited) }
      case 'attivita.update':
        return { ...kept, ...checkedAttivita(edited) }
      case 'nota.update':
      case 'segnalazione.update':
        return { ...kept, ...written(edited) }
      case 'impostazioni.update': {
        const server = known.impostazioni.get(operation.args.id)
        const wanted = { ...kept, ...edited }
        if (server !== undefined)
          checkedImpostazioni({ ...fieldsOfImpostazioni(server), ...wanted }, wanted, known.capabilities())
        return wanted
      }
      case 'casella.create':
      case 'casella.delete':
      case 'casella.richiesta':
      case 'casella.azione':
      case 'titolare.create':
      case 'titolare.delete':
      case 'indirizzo.create':
      case 'indirizzo.delete':
      case 'attivita.create':
      case 'attivita.delete':
      case 'nota.create':
      case 'nota.delete':
      case 'segnalazione.create':
      case 'messaggio.create':
      case 'documento.attach':
      case 'documento.delete':
        throw new CommandError('operation_not_in_conflict', operation.state)
    }
  }
}
