import type { ActivityEntry } from '../contract/activity.ts'
import type { CasellaRow } from '../contract/casella.ts'
import type { DocumentoElenco } from '../contract/documenti-channels.ts'
import type { ExportColumn, ExportKind, ExportList } from '../contract/esportazione.ts'
import type { OperationView } from '../contract/operation.ts'
import type { ScadenzaRow } from '../contract/scadenza.ts'
import type { AssistenteRow, DominioRow, TitolareRow } from '../contract/titolare.ts'
import type { ExportCell } from './export-table.ts'
import {
  documentoStatoWords,
  documentoTipoWords,
  fattoWords,
  operazioneWords,
  cheScadeWords,
  richiestaWords,
  statoWords,
  tipoOperazioneWords,
} from './words.ts'

/** A column of a list and what it says of a row. Keys are those of the screens' columns where there are such. */
export interface ListColumn<Row> extends ExportColumn {
  of(row: Row): ExportCell
}

function column<Row>(key: string, title: string, kind: ExportKind, of: (row: Row) => ExportCell): ListColumn<Row> {
  return { key, title, kind, personal: false, of }
}
/** A codice fiscale, an e-mail address or a telephone number of a person. */
function personal<Row>(key: string, title: string, kind: ExportKind, of: (row: Row) => ExportCell): ListColumn<Row> {
  return { key, title, kind, personal: true, of }
}
const beforeAt = (address: string): string => address.slice(0, Math.max(0, address.indexOf('@')))

export const caselleColumns: readonly ListColumn<CasellaRow>[] = [
  column('indirizzo', 'Casella', 'text', (row) => row.indirizzo),
  column('dominio', 'Dominio', 'text', (row) => row.dominio),
  column('stato', 'Stato', 'text', (row) => statoWords[row.stato]),
  column('tipologia', 'Tipologia', 'text', (row) => row.tipologia),
  column('titolare', 'Titolare', 'text', (row) => row.titolare),
  personal('codiceFiscale', 'Codice fiscale', 'code', (row) => row.codiceFiscale),
  column('ragioneSociale', 'Ragione sociale', 'text', (row) => row.ragioneSociale),
  column('usatoMb', 'Spazio usato (MB)', 'integer', (row) => row.usatoMb),
  column('quotaMb', 'Quota (MB)', 'integer', (row) => row.quotaMb),
  column('softLimitMb', 'Soglia di avviso (MB)', 'integer', (row) => row.softLimitMb),
  column('inserita', 'Data inserimento', 'date', (row) => row.inserita),
  column('scadenza', 'Data scadenza', 'date', (row) => row.scadenza),
  column('inCoda', 'Modifiche in coda', 'integer', (row) => row.inCoda),
  column('denominazione', 'Denominazione', 'text', (row) => beforeAt(row.indirizzo)),
  personal('comunicazioniEmail', 'E-mail comunicazioni', 'text', (row) => row.comunicazioniEmail),
  column('attiva', 'Attiva', 'boolean', (row) => row.stato === 'attiva'),
  column('eliminata', 'Eliminata', 'boolean', (row) => row.stato === 'eliminata'),
  column('sospesa', 'Sospesa', 'boolean', (row) => row.sospesa),
  column('contratto', 'Contratto', 'boolean', (row) => row.contratto),
  column('richiesta', 'Richiesta', 'text', (row) => richiestaWords[row.richiesta]),
  column('assistente', 'Assistente', 'code', (row) => row.assistente),
  column('id', 'Id', 'code', (row) => row.id),
]

const titolariColumns: readonly ListColumn<TitolareRow>[] = [
  column('cognome', 'Cognome', 'text', (row) => row.cognome),
  column('nome', 'Nome', 'text', (row) => row.nome),
  personal('codiceFiscale', 'Codice fiscale', 'code', (row) => row.codiceFiscale),
  column('ragioneSociale', 'Ragione sociale', 'text', (row) => row.ragioneSociale),
  personal('email', 'E-mail', 'text', (row) => row.email),
  column('caselle', 'Caselle', 'integer', (row) => row.caselle),
  column('inCoda', 'Modifiche in coda', 'integer', (row) => row.inCoda),
  column('id', 'Identificativo', 'code', (row) => row.id),
]

const countColumns: readonly ListColumn<Pick<DominioRow, 'caselle' | 'attivate' | 'inAttesa' | 'eliminate'>>[] = [
  column('caselle', 'Inserite', 'integer', (row) => row.caselle),
  column('attivate', 'Attivate', 'integer', (row) => row.attivate),
  column('inAttesa', 'In attesa', 'integer', (row) => row.inAttesa),
  column('eliminate', 'Eliminate', 'integer', (row) => row.eliminate),
]

