import type { CasellaRow, StatoCasella } from '../contract/casella.ts'
import { csvLine } from './csv.ts'
import { italianDate } from './italian-date.ts'

const stati: Record<StatoCasella, string> = {
  attiva: 'Attiva',
  in_attesa_firma: 'In attesa di firma',
  in_attesa_gestore: 'In attesa del gestore',
  documenti_errati: 'Documenti errati',
  disabilitata: 'Disabilitata',
  sospesa: 'Sospesa',
  scaduta: 'Scaduta',
  eliminata: 'Eliminata',
  da_inviare: 'Da inviare',
}

export const caselleHeader = csvLine([
  'Casella',
  'Dominio',
  'Stato',
  'Tipologia',
  'Titolare',
  'Codice fiscale',
  'Ragione sociale',
  'Spazio usato (MB)',
  'Quota (MB)',
  'Soglia di avviso (MB)',
  'Data inserimento',
  'Data scadenza',
  'Modifiche in coda',
])

export function casellaLine(row: CasellaRow): string {
  return csvLine([
    row.indirizzo,
    row.dominio,
    stati[row.stato],
    row.tipologia,
    row.titolare,
    { code: row.codiceFiscale },
    row.ragioneSociale,
    row.usatoMb,
    row.quotaMb,
    row.softLimitMb,
    italianDate(row.inserita),
    italianDate(row.scadenza),
    row.inCoda,
  ])
}
