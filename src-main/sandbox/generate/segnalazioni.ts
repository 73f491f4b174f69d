import type { Casella } from '../../provider-contract/casella.ts'
import type { Messaggio, Segnalazione } from '../../provider-contract/segnalazione.ts'
import { takenBy } from '../../provider-contract/desk-hours.ts'
import type { Random } from './random.ts'

interface Topic extends Pick<Segnalazione, 'tipo' | 'titolo' | 'descrizione'> {
  risposta: string
  problema: string
  azione: string
  soluzione: string
}

const topics: readonly [Topic, ...Topic[]] = [
  {
    tipo: 'attivazione',
    titolo: 'Casella ancora in attesa',
    descrizione: 'Il contratto firmato è stato caricato, la casella non risulta ancora attiva.',
    risposta: 'I documenti sono in verifica.',
    problema: 'Documento caricato con un tipo diverso da quello richiesto.',
    azione: 'Riclassificato il documento e ripresa la verifica.',
    soluzione: 'La verifica è ripresa: l’esito compare accanto al documento.',
  },
  {
    tipo: 'credenziali',
    titolo: 'Link di reimpostazione non ricevuto',
    descrizione: 'Il titolare segnala di non aver ricevuto il link all’e-mail di comunicazione.',
    risposta: 'Verificare l’indirizzo di comunicazione registrato e la cartella della posta indesiderata.',
    problema: 'Indirizzo di comunicazione non più in uso.',
    azione: 'Indicata la procedura per la modifica dell’indirizzo.',
    soluzione: 'Dopo la modifica dell’indirizzo si chiede un nuovo link.',
  },
  {
    tipo: 'posta',
    titolo: 'Ricevuta di consegna mancante',
    descrizione: 'Per un messaggio inviato risulta soltanto la ricevuta di accettazione.',
    risposta: 'Indicare giorno e ora dell’invio e il dominio del destinatario.',
    problema: 'Il destinatario è un indirizzo di posta ordinaria.',
    azione: 'Verificati i registri di trasporto.',
    soluzione: 'Verso la posta ordinaria la ricevuta di consegna non è prevista.',
  },
  {
    tipo: 'documenti',
    titolo: 'Documento respinto',
    descrizione: 'La richiesta di subentro è stata respinta e il motivo non è chiaro.',
    risposta: 'La firma del documento non copre tutte le pagine.',
    problema: 'Firma apposta prima dell’ultima modifica del file.',
    azione: 'Spiegato come firmare il documento completo.',
    soluzione: 'Il documento firmato di nuovo è stato accettato.',
  },
  {
    tipo: 'dati',
    titolo: 'Correzione della ragione sociale',
    descrizione: 'La denominazione registrata non corrisponde alla visura.',
    risposta: 'Allegare la visura aggiornata.',
    problema: 'Dato registrato con un errore di battitura.',
    azione: 'Corretta l’anagrafica.',
    soluzione: 'La denominazione corretta è visibile nel pannello.',
  },
  {
    tipo: 'fatturazione',
    titolo: 'Numero di caselle nel riepilogo semestrale',
    descrizione: 'Il riepilogo comprende caselle cessate nel semestre precedente.',
    risposta: 'Il confronto con le date di cessazione è in corso.',
    problema: 'Cessazioni registrate dopo la chiusura del semestre.',
    azione: 'Ricalcolato il riepilogo.',
    soluzione: 'La differenza è riportata nel semestre in corso.',
  },
  {
    tipo: 'altro',
    titolo: 'Richiesta di informazioni sul servizio',
    descrizione: 'Si chiede se è possibile aumentare lo spazio di una casella.',
    risposta: 'Lo spazio si aumenta dal pannello, nei limiti del piano.',
    problema: 'Richiesta di informazioni.',
    azione: 'Indicata la voce del pannello.',
    soluzione: 'Informazione fornita.',
  },
]

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const DESK = 'Assistenza'

type Fields<T> = Omit<T, 'id' | 'enteId' | 'version'>
export interface MadeSegnalazione {
  segnalazione: Fields<Segnalazione>
  messaggi: Omit<Fields<Messaggio>, 'segnalazioneId'>[]
}

/** One exchange with the help desk, opened in the last year and always after the casella that it is about (D106 to D110). */
export function madeSegnalazione(
  random: Random,
  casella: Pick<Casella, 'id' | 'inserita'>,
  operatori: readonly [string, ...string[]],
  now: Date,
): MadeSegnalazione {
  const topic = random.pick(topics)
  const { tipo, titolo, descrizione } = topic
  const present = now.getTime()
  const oldest = Math.max(present - 365 * DAY_MS, Date.parse(casella.inserita) + HOUR_MS)
  const span = Math.max(0, present - oldest)
  // More of them are recent.
  const opened = present - Math.floor((span * random.int(0, 1000) * random.int(0, 1000)) / 1_000_000)
  const promised = takenBy(new Date(opened)).getTime()
  const taken = opened + random.int(10, 70) * 60_000 * (random.chance(0.1) ? 40 : 1)
  const closed = taken + random.int(1, 9 * 24) * HOUR_MS
  const isTaken = taken <= present
  const isClosed = isTaken && closed <= present && random.chance(0.95)
  const asks = isTaken && !isClosed && random.chance(0.4)
  const instant = (time: number) => new Date(time).toISOString()
  const apertaDa = random.pick(operatori)
  const messaggi: MadeSegnalazione['messaggi'] = []
  const say = (time: number, parte: Messaggio['parte'], testo: string) => {
    const autore = parte === 'operatore' ? apertaDa : DESK
    const inviato = instant(time)
    messaggi.push({ updatedAt: inviato, updatedBy: autore, autore, parte, testo, inviato, allegati: [] })
  }
  if (isTaken) say(taken, 'assistenza', topic.risposta)
  if (isClosed && random.chance(0.6)) say(taken + Math.floor((closed - taken) / 2), 'operatore', 'Fatto. Grazie.')
  if (isClosed) say(closed, 'assistenza', topic.soluzione)
  const last = messaggi.at(-1)
  return {
    segnalazione: {
      updatedAt: last?.inviato ?? instant(opened),
      updatedBy: last?.autore ?? apertaDa,
      tipo,
      titolo,
      descrizione,
      stato: isClosed ? 'chiusa' : asks ? 'attesa_operatore' : isTaken ? 'presa_in_carico' : 'aperta',
      casellaId: casella.id,
      apertaDa,
      destinatario: random.chance(0.15) ? DESK : null,
      aperta: instant(opened),
      presaEntro: instant(promised),
      presaInCarico: isTaken ? instant(taken) : null,
      chiusa: isClosed ? instant(closed) : null,
      problema: isClosed ? topic.problema : null,
      azione: isClosed ? topic.azione : null,
      soluzione: isClosed ? topic.soluzione : null,
    },
    messaggi,
  }
}
