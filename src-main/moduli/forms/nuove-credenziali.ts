import { type FormDefinition, takes } from '../form.ts'
import { casellaRows, falseStatements, holderRows, howToSign, identityBlock } from './common-parts.ts'

/** D80, D81: the paper form of a lost password. */
export const nuoveCredenziali: FormDefinition = {
  kind: 'nuove_credenziali',
  title: 'Richiesta di nuove credenziali',
  subtitle: 'Riassegnazione della password di una casella di posta elettronica certificata (PEC)',
  fileName: 'nuove-credenziali',
  returnsAs: 'nuove_credenziali',
  offered: (capabilities) => takes(capabilities, 'nuove_credenziali') || capabilities.credentials === 'paper_form',
  blocks: [
    { kind: 'fields', title: 'Il/la sottoscritto/a', rows: holderRows },
    {
      kind: 'fields',
      title: 'Titolare della casella',
      rows: [
        ...casellaRows,
        [
          { label: 'E-mail a cui inviare le istruzioni', value: 'comunicazioniEmail', columns: 8 },
          { label: 'Cellulare', value: 'cellulare', columns: 4 },
        ],
      ],
    },
    {
      kind: 'list',
      title: 'Chiede nuove credenziali di accesso e dichiara',
      mark: 'letter',
      items: [
        'di non disporre più della password della casella;',
        'di sapere che le credenziali precedenti cessano di valere quando le nuove vengono usate la prima volta;',
        falseStatements.replace(/;$/, '.'),
      ],
    },
    identityBlock,
    {
      kind: 'text',
      paragraphs: [
        'La password non va scritta su questo modulo né comunicata allo sportello: la imposta il titolare, e nessun altro la conosce.',
      ],
    },
    { kind: 'signatures', signers: ['del titolare'], note: howToSign },
    { kind: 'office' },
  ],
}
