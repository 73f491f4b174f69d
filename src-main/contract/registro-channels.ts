import { z } from 'zod'
import { ExportedFile } from './archive.ts'
import {
  AllegatoDeposito,
  AllegatoPart,
  AttivitaInput,
  FaqRow,
  ImpostazioniDetail,
  IndirizzoInput,
  MessaggioInput,
  NotaOwner,
  NotaRow,
  RichiestaRequest,
  MOST_RICHIESTE,
  RichiestaDiCasella,
  RichiestaRow,
  Seen,
  SegnalazioneDetail,
  SegnalazioneDiCasella,
  SegnalazioneInput,
  SegnalazioneRow,
  SegnalazioniRequest,
  TitolareCreateRequest,
  TitolareFusioneRequest,
  TitolareUpdateRequest,
} from './registro.ts'
import { StoricoAnswer, StoricoRequest } from './storico.ts'

const byId = z.object({ id: z.string() })
const ofCasella = z.object({ casellaId: z.string() })
const queued = z.object({ operationId: z.string() })
const channel = <Req extends z.ZodType, Res extends z.ZodType>(request: Req, response: Res) => ({ request, response })
/** A deletion, with what the row showed. */
const removal = channel(z.object({ id: z.string(), seen: Seen }), queued)
const edit = <Changes extends z.ZodType>(changes: Changes) =>
  channel(z.object({ id: z.string(), changes, seen: Seen }), queued)

/** Changes of the registry beyond the casella's own fields; each answers the operation that waits in the outbox. */
export const registroChannels = {
  /** A holder without a casella (D26 knows only those that come with one); `id` is its local id. */
  'titolari.create': channel(TitolareCreateRequest, z.object({ id: z.string(), operationId: z.string() })),
  'titolari.update': channel(TitolareUpdateRequest, queued),
  /** Only of a holder without caselle: deleted ones keep theirs (D68). */
  'titolari.remove': removal,
  /** Refuses with `fusione_pending` where one of them waits for another merge. */
  'titolari.merge': channel(TitolareFusioneRequest, queued),
  'indirizzi.create': channel(z.object({ titolareId: z.string(), indirizzo: IndirizzoInput }), queued),
  'indirizzi.update': edit(IndirizzoInput.partial()),
  'indirizzi.remove': removal,
  'attivita.create': channel(z.object({ titolareId: z.string(), attivita: AttivitaInput }), queued),
  'attivita.update': edit(AttivitaInput.partial()),
  'attivita.remove': removal,
  'note.list': channel(NotaOwner, z.object({ rows: z.array(NotaRow) })),
  'note.create': channel(z.object({ owner: NotaOwner, testo: z.string().max(4000) }), queued),
  'note.update': edit(z.object({ testo: z.string().max(4000) })),
  'note.remove': removal,
  /** D68: irreversible; the name is burned. */
  'caselle.remove': removal,
  /** D71, D72. */
  'caselle.richiesta': channel(RichiestaRequest, queued),
  /** D59, D75, D81. */
  'caselle.azione': channel(
    z.object({ casellaId: z.string(), azione: z.enum(['reset_link', 'contract_resend', 'activation_data']) }),
    queued,
  ),
  'richieste.list': channel(ofCasella, z.object({ rows: z.array(RichiestaRow) })),
  /** Of all caselle: those that the provider does not have, then the newest. */
  'richieste.tutte': channel(
    z.object({ quali: z.enum(['aperte', 'tutte']) }),
    z.object({ rows: z.array(RichiestaDiCasella).max(MOST_RICHIESTE) }),
  ),
  /** D88, D89. Asks the provider where it can be reached, else answers what was read last. */
  'storico.list': channel(StoricoRequest, StoricoAnswer),
  /** Asks the provider where it can be reached, else answers what was read last. */
  'impostazioni.get': channel(ofCasella, ImpostazioniDetail),
  'impostazioni.update': channel(z.object({ casellaId: z.string(), changes: Seen, seen: Seen }), queued),
  /** Only of one that the provider has not examined. */
  'documenti.remove': channel(byId, queued),
  'segnalazioni.list': channel(
    SegnalazioniRequest,
    z.object({ total: z.number().int(), offset: z.number().int(), rows: z.array(SegnalazioneRow) }),
  ),
  /** Those of one casella, the newest first, with what was written last. */
  'segnalazioni.ofCasella': channel(ofCasella, z.object({ rows: z.array(SegnalazioneDiCasella) })),
  /** Who has opened some, for the filter. */
  'segnalazioni.operatori': channel(z.object({}), z.object({ operatori: z.array(z.string()) })),
  /** How many moved since the signed-in operator looked, and of those that this operator opened the last ones. */
  'segnalazioni.nonLette': channel(
    z.object({}),
    z.object({ quante: z.number().int(), mie: z.array(SegnalazioneRow).max(5) }),
  ),
  'segnalazioni.letta': channel(byId, z.object({})),
  /** Takes a file part by part into the deposit; answers it with the last one. Refuses with `file_too_large`, `file_is_program`. */
  'segnalazioni.allega': channel(AllegatoPart, z.object({ allegato: AllegatoDeposito.nullable() })),
  /** Of these those that still wait to be attached, for a draft that is taken up again. */
  'segnalazioni.allegati': channel(
    z.object({ ids: z.array(z.string()).max(5) }),
    z.object({ rows: z.array(AllegatoDeposito) }),
  ),
  /** Asks the provider for an attached file. */
  'segnalazioni.scarica': channel(z.object({ messaggioId: z.string(), allegatoId: z.string() }), ExportedFile),
  /** D109: what the provider's help desk answers most often; read again where it can be reached. */
  'faq.list': channel(z.object({}), z.object({ rows: z.array(FaqRow), lette: z.string().nullable() })),
  'segnalazioni.get': channel(byId, SegnalazioneDetail),
  'segnalazioni.create': channel(SegnalazioneInput, z.object({ id: z.string(), operationId: z.string() })),
  'segnalazioni.update': edit(z.object({ titolo: z.string().max(200), stato: z.enum(['aperta', 'chiusa']) }).partial()),
  /** One message, and after it one for each attached file: the operation answered is the last one's. */
  'messaggi.create': channel(MessaggioInput, queued),
} as const
