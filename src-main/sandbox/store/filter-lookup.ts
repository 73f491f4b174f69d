import type { Filter } from '../filter/filter-parser.ts'
import type { RowType } from './resource-store.ts'

/** A condition that every row of a filter meets and few others, and the index that finds those rows. */
export interface Lookup {
  index: string
  sql: string
}

type LookupOf = (value: string) => Lookup

const lower = (field: string) => `lower(data ->> '$.${field}')`
/** An empty text names nobody (D55). */
const holds = (field: string) => `data ->> '$.${field}' > ''`

/** Of its own, for a text that names one row or a few. */
const textIndex = (index: string, field: string): LookupOf => {
  return (value) => ({ index, sql: `${lower(field)} = lower(${value}) AND ${holds(field)}` })
}

/** The fields that every row has a column for. */
const common: Record<string, LookupOf> = {
  id: (value) => ({ index: 'resource_type', sql: `id = ${value}` }),
  casellaId: (value) => ({ index: 'resource_casella', sql: `casella_id = ${value}` }),
  titolareId: (value) => ({ index: 'resource_titolare', sql: `titolare_id = ${value}` }),
}

const ofType: Partial<Record<RowType, Record<string, LookupOf>>> = {
  casella: {
    // An address is in lower case, and begins with the name: the index of the Gestore's search does for both.
    indirizzo: (value) => ({ index: 'resource_indirizzo', sql: `data ->> '$.indirizzo' = lower(${value})` }),
    denominazione: (value) => ({
      index: 'resource_indirizzo',
      sql: `data ->> '$.indirizzo' >= lower(${value}) || '@' AND data ->> '$.indirizzo' < lower(${value}) || 'A'`,
    }),
  },
  titolare: {
    codiceFiscale: textIndex('resource_codice_fiscale', 'codiceFiscale'),
    // Known by it where no codice fiscale is asked (D55).
    email: textIndex('resource_email', 'email'),
  },
  attivita: { partitaIva: textIndex('resource_partita_iva', 'partitaIva') },
  messaggio: { segnalazioneId: textIndex('resource_segnalazione', 'segnalazioneId') },
  storico: { risorsaId: textIndex('resource_storico', 'risorsaId') },
}

/** The condition of each stands in its query as well, so that no other query takes it for an index by type. */
export const lookupIndexes = `
CREATE INDEX resource_codice_fiscale ON resource (${lower('codiceFiscale')})
  WHERE type = 'titolare' AND ${holds('codiceFiscale')};
-- The only one of these that many rows may share: in the order of a page.
CREATE INDEX resource_email ON resource (${lower('email')}, id) WHERE type = 'titolare' AND ${holds('email')};
CREATE INDEX resource_partita_iva ON resource (${lower('partitaIva')})
  WHERE type = 'attivita' AND ${holds('partitaIva')};
CREATE INDEX resource_segnalazione ON resource (${lower('segnalazioneId')})
  WHERE type = 'messaggio' AND ${holds('segnalazioneId')};
CREATE INDEX resource_storico ON resource (${lower('risorsaId')})
  WHERE type = 'storico' AND ${holds('risorsaId')};
`

/**
 * Of a filter that asks, besides anything else, for one value of a field that identifies; undefined for every other,
 * which is looked for part by part. `bind` names a value in the query. Pure.
 */
export function lookupOf(filter: Filter, type: RowType, bind: (value: string) => string): Lookup | undefined {
  if (filter.kind !== 'compare') {
    return filter.kind === 'or' ? undefined : (lookupOf(filter.left, type, bind) ?? lookupOf(filter.right, type, bind))
  }
  const own = ofType[type] ?? {}
  const { field, operator, value } = filter
  if (operator !== 'eq' || typeof value !== 'string' || value === '') return undefined
  const known = Object.hasOwn(own, field) ? own[field] : Object.hasOwn(common, field) ? common[field] : undefined
  return known?.(bind(value))
}
