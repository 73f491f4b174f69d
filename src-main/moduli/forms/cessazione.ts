import { type FormDefinition, takes } from '../form.ts'
import { casellaRows, companyBlock, falseStatements, holderRows, howToSign, identityBlock } from './common-parts.ts'

/** D72; what is lost: D68. */
export const cessazione: FormDefinition = {
  kind: 'cessazione',
  title: 'Richiesta di cessazione',
  subtitle: 'Chiusura definitiva di una casella di posta elettronica certificata (PEC)',
  fileName: 'cessazione',
  returnsAs: 'cessazione',
  offered: (capabilities) => takes(capabilities, 'cessazione'),
  blocks: [
    { kind: 'fields', title: 'Il/la sottoscritto/a', rows: holderRows },
    companyBlock,
    {
      kind: 'fields',
      title: 'Titolare della casella',
      rows: [
        ...casellaRows,
        [
          { label: 'Scadenza del servizio', value: 'scadenza', columns: 4 },
          { label: 'Cessazione dal (senza indicazione: appena possibile)', columns: 8, cells: 8 },
        ],
      ],
    },
    {
      kind: 'list',
      title: 'Chiede la cessazione della casella e dichiara di sapere',
      mark: 'letter',
      items: [
        'che con la cessazione tutti i messaggi vanno perduti, che il gestore non ne conserva copia e che la casella non può essere riattivata;',
        'che {riusoNome};',
        'che i messaggi da conservare vanno scaricati prima della cessazione;',
        'che chi è tenuto ad avere un domicilio digitale (imprese, professionisti iscritti ad albi, amministrazioni) deve comunicarne un altro al registro competente prima della cessazione;',
        `infine, ${falseStatements.replace(/;$/, '.')}`,
      ],
    },
    identityBlock,
    { kind: 'signatures', signers: ['del titolare'], note: howToSign },
    { kind: 'office' },
  ],
}
