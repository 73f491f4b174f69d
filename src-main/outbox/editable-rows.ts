import type { z } from 'zod'
import { editableFields, withFields as withCasellaFields } from '../caselle/casella-fields.ts'
import { Casella } from '../provider-contract/casella.ts'
import { Documento } from '../provider-contract/documento.ts'
import { Impostazioni } from '../provider-contract/impostazioni.ts'
import { Nota } from '../provider-contract/nota.ts'
import { Messaggio, Segnalazione } from '../provider-contract/segnalazione.ts'
import { Attivita, Indirizzo, Titolare } from '../provider-contract/titolare.ts'
import { fieldsOfImpostazioni, impostazioniWith } from '../impostazioni/impostazioni-fields.ts'
import { fieldsOfTitolare, titolareWith } from '../titolari/titolare-row-fields.ts'
import type { Fields, RowKind } from './operation.ts'

/** What the provider says of each kind of row. */
export interface RowOf {
  casella: Casella
  titolare: Titolare
  indirizzo: Indirizzo
  attivita: Attivita
  nota: Nota
  segnalazione: Segnalazione
  impostazioni: Impostazioni
  documento: Documento
  messaggio: Messaggio
}

interface EditableRow<T> {
  schema: z.ZodType<T>
  path(id: string): string
  /** What operators may change, as the rebase compares it. */
  fields(row: T): Fields
  /** The row with changed values set in; values that do not fit the contract are left as they were. */
  with(row: T, fields: Fields): T
}

function flat<T extends object>(
  schema: z.ZodType<T>,
  collection: string,
  names: readonly (keyof T & string)[],
): EditableRow<T> {
  return {
    schema,
    path: (id) => `/${collection}/${encodeURIComponent(id)}`,
    fields: (row) => {
      const fields: Fields = {}
      for (const name of names) {
        const value: unknown = row[name]
        if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
          fields[name] = value
      }
      return fields
    },
    with: (row, fields) => {
      const own = Object.fromEntries(Object.entries(fields).filter(([name]) => names.some((each) => each === name)))
      const merged = schema.safeParse({ ...row, ...own })
      return merged.success ? merged.data : row
    },
  }
}

const editableRows: { [K in RowKind]: EditableRow<RowOf[K]> } = {
  casella: {
    schema: Casella,
    path: (id) => `/caselle/${encodeURIComponent(id)}`,
    fields: editableFields,
    with: withCasellaFields,
  },
  titolare: {
    schema: Titolare,
    path: (id) => `/titolari/${encodeURIComponent(id)}`,
    fields: fieldsOfTitolare,
    with: titolareWith,
  },
  indirizzo: flat(Indirizzo, 'indirizzi', [
    'via',
    'localita',
    'provincia',
    'cap',
    'telefono',
    'fax',
    'email',
    'cellulare',
  ]),
  attivita: flat(Attivita, 'attivita', [
    'ragioneSociale',
    'formaGiuridica',
    'partitaIva',
    'rea',
    'codiceDestinatario',
    'pecDestinatario',
    'referenteAmministrativo',
    'codiceIpa',
  ]),
  nota: flat(Nota, 'note', ['testo']),
  segnalazione: flat(Segnalazione, 'segnalazioni', ['titolo', 'stato']),
  documento: flat(Documento, 'documenti', ['stato']),
  messaggio: flat(Messaggio, 'messaggi', []),
  impostazioni: {
    schema: Impostazioni,
    path: (id) => `/caselle/${encodeURIComponent(id)}/impostazioni`,
    fields: fieldsOfImpostazioni,
    with: impostazioniWith,
  },
}

export function schemaOfRow<K extends RowKind>(kind: K): z.ZodType<RowOf[K]> {
  return editableRows[kind].schema
}

/** The path of a row at the provider. */
export function pathOfRow(kind: RowKind, id: string): string {
  return editableRows[kind].path(id)
}

export function fieldsOfRow<K extends RowKind>(kind: K, row: RowOf[K]): Fields {
  return editableRows[kind].fields(row)
}

export function rowWith<K extends RowKind>(kind: K, row: RowOf[K], fields: Fields): RowOf[K] {
  return editableRows[kind].with(row, fields)
}
