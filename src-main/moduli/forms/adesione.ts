import { type FormDefinition, takes } from '../form.ts'
import {
  casellaRows,
  companyBlock,
  falseStatements,
  holderRows,
  howToSign,
  identityBlock,
  informed,
  reachRows,
} from './common-parts.ts'

/** D60-D63: the signed request with which a casella is activated. */
export const adesione: FormDefinition = {
  kind: 'adesione',
  title: 'Richiesta di attivazione',
  subtitle: 'Adesione al servizio di posta elettronica certificata (PEC) e attivazione di una casella',
  fileName: 'attivazione',
  returnsAs: 'attivazione',
  offered: (capabilities) => takes(capabilities, 'attivazione'),
  blocks: [
    { kind: 'fields', title: 'Il/la sottoscritto/a', rows: [...holderRows, ...reachRows] },
    companyBlock,
    {
      kind: 'fields',
      title: 'Casella richiesta',
      rows: [
        ...casellaRows,
        [
          { label: 'Tipologia', value: 'tipologia', columns: 4 },
          { label: 'Spazio', value: 'quota', columns: 2 },
          { label: 'E-mail per le comunicazioni del gestore', value: 'comunicazioniEmail', columns: 6 },
        ],
      ],
    },
    {
      kind: 'list',
      title: 'Chiede l’attivazione della casella e dichiara',
      mark: 'letter',
      items: [
        'di avere letto le condizioni generali del servizio e il manuale operativo del gestore, e di accettarli;',
        'che i dati riportati sono esatti, e che ne comunicherà senza ritardo ogni variazione;',
        'di essere consapevole che i messaggi consegnati nella casella si intendono ricevuti anche se non vengono letti, e di doverla consultare con regolarità;',
        falseStatements,
        informed,
      ],
    },
    identityBlock,
    {
      kind: 'list',
      title: 'Allegati',
      mark: 'box',
      items: [
        'copia del documento di identità, fronte e retro',
        'copia del codice fiscale o della tessera sanitaria',
        'atto da cui risultano i poteri di rappresentanza (soltanto per imprese ed enti)',
      ],
    },
    { kind: 'signatures', signers: ['del titolare'], note: howToSign },
    { kind: 'office' },
  ],
}
