import { type FormDefinition, takes } from '../form.ts'
import { casellaRows, falseStatements, holderRows, howToSign, personRows } from './common-parts.ts'

export const delega: FormDefinition = {
  kind: 'delega',
  title: 'Delega',
  subtitle: 'Delega a presentare allo sportello richieste che riguardano una casella PEC',
  fileName: 'delega',
  returnsAs: 'altro',
  offered: (capabilities) => takes(capabilities, 'altro'),
  blocks: [
    { kind: 'fields', title: 'Il/la sottoscritto/a (delegante)', rows: holderRows },
    { kind: 'fields', title: 'Titolare della casella', rows: casellaRows },
    { kind: 'fields', title: 'Delega (delegato)', rows: personRows },
    {
      kind: 'list',
      title: 'A presentare per suo conto',
      intro: 'Si barra ciò che si delega; la delega vale per una sola presentazione.',
      mark: 'box',
      items: [
        'la richiesta di attivazione della casella',
        'la richiesta di nuove credenziali',
        'la richiesta di cambio intestatario',
        'la richiesta di rinnovo o di cessazione',
        'la variazione dei dati',
        'altro: ______________________________________________________________',
      ],
    },
    {
      kind: 'list',
      title: 'Dichiara',
      mark: 'letter',
      items: [
        'che il delegato presenta moduli già firmati dal delegante, e che non riceve la password della casella;',
        falseStatements.replace(/;$/, '.'),
      ],
    },
    {
      kind: 'list',
      title: 'Allegati',
      mark: 'box',
      items: [
        'copia del documento di identità del delegante, fronte e retro',
        'copia del documento di identità del delegato, fronte e retro',
      ],
    },
    { kind: 'signatures', signers: ['del delegante', 'del delegato'], note: howToSign },
    { kind: 'office' },
  ],
}
