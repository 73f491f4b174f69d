import { type FormDefinition, takes } from '../form.ts'
import type { FormField } from '../form.ts'
import { casellaRows, falseStatements, holderRows, howToSign } from './common-parts.ts'

const change = (label: string, value: FormField['value'] & string): readonly FormField[] => [
  { label: `${label}: com’è oggi`, value, columns: 6 },
  { label: `${label}: come diventa`, columns: 6 },
]

export const variazione: FormDefinition = {
  kind: 'variazione',
  title: 'Variazione dei dati',
  subtitle: 'Comunicazione di dati cambiati del titolare o della casella PEC',
  fileName: 'variazione-dati',
  returnsAs: 'altro',
  offered: (capabilities) => takes(capabilities, 'altro'),
  blocks: [
    { kind: 'fields', title: 'Il/la sottoscritto/a', rows: holderRows },
    { kind: 'fields', title: 'Titolare della casella', rows: casellaRows },
    {
      kind: 'fields',
      title: 'Comunica che sono cambiati i dati seguenti',
      intro: 'Si compila soltanto ciò che cambia; ciò che resta vuoto resta com’è.',
      rows: [
        change('Via e numero', 'via'),
        change('Località', 'localita'),
        change('Provincia e CAP', 'cap'),
        change('Cellulare', 'cellulare'),
        change('Telefono', 'telefono'),
        change('E-mail ordinaria', 'email'),
        change('E-mail per le comunicazioni', 'comunicazioniEmail'),
      ],
    },
    {
      kind: 'fields',
      when: 'company',
      title: 'Dati dell’impresa o dell’ente',
      rows: [change('Ragione sociale', 'ragioneSociale'), change('N. REA', 'rea')],
    },
    {
      kind: 'list',
      title: 'Dichiara',
      mark: 'letter',
      items: ['che i nuovi dati sono esatti;', falseStatements.replace(/;$/, '.')],
    },
    {
      kind: 'list',
      title: 'Allegati',
      mark: 'box',
      items: [
        'copia del documento di identità, fronte e retro',
        'documento da cui risulta la variazione, dove occorre',
      ],
    },
    { kind: 'signatures', signers: ['del titolare'], note: howToSign },
    { kind: 'office' },
  ],
}
