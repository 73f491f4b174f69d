import { type FormDefinition, takes } from '../form.ts'
import {
  casellaRows,
  companyBlock,
  falseStatements,
  holderRows,
  howToSign,
  informed,
  personRows,
  reachRows,
} from './common-parts.ts'

/** D71. */
export const subentro: FormDefinition = {
  kind: 'subentro',
  title: 'Richiesta di cambio intestatario',
  subtitle: 'Subentro nella titolarità di una casella di posta elettronica certificata (PEC)',
  fileName: 'subentro',
  returnsAs: 'subentro',
  offered: (capabilities) => takes(capabilities, 'subentro'),
  blocks: [
    { kind: 'fields', title: 'Casella', rows: casellaRows },
    { kind: 'fields', title: 'Titolare attuale (cedente)', rows: holderRows },
    companyBlock,
    {
      kind: 'fields',
      title: 'Nuovo titolare (subentrante)',
      rows: [
        ...personRows,
        ...reachRows.map((row) =>
          row.map(({ label, columns, cells }) => ({ label, columns, ...(cells === undefined ? {} : { cells }) })),
        ),
        [{ label: 'Impresa, ente o studio per cui agisce, e in quale qualità', columns: 12 }],
      ],
    },
    {
      kind: 'list',
      title: 'Motivo del subentro',
      mark: 'box',
      items: [
        'cambio del responsabile o del legale rappresentante',
        'cessione, fusione o trasformazione dell’impresa o dell’ente',
        'decesso o impedimento del titolare attuale (firma chi ne ha titolo)',
        'altro: ______________________________________________________________',
      ],
    },
    {
      kind: 'list',
      title: 'Chiedono il cambio di intestatario e dichiarano',
      mark: 'letter',
      items: [
        'il cedente, di rinunciare alla titolarità della casella e al suo contenuto a favore del subentrante;',
        'il subentrante, di accettare le condizioni generali del servizio e di sapere che i messaggi già presenti nella casella restano accessibili a chi ne diviene titolare;',
        'di avere annotato altrove ciò che occorre conservare;',
        falseStatements,
        informed,
      ],
    },
    {
      kind: 'list',
      title: 'Allegati',
      mark: 'box',
      items: [
        'copia del documento di identità del cedente, fronte e retro',
        'copia del documento di identità del subentrante, fronte e retro',
        'atto da cui risulta il titolo al subentro (nomina, cessione, successione)',
      ],
    },
    { kind: 'signatures', signers: ['del cedente', 'del subentrante'], note: howToSign },
    { kind: 'office' },
  ],
}
