/** The enti of every sandbox. The comuni of their domains are invented. */
export interface EnteProva {
  id: string
  nome: string
  comunicazioniEmail: string
  referente: string
  telefono: string
  /** D2: it reads what the enti that joined it have. */
  aggregatore: boolean
  /** The ente that it joined, and since which day. */
  adesione: { aggregatoreId: string; dal: string } | null
  domini: readonly { nome: string; dedicato: boolean; attivo: boolean }[]
  /** D5: ten digits, and perhaps a name. */
  assistenti: readonly { codice: string; nome: string | null; attivo: boolean }[]
}

export const enti: readonly [EnteProva, ...EnteProva[]] = [
  {
    id: 'E1',
    nome: 'Comune di Borgolento',
    comunicazioniEmail: 'ufficio.pec@borgolento.example',
    referente: 'Ufficio PEC',
    telefono: '+39 055 0000101',
    aggregatore: false,
    adesione: { aggregatoreId: 'E3', dal: '2019-04-01' },
    domini: [
      { nome: 'pec.comune.borgolento.it', dedicato: false, attivo: true },
      { nome: 'cert.comune.borgolento.it', dedicato: false, attivo: true },
      { nome: 'pec.cittadini.borgolento.it', dedicato: false, attivo: true },
      { nome: 'pec.imprese.borgolento.it', dedicato: true, attivo: true },
      { nome: 'pec.archivio.borgolento.it', dedicato: false, attivo: false },
    ],
    assistenti: [
      { codice: '2000000017', nome: 'Sportello centrale', attivo: true },
      { codice: '2000000025', nome: 'Sportello imprese', attivo: true },
      { codice: '2000000033', nome: null, attivo: true },
      { codice: '2000000041', nome: 'Sportello estivo', attivo: false },
    ],
  },
  {
    id: 'E2',
    nome: 'Comune di Pievalunga',
    comunicazioniEmail: 'protocollo@pievalunga.example',
    referente: 'Ufficio protocollo',
    telefono: '+39 055 0000202',
    aggregatore: false,
    adesione: null,
    domini: [
      { nome: 'pec.comune.pievalunga.it', dedicato: false, attivo: true },
      { nome: 'cert.comune.pievalunga.it', dedicato: false, attivo: true },
    ],
    assistenti: [{ codice: '3000000015', nome: 'Sportello unico', attivo: true }],
  },
  {
    id: 'E3',
    nome: 'Unione Valdombra',
    comunicazioniEmail: 'pec@valdombra.example',
    referente: 'Servizio sistemi informativi',
    telefono: '+39 055 0000303',
    aggregatore: true,
    adesione: null,
    domini: [{ nome: 'pec.valdombra.it', dedicato: false, attivo: true }],
    assistenti: [{ codice: '4000000013', nome: 'Sportello dell’unione', attivo: true }],
  },
]

/** Caselle of each ente after the first, there to prove that no row crosses the boundary. */
export const CASELLE_ALTRO_ENTE = 25
