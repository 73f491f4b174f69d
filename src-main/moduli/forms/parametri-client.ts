import { clientServices } from '../../contract/client-parameters.ts'
import type { FormDefinition } from '../form.ts'
import { casellaRows } from './common-parts.ts'

/** D65, D118: what a mail program is set up with. The holder keeps it. */
export const parametriClient: FormDefinition = {
  kind: 'parametri_client',
  title: 'Parametri per i programmi di posta',
  subtitle: 'Come configurare un programma di posta per una casella di posta elettronica certificata (PEC)',
  fileName: 'parametri-posta',
  returnsAs: null,
  offered: ({ profile }) => clientServices(profile).length > 0,
  blocks: [
    {
      kind: 'fields',
      title: 'Casella',
      rows: [
        ...casellaRows,
        [
          { label: 'Titolare', value: 'cognomeNome', columns: 8 },
          { label: 'Spazio', value: 'quota', columns: 4 },
        ],
      ],
    },
    { kind: 'servers', title: 'Server', when: 'knownServers' },
    {
      kind: 'list',
      title: 'Impostazioni',
      mark: 'letter',
      items: [
        'nome utente: l’indirizzo intero della casella, {indirizzo};',
        'password: quella che il titolare ha impostato; lo sportello e il gestore non la conoscono;',
        'sicurezza: connessione SSL/TLS su tutti i server, con le porte indicate sopra;',
        'autenticazione: richiesta anche per il server di invio (SMTP), con lo stesso nome utente e la stessa password.',
      ],
    },
    {
      kind: 'text',
      title: 'Da sapere',
      paragraphs: [
        'Con POP3 i messaggi vengono scaricati, e secondo le impostazioni del programma cancellati dal server: prima di usarlo conviene attivare la copia sul server. Con IMAP, dove è disponibile, i messaggi restano sul server e si vedono da ogni dispositivo.',
        'La password scade e va cambiata: il gestore avvisa prima. Dopo il cambio va aggiornata anche nel programma di posta. Chi non la ricorda la reimposta dal sito del gestore, oppure chiede allo sportello come ottenerne una nuova.',
        'La ricevuta di accettazione prova l’invio, quella di avvenuta consegna prova che il messaggio è giunto nella casella del destinatario, letto o non letto. Verso indirizzi di posta ordinaria non si riceve la ricevuta di consegna.',
      ],
    },
  ],
}