const dominiColumns: readonly ListColumn<DominioRow>[] = [
  column('nome', 'Dominio', 'text', (row) => row.nome),
  column('dedicato', 'Dedicato', 'boolean', (row) => row.dedicato),
  column('attivo', 'Attivo', 'boolean', (row) => row.attivo),
  ...countColumns,
]

const assistentiColumns: readonly ListColumn<AssistenteRow>[] = [
  column('codice', 'Codice', 'code', (row) => row.codice),
  column('nome', 'Nome', 'text', (row) => row.nome),
  column('attivo', 'Attivo', 'boolean', (row) => row.attivo),
  ...countColumns,
]

const scadenzeColumns: readonly ListColumn<ScadenzaRow>[] = [
  column('quando', 'Scadenza o attesa dal', 'date', (row) => row.quando),
  column('che', 'Che cosa', 'text', (row) => (row.che === null ? null : (cheScadeWords[row.che] ?? row.che))),
  column('indirizzo', 'Casella', 'text', (row) => row.indirizzo),
  column('titolare', 'Titolare', 'text', (row) => row.titolare),
  column('stato', 'Stato', 'text', (row) => statoWords[row.stato]),
]

const novitaColumns: readonly ListColumn<ActivityEntry>[] = [
  column('at', 'Quando', 'moment', (row) => row.at),
  column('kind', 'Che cosa', 'text', (row) => fattoWords(row.kind)),
  column('subject', 'Su che cosa', 'text', (row) => row.subject),
  column('casella', 'Casella', 'text', (row) => row.casella?.indirizzo ?? null),
  column('who', 'Chi', 'text', (row) => row.who),
  column('steps', 'Modifiche', 'integer', (row) => row.steps),
]

const codaColumns: readonly ListColumn<OperationView>[] = [
  column('stato', 'Stato', 'text', (row) => operazioneWords[row.state]),
  column('tipo', 'Che cosa', 'text', (row) => tipoOperazioneWords(row.type)),
  column('subject', 'Su che cosa', 'text', (row) => row.subject),
  column('creata', 'Creata', 'moment', (row) => row.createdAt),
  column('invio', 'Inviata', 'moment', (row) => row.sentAt),
  column('conclusa', 'Conclusa', 'moment', (row) => row.settledAt),
  column('tentativi', 'Tentativi', 'integer', (row) => row.attempts),
  column('operatore', 'Operatore', 'text', (row) => row.operator),
  column('id', 'Id', 'code', (row) => row.id),
]

const documentiColumns: readonly ListColumn<DocumentoElenco>[] = [
  column('caricato', 'Caricato', 'moment', (row) => row.caricato),
  column('casella', 'Casella', 'text', (row) => row.indirizzo),
  column('titolare', 'Titolare', 'text', (row) => row.titolare),
  column('file', 'File', 'text', (row) => row.nomeFile),
  column('tipo', 'Tipo', 'text', (row) => documentoTipoWords[row.tipo] ?? row.tipo),
  column('stato', 'Stato', 'text', (row) => documentoStatoWords[row.stato]),
  column('motivo', 'Motivo del rifiuto', 'text', (row) => row.motivo),
  column('bytes', 'Dimensione (byte)', 'bytes', (row) => row.bytes),
  column('sha256', 'SHA-256', 'code', (row) => row.sha256),
]

/** The lists of rows, each with one row's type; reports are tables of their own. */
export type ExportedList = Exclude<ExportList, 'report'>

/** Which row each list is of. */
export interface ListRows {
  caselle: CasellaRow
  titolari: TitolareRow
  domini: DominioRow
  assistenti: AssistenteRow
  scadenze: ScadenzaRow
  novita: ActivityEntry
  coda: OperationView
  documenti: DocumentoElenco
}

/** All columns of each list; the first ones are those of the files that earlier versions wrote. */
export const listColumns: { [L in ExportedList]: readonly ListColumn<ListRows[L]>[] } = {
  caselle: caselleColumns,
  titolari: titolariColumns,
  domini: dominiColumns,
  assistenti: assistentiColumns,
  scadenze: scadenzeColumns,
  novita: novitaColumns,
  coda: codaColumns,
  documenti: documentiColumns,
}

export const listTitles: Record<ExportedList, string> = {
  caselle: 'Caselle PEC',
  titolari: 'Titolari',
  domini: 'Domini',
  assistenti: 'Assistenti',
  scadenze: 'Scadenze',
  novita: 'Novità',
  coda: 'Coda delle modifiche',
  documenti: 'Documenti presso il gestore',
}
