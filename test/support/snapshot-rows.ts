/** Rows as a provider sends them, some of each kind of which a snapshot has many. */
const tracked = { version: 3, updatedAt: '2026-11-09T10:00:00.000Z', updatedBy: 'collega', enteId: 'E1' }

const casella = {
  id: 'C00000001',
  ...tracked,
  denominazione: 'ufficio.tributi',
  dominioId: 'D00000001',
  dominio: 'pec.comune.borgolento.it',
  indirizzo: 'ufficio.tributi@pec.comune.borgolento.it',
  titolareId: 'T00000001',
  assistenteId: null,
  tipologia: 'MASSIVA-BASE',
  ciclo: 'attiva',
  disabilitata: false,
  sospesa: false,
  passwordScaduta: false,
  passwordScadeIl: '2027-01-19',
  contratto: true,
  richiesta: 'nessuna',
  comunicazioniEmail: 'nicolo@posta.example',
  quotaMb: 2048,
  softLimitMb: 1638,
  usatoMb: 0,
  inserita: '2019-01-01T07:40:19.000Z',
  attivata: '2019-01-08T07:40:19.000Z',
  scadenza: '2026-12-31',
}
const titolare = {
  id: 'T00000001',
  ...tracked,
  tipologia: 'pa_locale',
  nome: 'Nicolò',
  cognome: 'D’Altrove',
  codiceFiscale: 'RTOLSN50M54D403I',
  email: null,
  telefono: '+39097000135',
  cellulare: null,
  fax: null,
  tipoEnte: 'comune',
  documentoIdentita: {
    tipo: 'passaporto',
    numero: 'CC70114AA',
    rilasciatoDa: 'Questura di prova',
    rilasciato: '2020-11-19',
    scadenza: '2030-11-17',
  },
}
/** An older provider says less of a holder. */
const olderTitolare = Object.fromEntries(
  Object.entries(titolare).filter(([name]) => name !== 'tipoEnte' && name !== 'documentoIdentita'),
)

export const righe = {
  casella: [
    casella,
    { ...casella, indirizzoId: 'I1', attivitaId: null, scadenza: null, attivata: null, usatoMb: 12, quotaMb: 999 },
  ],
  titolare: [titolare, { ...titolare, tipoEnte: null, documentoIdentita: null }, olderTitolare],
  indirizzo: [
    {
      id: 'I1',
      ...tracked,
      titolareId: 'T00000001',
      via: 'Via dell’Olmo 3',
      localita: 'Borgolento',
      provincia: 'PZ',
      cap: '85100',
      telefono: null,
      fax: null,
      email: 'nicolo@posta.example',
      cellulare: null,
    },
  ],
  attivita: [
    {
      id: 'A1',
      ...tracked,
      titolareId: 'T00000001',
      ragioneSociale: 'Officine Rota & figli',
      formaGiuridica: null,
      partitaIva: '01234567890',
      rea: null,
      codiceDestinatario: 'ABCDEFG',
      pecDestinatario: null,
      referenteAmministrativo: null,
      codiceIpa: null,
    },
  ],
  documento: [
    {
      id: 'F1',
      ...tracked,
      casellaId: 'C00000001',
      tipo: 'attivazione',
      formato: 'pdf',
      nomeFile: 'attivazione.pdf',
      bytes: 645,
      sha256: '38d560cb56482f04fbe2b1745a6d606447b4a510dc76be6aca00bd83aa856182',
      stato: 'accettato',
      motivo: null,
      caricato: '2026-10-13T19:25:00.000Z',
    },
  ],
} as const satisfies Record<string, readonly Readonly<Record<string, unknown>>[]>
