/** The two enti of every sandbox. The comuni of their domains are invented. */
export interface EnteProva {
  id: string
  nome: string
  comunicazioniEmail: string
  domini: readonly { nome: string; dedicato: boolean; attivo: boolean }[]
  /** D5: ten digits, and perhaps a name. */
  assistenti: readonly { codice: string; nome: string | null; attivo: boolean }[]
}

export const enti: readonly [EnteProva, EnteProva] = [
  {
    id: 'E1',
    nome: 'Comune di Borgolento',
    comunicazioniEmail: 'ufficio.pec@borgolento.example',
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
    domini: [
      { nome: 'pec.comune.pievalunga.it', dedicato: false, attivo: true },
      { nome: 'cert.comune.pievalunga.it', dedicato: false, attivo: true },
    ],
    assistenti: [{ codice: '3000000015', nome: 'Sportello unico', attivo: true }],
  },
]

/** Caselle of the second ente, there to prove that no row crosses the boundary. */
export const CASELLE_ALTRO_ENTE = 25
