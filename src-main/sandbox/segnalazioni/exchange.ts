import type { Allegato, Messaggio, Segnalazione } from '../../provider-contract/segnalazione.ts'
import type { SandboxContext } from '../context.ts'
import type { Author } from '../store/resource-store.ts'

type Desk = Pick<SandboxContext, 'store' | 'mailer'>

export interface Turn {
  autore: string
  parte: Messaggio['parte']
  testo: string
  allegati?: Allegato[]
}

/**
 * Adds a turn to the exchange, in the caller's transaction. An operator's answer hands a segnalazione that waited for it
 * back to the desk; the desk's question makes it wait for the operator.
 */
export function writeMessaggio(desk: Desk, segnalazione: Segnalazione, turn: Turn, at: string): Messaggio {
  const { resources } = desk.store
  const id = resources.nextId('messaggio')
  const messaggio: Messaggio = {
    id,
    version: 1,
    updatedAt: at,
    updatedBy: turn.autore,
    enteId: segnalazione.enteId,
    segnalazioneId: segnalazione.id,
    autore: turn.autore,
    parte: turn.parte,
    testo: turn.testo,
    inviato: at,
    allegati: turn.allegati ?? [],
  }
  resources.insert('messaggio', messaggio, resources.placementOf('segnalazione', segnalazione))
  const author = { user: turn.autore, at }
  if (turn.parte === 'assistenza') moveSegnalazione(desk, segnalazione, { stato: 'attesa_operatore' }, author)
  else if (segnalazione.stato === 'attesa_operatore') {
    moveSegnalazione(desk, segnalazione, { stato: 'presa_in_carico' }, author)
  }
  return messaggio
}

type Move = Partial<Pick<Segnalazione, 'stato' | 'problema' | 'azione' | 'soluzione'>>

/** D107, D109: a change of state, with what was found and done, and the mail to who opened it. In the caller's transaction. */
export function moveSegnalazione(desk: Desk, segnalazione: Segnalazione, move: Move, author: Author): Segnalazione {
  const stato = move.stato ?? segnalazione.stato
  const isTaken = stato !== 'aperta'
  const moved: Segnalazione = {
    ...segnalazione,
    ...move,
    stato,
    version: segnalazione.version + 1,
    updatedAt: author.at,
    updatedBy: author.user,
    presaInCarico: segnalazione.presaInCarico ?? (isTaken ? author.at : null),
    chiusa: stato === 'chiusa' ? author.at : null,
  }
  desk.store.resources.replace('segnalazione', moved)
  if (stato !== segnalazione.stato) tellOpener(desk, moved)
  return moved
}

const words: Record<Segnalazione['stato'], string> = {
  aperta: 'aperta',
  presa_in_carico: 'presa in carico',
  attesa_operatore: 'in attesa di una risposta dell’operatore',
  chiusa: 'chiusa',
}

export function tellOpener({ store, mailer }: Desk, segnalazione: Segnalazione): void {
  const { id, titolo, stato, casellaId, problema, azione, soluzione } = segnalazione
  const to = store.sessions.userByName(segnalazione.apertaDa)?.email
  if (to == null) return
  const told = [
    ['Problema', problema],
    ['Azione', azione],
    ['Soluzione', soluzione],
  ].flatMap(([name, text]) => (text == null ? [] : [`${name ?? ''}: ${text}`]))
  const text = [`La segnalazione ${id} «${titolo}» è ${words[stato]}.`, ...told].join('\n\n')
  const about = casellaId === null ? {} : { casellaId }
  mailer.sendMail({ to, subject: `Segnalazione ${id}: ${words[stato]}`, text, kind: 'segnalazione', ...about })
}
