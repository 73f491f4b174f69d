import type { MessaggioRow, SegnalazioneDetail } from '../../src-main/contract/registro.ts'

/** One step of a segnalazione as it is read: what somebody wrote, or a change of its state. */
export interface Turn {
  key: string
  kind: 'operatore' | 'assistenza' | 'stato'
  who: string | null
  at: string
  /** Of a change of state the key of its words. */
  text: string
  pending: boolean
  files: MessaggioRow['allegati']
}

/** The description, the messages and the changes of state whose moment is known, in the order of time. Pure. */
export function segnalazioneTurns(detail: SegnalazioneDetail): Turn[] {
  const { presaInCarico, chiusa, createdBy } = detail
  const state = (key: string, at: string, who: string | null): Turn => ({
    key: `stato-${key}`,
    kind: 'stato',
    who,
    at,
    text: key,
    pending: false,
    files: [],
  })
  const opening: Turn = {
    key: 'apertura',
    kind: 'operatore',
    who: detail.apertaDa,
    at: detail.aperta,
    text: detail.descrizione,
    pending: createdBy !== null,
    files: [],
  }
  const written = detail.messaggi.map(({ id, parte, autore, inviato, testo, allegati, createdBy: queued }): Turn => ({
    key: id,
    kind: parte,
    who: autore,
    at: inviato,
    text: testo,
    pending: queued !== null,
    files: allegati,
  }))
  const moves = [
    ...(presaInCarico === null ? [] : [state('presa_in_carico', presaInCarico, null)]),
    ...(chiusa === null ? [] : [state('chiusa', chiusa, detail.aggiornata === chiusa ? detail.aggiornataDa : null)]),
  ]
  const sent = [...moves, ...written.filter(({ pending }) => !pending)].sort((a, b) => a.at.localeCompare(b.at))
  // What waits comes last, whatever this machine's clock says.
  return [opening, ...sent, ...written.filter(({ pending }) => pending)]
}
