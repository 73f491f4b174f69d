import type { ExportColumn, ExportKind } from '../../contract/esportazione.ts'
import type { TabellaReport } from '../../contract/report-tabelle.ts'
import { reportWords as w, statisticheWords as s } from '../../export/words.ts'

function column(key: string, title: string, kind: ExportKind, personal = false): ExportColumn {
  return { key, title, kind, personal }
}
const count = (key: string, title: string): ExportColumn => column(key, title, 'integer')
const money = (key: string, title: string): ExportColumn => column(key, title, 'money')

const figure = [
  count('inserite', s.caselle),
  count('attive', s.attivate),
  count('inAttesa', s.inAttesa),
  count('eliminate', s.eliminate),
]
const traffico = [
  count('msgIn', w.posta.msgIn),
  count('msgOut', w.posta.msgOut),
  count('inboxMb', w.posta.inboxMb),
  count('archivioMb', w.posta.archivioMb),
]
/** A figure of the period, and the same of the period before it. */
const moved = (key: string, title: string): ExportColumn[] => [
  count(key, title),
  count(`${key}Prima`, `${title}, ${w.tabella.prima}`),
]
const mese = column('mese', w.periodo.mese, 'code')
const disponibilita = [
  column('servizio', w.sla.servizio, 'text'),
  column('garantita', w.tabella.garantita, 'decimal'),
  column('misurata', w.tabella.misurata, 'decimal'),
  count('fermo', w.tabella.fermo),
  column('esito', w.sla.esito, 'text'),
]
const cifra = [column('cifra', w.posta.figura, 'text'), column('valore', w.tabella.valore, 'decimal')]

/** The columns of each table, with the words of its screen. */
export const tabellaColumns: Record<TabellaReport, readonly ExportColumn[]> = {
  statistiche: [column('sezione', s.sezione, 'text'), count('domini', s.domini), ...figure],
  tipologie: [
    column('tipologia', w.ente.tipologia, 'text'),
    ...figure,
    ...moved('inserita', w.ente.inserita),
    ...moved('attivata', w.ente.attivata),
    ...moved('cessata', w.ente.cessata),
  ],
  assistenti: [column('assistente', w.ente.assistente, 'text'), count('attive', w.posta.attive), ...traffico],
  nelTempo: [mese, count('attive', w.ente.nelTempo)],
  messaggi: [
    column('cifra', w.posta.figura, 'text'),
    count('periodo', w.posta.periodo),
    count('prima', w.posta.prima),
    count('differenza', w.posta.differenza),
  ],
  messaggiMese: [mese, count('msgIn', w.posta.msgIn), count('msgOut', w.posta.msgOut)],
  spazioAssistenti: [
    column('assistente', w.ente.assistente, 'text'),
    count('inboxMb', w.posta.inboxMb),
    count('archivioMb', w.posta.archivioMb),
  ],
  costiVoce: [
    column('voce', w.costi.voce, 'text'),
    count('quantita', w.costi.quantita),
    money('prezzo', w.tabella.prezzo),
    money('importo', w.tabella.importo),
  ],
  costiTipologia: [
    column('tipologia', w.ente.tipologia, 'text'),
    count('caselle', w.costi.caselle),
    money('canone', w.tabella.canone),
    count('gb', w.costi.gb),
    money('spazio', w.tabella.spazio),
    money('importo', w.tabella.importo),
  ],
  costiDominio: [
    column('dominio', w.costi.dominio, 'text'),
    count('caselle', w.costi.caselle),
    money('importo', w.tabella.importo),
  ],
  costiEnti: [
    column('ente', w.enti.ente, 'text'),
    count('caselle', w.costi.caselle),
    count('domini', w.costi.dedicati),
    money('importo', w.tabella.importo),
  ],
  costiSemestri: [
    column('semestre', w.costi.semestre, 'text'),
    count('caselle', w.costi.caselle),
    money('importo', w.tabella.importo),
  ],
  costiPrevisione: [
    column('semestre', w.costi.semestre, 'text'),
    money('rinnovate', `${w.costi.rinnovate} (€)`),
    money('scadono', `${w.costi.scadono} (€)`),
  ],
  costiIpotesi: [
    column('voce', w.costi.voce, 'text'),
    count('quantita', w.costi.quantita),
    money('prezzo', w.tabella.prezzo),
    money('importo', w.tabella.importo),
  ],
  disponibilita: [...disponibilita, column('interruzioni', w.sla.interruzioni, 'text')],
  disponibilitaMesi: [mese, ...disponibilita],
  assistenza: cifra,
  attivazioni: cifra,
  siRiempiono: [
    column('casella', w.dettaglio.casella, 'text'),
    count('usatoMb', w.tabella.usato),
    count('quotaMb', w.tabella.quota),
    count('crescita', w.tabella.crescita),
    column('piena', w.previsioni.piena, 'date'),
    column('presto', w.tabella.presto, 'date'),
    column('tardi', w.tabella.tardi, 'date'),
  ],
  scadenzeMese: [mese, count('caselle', w.previsioni.inScadenza)],
  attivazioniMese: [mese, count('inserite', w.enti.inserite), count('attivate', w.tabella.attivate)],
  verifiche: [
    column('riga', w.tabella.riga, 'text'),
    column('trovata', w.tabella.trovata, 'text'),
    count('detta', w.tabella.detta),
    count('attesa', w.tabella.attesa),
  ],
  enti: [
    column('ente', w.enti.ente, 'text'),
    // A person's name, which is a contact of the ente.
    column('referente', w.enti.referente, 'text', true),
    column('adesione', w.enti.adesione, 'date'),
    column('dominio', w.enti.domini, 'text'),
    count('domini', w.enti.numeroDomini),
    ...figure,
    ...traffico,
  ],
  dettaglio: [
    column('casella', w.dettaglio.casella, 'text'),
    column('inserita', w.dettaglio.inserita, 'date'),
    column('scadenza', w.dettaglio.scadenza, 'date'),
    column('tipologia', w.ente.tipologia, 'text'),
    column('attiva', w.dettaglio.attiva, 'boolean'),
    column('cancellata', w.dettaglio.cancellata, 'boolean'),
    column('contratto', w.dettaglio.contratto, 'boolean'),
    column('sospesa', w.dettaglio.sospesa, 'boolean'),
    ...traffico,
    column('id', w.tabella.id, 'code'),
  ],
}

/** What each table is called, on its screen and in its file. */
export const tabellaTitles: Record<TabellaReport, string> = w.tabelle
