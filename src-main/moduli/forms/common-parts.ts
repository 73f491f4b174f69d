import type { FormBlock, FormField } from '../form.ts'

/** Who the registry knows as the holder, with what it does not hold left to be written. */
export const holderRows: readonly (readonly FormField[])[] = [
  [
    { label: 'Cognome', value: 'cognome', columns: 6 },
    { label: 'Nome', value: 'nome', columns: 6 },
  ],
  [
    { label: 'Nato/a a', value: 'natoA', columns: 6 },
    { label: 'Provincia', value: 'natoProvincia', columns: 2 },
    { label: 'il', value: 'natoIl', columns: 4, cells: 8 },
  ],
  [{ label: 'Codice fiscale', value: 'codiceFiscale', columns: 12, code: true, cells: 16 }],
]

/** The same of a person whom the registry does not know yet. */
export const personRows: readonly (readonly FormField[])[] = holderRows.map((row) =>
  row.map(({ label, columns, cells }) => ({ label, columns, ...(cells === undefined ? {} : { cells }) })),
)

export const reachRows: readonly (readonly FormField[])[] = [
  [{ label: 'Residenza o sede (via e numero)', value: 'via', columns: 12 }],
  [
    { label: 'Località', value: 'localita', columns: 7 },
    { label: 'Provincia', value: 'provincia', columns: 2 },
    { label: 'CAP', value: 'cap', columns: 3, cells: 5 },
  ],
  [
    { label: 'Cellulare', value: 'cellulare', columns: 4 },
    { label: 'Telefono', value: 'telefono', columns: 4 },
    { label: 'E-mail ordinaria', value: 'email', columns: 4 },
  ],
]

export const companyBlock: FormBlock = {
  kind: 'fields',
  when: 'company',
  title: 'Impresa, ente o studio per cui agisce',
  rows: [
    [{ label: 'Ragione sociale o denominazione', value: 'ragioneSociale', columns: 12 }],
    [
      { label: 'Forma giuridica', value: 'formaGiuridica', columns: 4 },
      { label: 'Partita IVA', value: 'partitaIva', columns: 4, code: true, cells: 11 },
      { label: 'N. REA', value: 'rea', columns: 4 },
    ],
    [{ label: 'In qualità di', columns: 12 }],
  ],
}

export const casellaRows: readonly (readonly FormField[])[] = [
  [{ label: 'Indirizzo della casella PEC', value: 'indirizzo', columns: 12, code: true }],
]

/** D63, D80. */
export const identityBlock: FormBlock = {
  kind: 'fields',
  title: 'Documento di identità',
  intro: 'Si allega copia leggibile, fronte e retro, di un documento in corso di validità.',
  rows: [
    [
      { label: 'Tipo', value: 'documentoTipo', columns: 5 },
      { label: 'Numero', value: 'documentoNumero', columns: 7 },
    ],
    [
      { label: 'Rilasciato da', value: 'documentoRilasciatoDa', columns: 5 },
      { label: 'il', value: 'documentoRilasciato', columns: 3 },
      { label: 'Scadenza', value: 'documentoScadenza', columns: 4 },
    ],
  ],
}

export const falseStatements =
  'di essere a conoscenza delle sanzioni penali previste per le dichiarazioni mendaci dall’articolo 76 del d.P.R. 28 dicembre 2000, n. 445;'
export const informed =
  'di avere ricevuto l’informativa sul trattamento dei dati personali prevista dall’articolo 13 del regolamento (UE) 2016/679.'

export const howToSign =
  'Si firma a mano su ogni copia stampata, oppure con firma digitale ({formati}) sul file PDF così come è stato consegnato. Il codice in alto a destra deve restare leggibile: con esso la copia firmata viene riconosciuta.'
