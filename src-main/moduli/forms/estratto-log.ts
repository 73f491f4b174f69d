import { type FormDefinition, takes } from '../form.ts'
import { casellaRows, companyBlock, falseStatements, holderRows, howToSign, identityBlock } from './common-parts.ts'

/** D119: the holder asks what the provider recorded of a casella's messages; the period stands where it was asked already. */
export const estrattoLog: FormDefinition = {
  kind: 'estratto_log',
  title: 'Richiesta di estratto dei log',
  subtitle: 'Estratto delle registrazioni dei messaggi di una casella di posta elettronica certificata (PEC)',
  fileName: 'estratto-log',
  returnsAs: 'altro',
  offered: (capabilities) => takes(capabilities, 'altro') && capabilities.logMesi !== null,
  blocks: [
    { kind: 'fields', title: 'Il/la sottoscritto/a', rows: holderRows },
    companyBlock,
    { kind: 'fields', title: 'Titolare della casella', rows: casellaRows },
    {
      kind: 'fields',
      title: 'Chiede l’estratto dei log',
      rows: [
        [
          { label: 'dal giorno', value: 'logDal', columns: 6, cells: 8 },
          { label: 'al giorno compreso', value: 'logAl', columns: 6, cells: 8 },
        ],
        [{ label: 'per questo scopo', value: 'logScopo', columns: 12 }],
        [{ label: 'Messaggi che interessano (mittente o destinatario, oggetto)', columns: 12 }],
      ],
    },
    {
      kind: 'list',
      title: 'Dichiara',
      mark: 'letter',
      items: [
        'di essere il titolare della casella nel periodo indicato, o di agire per conto del titolare;',
        'di sapere che il gestore conserva i log per almeno trenta mesi e che di ciò che è più vecchio l’estratto può mancare;',
        'di sapere che i log dicono quando un messaggio è stato accettato e consegnato, e non ne contengono il testo;',
        falseStatements.replace(/;$/, '.'),
      ],
    },
    identityBlock,
    { kind: 'signatures', signers: ['del titolare'], note: howToSign },
    { kind: 'office' },
  ],
}
