import { AttivitaInput, IndirizzoInput, TitolareUpdateRequest } from '../../src-main/contract/registro.ts'
import { call } from '../bridge/bridge.ts'
import type { PaneActions } from '../components/record-pane.ts'

/** What the panes of a holder queue. The texts of a pane have the names of the contract's fields, whose schemas read them. */
export function datiActions(id: string, canRemove: boolean): PaneActions {
  return {
    save: (_row, { changes, seen, overrideReason }) =>
      call('titolari.update', {
        id,
        changes: TitolareUpdateRequest.shape.changes.parse(changes),
        seen,
        overrideReason,
      }),
    // D68: deleted caselle keep their holder.
    ...(canRemove ? { remove: ({ values }) => call('titolari.remove', { id, seen: values }) } : {}),
  }
}

export function indirizziActions(titolareId: string): PaneActions {
  return {
    save: (id, { changes, seen }) =>
      call('indirizzi.update', { id, changes: IndirizzoInput.partial().parse(changes), seen }),
    add: (values) => call('indirizzi.create', { titolareId, indirizzo: IndirizzoInput.parse(values) }),
    remove: ({ id, values }) => call('indirizzi.remove', { id, seen: values }),
  }
}

export function attivitaActions(titolareId: string): PaneActions {
  return {
    save: (id, { changes, seen }) =>
      call('attivita.update', { id, changes: AttivitaInput.partial().parse(changes), seen }),
    add: (values) => call('attivita.create', { titolareId, attivita: AttivitaInput.parse(values) }),
    remove: ({ id, values }) => call('attivita.remove', { id, seen: values }),
  }
}
