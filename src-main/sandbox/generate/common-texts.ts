import type { Faq } from '../../provider-contract/segnalazione.ts'
import type { News } from '../../provider-contract/news.ts'
import { EVERYONE } from '../store/resource-store.ts'
import type { Store } from '../store/store.ts'

type FaqText = Pick<Faq, 'categoria' | 'domanda' | 'risposta'>

const faq: readonly FaqText[] = [
  {
    categoria: 'attivazione',
    domanda: 'Quando diventa attiva una casella appena inserita?',
    risposta:
      'Resta in attesa finché il titolare non ha firmato o il Gestore non ha accettato i documenti, secondo il servizio. Le date compaiono con l’attivazione.',
  },
  {
    categoria: 'attivazione',
    domanda: 'Il nome di una casella eliminata si può riusare?',
    risposta: 'Dipende dal servizio: mai, o soltanto per lo stesso titolare. La verifica del nome lo dice prima.',
  },
  {
    categoria: 'credenziali',
    domanda: 'Il titolare ha perso la password: che cosa può fare lo sportello?',
    risposta:
      'Lo sportello chiede l’invio del link o dei dati di attivazione all’e-mail di comunicazione. Nessun operatore vede o sceglie una password.',
  },
  {
    categoria: 'credenziali',
    domanda: 'Per quanto tempo vale il link di reimpostazione?',
    risposta: 'Ventiquattro ore, e per una sola volta.',
  },
  {
    categoria: 'credenziali',
    domanda: 'Che cosa succede quando la password scade?',
    risposta: 'La casella continua a ricevere; il titolare entra di nuovo dopo averla cambiata.',
  },
  {
    categoria: 'documenti',
    domanda: 'Quali formati sono ammessi per i documenti firmati?',
    risposta: 'PDF con firma PAdES e file p7m con firma CAdES, dove il servizio li ammette.',
  },
  {
    categoria: 'documenti',
    domanda: 'I documenti sono stati respinti: come si procede?',
    risposta: 'Il motivo è indicato accanto al documento. Si carica il documento corretto con lo stesso tipo.',
  },
  {
    categoria: 'posta',
    domanda: 'Perché a un indirizzo di posta ordinaria non arriva la ricevuta di consegna?',
    risposta: 'Verso la posta ordinaria esiste soltanto la ricevuta di accettazione.',
  },
  {
    categoria: 'posta',
    domanda: 'Per quanto tempo sono conservati i log?',
    risposta: 'Almeno trenta mesi; il titolare può chiederne un estratto.',
  },
  {
    categoria: 'dati',
    domanda: 'Chi può modificare un dominio?',
    risposta: 'Soltanto il Gestore: si apre una segnalazione.',
  },
  {
    categoria: 'fatturazione',
    domanda: 'Quando sono fatturati i canoni?',
    risposta: 'Ogni semestre, in via posticipata.',
  },
]

type NewsText = Pick<News, 'titolo' | 'testo' | 'importanza'> & { daysAgo: number; lastsDays: number | null }

const news: readonly NewsText[] = [
  {
    titolo: 'Manutenzione programmata della webmail',
    testo: 'Domenica dalle 6 alle 8 la webmail non è raggiungibile. La ricezione dei messaggi continua.',
    importanza: 'manutenzione',
    daysAgo: 3,
    lastsDays: 10,
  },
  {
    titolo: 'Orari dell’assistenza',
    testo: 'Lo sportello di assistenza risponde dal lunedì al venerdì, dalle 9 alle 13 e dalle 15 alle 19.',
    importanza: 'informazione',
    daysAgo: 40,
    lastsDays: null,
  },
  {
    titolo: 'Messaggi che imitano il Gestore',
    testo: 'Sono stati segnalati messaggi che chiedono la password della casella. Il Gestore non la chiede mai.',
    importanza: 'avviso',
    daysAgo: 12,
    lastsDays: 60,
  },
]

const DAY_MS = 86_400_000
const dayOf = (time: number) => new Date(time).toISOString().slice(0, 10)

/** FAQ and news, the same for every ente. */
export function addCommonTexts({ resources }: Store, now: Date): void {
  const nowhere = { enteId: EVERYONE, titolareId: null, casellaId: null, assistenteId: null }
  const tracked = { version: 1, updatedAt: now.toISOString(), updatedBy: null, enteId: EVERYONE }
  for (const each of faq) resources.insert('faq', { id: resources.nextId('faq'), ...tracked, ...each }, nowhere)
  for (const { daysAgo, lastsDays, ...text } of news) {
    const published = now.getTime() - daysAgo * DAY_MS
    const finoAl = lastsDays === null ? null : dayOf(published + lastsDays * DAY_MS)
    const row = { id: resources.nextId('news'), ...tracked, ...text, pubblicata: dayOf(published), finoAl }
    resources.insert('news', row, nowhere)
  }
}
