import type { OperationState, OperationType, OperationView } from '../contract/operation.ts'
import { CSV_START, csvLine } from './csv.ts'
import { italianMoment } from './italian-date.ts'

/** What the unsent operations are told as, to a person who has only this file. */
export type UnsentRow = Pick<
  OperationView,
  'type' | 'state' | 'subject' | 'operator' | 'createdAt' | 'sentAt' | 'changes'
>

const types: Record<OperationType, string> = {
  'casella.update': 'Modifica di casella',
  'casella.create': 'Nuova casella',
  'casella.delete': 'Eliminazione di casella',
  'casella.richiesta': 'Richiesta al gestore',
  'casella.azione': 'Azione sulla casella',
  'impostazioni.update': 'Impostazioni di casella',
  'titolare.create': 'Nuovo titolare',
  'titolare.update': 'Modifica di titolare',
  'titolare.delete': 'Eliminazione di titolare',
  'titolare.fusione': 'Unione di titolari',
  'indirizzo.create': 'Nuovo indirizzo',
  'indirizzo.update': 'Modifica di indirizzo',
  'indirizzo.delete': 'Eliminazione di indirizzo',
  'attivita.create': 'Nuova attività',
  'attivita.update': 'Modifica di attività',
  'attivita.delete': 'Eliminazione di attività',
  'nota.create': 'Nuova nota',
  'nota.update': 'Modifica di nota',
  'nota.delete': 'Eliminazione di nota',
  'segnalazione.create': 'Nuova segnalazione',
  'segnalazione.update': 'Modifica di segnalazione',
  'messaggio.create': 'Messaggio di segnalazione',
  'documento.attach': 'Invio di documento',
  'documento.delete': 'Rimozione di documento',
}
const states: Record<OperationState, string> = {
  pending: 'In coda',
  in_flight: 'In invio',
  acknowledged: 'Ricevuta dal gestore',
  settled: 'Conclusa',
  uncertain: 'Esito incerto',
  conflict: 'Da decidere',
  rejected: 'Rifiutata',
  needs_review: 'Da rivedere',
  cancelled: 'Annullata',
}

const fields: Readonly<Record<string, string>> = {
  comunicazioniEmail: 'E-mail per le comunicazioni',
  quotaMb: 'Spazio assegnato (MB)',
  softLimitMb: 'Soglia di avviso (MB)',
  disabilitata: 'Disabilitata',
  denominazione: 'Denominazione',
  tipologia: 'Tipologia',
  nome: 'Nome',
  cognome: 'Cognome',
  codiceFiscale: 'Codice fiscale',
  ragioneSociale: 'Ragione sociale',
  partitaIva: 'Partita IVA',
  email: 'E-mail',
  cellulare: 'Cellulare',
  telefono: 'Telefono',
  nomeFile: 'File',
  tipo: 'Tipo di documento',
  formato: 'Formato',
  via: 'Via',
  localita: 'Località',
  provincia: 'Provincia',
  cap: 'CAP',
  fax: 'Fax',
  formaGiuridica: 'Forma giuridica',
  rea: 'REA',
  codiceDestinatario: 'Codice destinatario',
  pecDestinatario: 'PEC per le fatture',
  referenteAmministrativo: 'Referente amministrativo',
  testo: 'Testo',
  titolo: 'Titolo',
  descrizione: 'Descrizione',
  stato: 'Stato',
  azione: 'Azione',
  conservazione: 'Conservazione',
  'nonCertificata.modo': 'Posta non certificata',
  'nonCertificata.inoltroA': 'Inoltro a',
  'nonCertificata.cartella': 'Cartella',
  'notifica.indirizzi': 'Notifica a',
  'notifica.mittenti': 'Notifica per i mittenti',
}

const header = ['Che cosa', 'Casella o titolare', 'Campo', 'Da', 'A', 'Operatore', 'Stato', 'Inserita il', 'Inviata il']

function cell(value: string | number | boolean | null): string | number | null | { code: string } {
  if (typeof value === 'boolean') return value ? 'Sì' : 'No'
  return typeof value === 'string' ? { code: value } : value
}

/** One line for each field, for the Italian Excel. */
export function unsentCsv(rows: readonly UnsentRow[]): string {
  const lines = rows.flatMap((row) => {
    const changes = row.changes.length === 0 ? [{ field: '', seen: null, mine: null }] : row.changes
    return changes.map(({ field, seen, mine }) =>
      csvLine([
        types[row.type],
        row.subject,
        fields[field] ?? field,
        cell(seen),
        cell(mine),
        row.operator,
        states[row.state],
        italianMoment(row.createdAt),
        row.sentAt === null ? '' : italianMoment(row.sentAt),
      ]),
    )
  })
  return CSV_START + csvLine(header) + lines.join('')
}
