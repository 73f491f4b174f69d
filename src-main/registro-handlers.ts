import type { CommandHandlers } from './answer-envelope.ts'
import type { RegistroCommands } from './archive/registro-commands.ts'
import type { registroChannels } from './contract/registro-channels.ts'
import type { DocumentoCommands } from './documenti/documento-commands.ts'
import type { Fields } from './outbox/operation.ts'

/** The values that were given, without those left out. */
function given(values: Record<string, Fields[string] | undefined>): Fields {
  const fields: Fields = {}
  for (const [name, value] of Object.entries(values)) if (value !== undefined) fields[name] = value
  return fields
}

/** What each channel of `registroChannels` does. */
export function registroHandlers(
  open: () => { registro: RegistroCommands; documentoCommands: DocumentoCommands },
): Pick<CommandHandlers, keyof typeof registroChannels> {
  const titolari = () => open().registro.titolari
  const note = () => open().registro.note
  const richieste = () => open().registro.richieste
  const impostazioni = () => open().registro.impostazioni
  const segnalazioni = () => open().registro.segnalazioni
  return {
    'titolari.create': (request) => titolari().create(request),
    'titolari.update': (request) => titolari().update(request),
    'titolari.remove': (removal) => titolari().remove(removal),
    'titolari.merge': (request) => titolari().merge(request),
    'indirizzi.create': ({ titolareId, indirizzo }) => titolari().createIndirizzo(titolareId, indirizzo),
    'indirizzi.update': ({ id, changes, seen }) => titolari().updateIndirizzo({ id, changes: given(changes), seen }),
    'indirizzi.remove': (removal) => titolari().removeIndirizzo(removal),
    'attivita.create': ({ titolareId, attivita }) => titolari().createAttivita(titolareId, attivita),
    'attivita.update': ({ id, changes, seen }) => titolari().updateAttivita({ id, changes: given(changes), seen }),
    'attivita.remove': (removal) => titolari().removeAttivita(removal),
    'note.list': (owner) => ({ rows: note().list(owner) }),
    'note.create': ({ owner, testo }) => note().create(owner, testo),
    'note.update': ({ id, changes, seen }) => note().update(id, changes.testo, seen),
    'note.remove': ({ id, seen }) => note().remove(id, seen),
    'caselle.remove': ({ id, seen }) => richieste().removeCasella(id, seen),
    'caselle.richiesta': ({ casellaId, richiesta }) => richieste().ask(casellaId, richiesta),
    'caselle.azione': ({ casellaId, azione }) => richieste().act(casellaId, azione),
    'richieste.list': ({ casellaId }) => ({ rows: richieste().list(casellaId) }),
    'richieste.tutte': ({ quali }) => ({ rows: richieste().all(quali) }),
    'storico.list': (request) => open().registro.storico.list(request),
    'impostazioni.get': ({ casellaId }) => impostazioni().get(casellaId),
    'impostazioni.update': ({ casellaId, changes, seen }) => impostazioni().update(casellaId, changes, seen),
    'documenti.remove': ({ id }) => open().documentoCommands.remove(id),
    'segnalazioni.ofCasella': ({ casellaId }) => ({ rows: segnalazioni().ofCasella(casellaId) }),
    'segnalazioni.list': (request) => segnalazioni().list(request),
    'segnalazioni.operatori': () => ({ operatori: segnalazioni().operatori() }),
    'segnalazioni.nonLette': () => segnalazioni().unread(),
    'segnalazioni.letta': ({ id }) => {
      segnalazioni().markRead(id)
      return {}
    },
    'segnalazioni.allega': async (part) => ({ allegato: await segnalazioni().allegati.take(part) }),
    'segnalazioni.allegati': ({ ids }) => ({ rows: segnalazioni().allegati.waiting(ids) }),
    'segnalazioni.scarica': ({ messaggioId, allegatoId }) => segnalazioni().allegati.download(messaggioId, allegatoId),
    'faq.list': () => open().registro.faq.list(),
    'segnalazioni.get': ({ id }) => segnalazioni().get(id),
    'segnalazioni.create': (input) => segnalazioni().create(input),
    'segnalazioni.update': ({ id, changes, seen }) => segnalazioni().update(id, given(changes), seen),
    'messaggi.create': (input) => segnalazioni().write(input),
  }
}
