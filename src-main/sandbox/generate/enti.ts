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
  /** Of its own; the first ente has as many as are asked for. */
  caselle: number
}

/** A smaller ente that joined the aggregatore. */
function joined(
  number: number,
  nome: string,
  dominio: string,
  { dal, caselle }: { dal: string; caselle: number },
): EnteProva {
  return {
    id: `E${number}`,
    nome,
    comunicazioniEmail: `protocollo@${dominio}.example`,
    referente: 'Ufficio protocollo',
    telefono: `+39 055 0000${number}04`,
    aggregatore: false,
    adesione: { aggregatoreId: 'E3', dal },
    domini: [{ nome: `pec.${dominio}.it`, dedicato: caselle > 60, attivo: true }],
    assistenti: caselle > 60 ? [{ codice: `50000000${number}5`, nome: 'Sportello unico', attivo: true }] : [],
    caselle,
  }
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
    caselle: 0,
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
    caselle: 25,
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
    caselle: 25,
  },
  joined(4, 'Comune di Serravento', 'comune.serravento', { dal: '2018-10-01', caselle: 64 }),
  joined(5, 'Comune di Fontemorra', 'comune.fontemorra', { dal: '2019-04-01', caselle: 18 }),
  joined(6, 'Comune di Castelmirto', 'comune.castelmirto', { dal: '2020-01-15', caselle: 37 }),
  joined(7, 'Consorzio Acque di Valdombra', 'acquevaldombra', { dal: '2021-07-01', caselle: 9 }),
  joined(8, 'Azienda sanitaria Valdombra', 'asl.valdombra', { dal: '2022-02-01', caselle: 90 }),
  joined(9, 'Comune di Rocca Lisandra', 'comune.roccalisandra', { dal: '2024-09-01', caselle: 5 }),
]
