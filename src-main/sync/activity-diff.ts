import type { ActivityField, ActivityKind } from '../contract/activity.ts'
import type { Casella } from '../provider-contract/casella.ts'
import type { AnyUpsertItem } from '../provider-contract/feed.ts'
import type { Segnalazione } from '../provider-contract/segnalazione.ts'
import type { FeedType } from './feed-store.ts'

type Rows = { [K in FeedType]: Extract<AnyUpsertItem, { type: K }>['data'] }
export type RowOf<K extends FeedType> = Rows[K]

/** The names behind ids, for people to read; null for an unknown one. */
export interface ActivityNames {
  titolare(id: string): string | null
  assistente(id: string): string | null
}

/** What is to be told of a change. */
export interface Activity {
  kind: ActivityKind
  id: string
  subject: string
  casellaId: string | null
  titolareId: string | null
  who: string | null
  steps: number
  fields: ActivityField[]
}

interface ActivityType<Row> {
  /** What people see of a row and may want to know the change of. What is left out changes in silence. */
  fields: readonly (keyof Row & string)[]
  /** Null where nothing needs to be told. */
  kind(before: Row | undefined, after: Row | undefined, changed: ReadonlySet<string>): ActivityKind | null
  subject(row: Row): string
  about(row: Row): { id: string; casellaId: string | null; titolareId: string | null }
  /** Ids of other rows: told by their names, under another field. */
  named?: Partial<Record<string, { field: string; name: keyof ActivityNames }>>
}

const wasActive = (row: Casella): boolean => row.ciclo === 'attiva'

function kindOfCasella(before: Casella, after: Casella, changed: ReadonlySet<string>): ActivityKind | null {
  if (changed.has('ciclo'))
    switch (after.ciclo) {
      case 'attiva':
        return before.ciclo === 'scaduta' ? 'casella.rinnovata' : 'casella.attivata'
      case 'in_attesa_firma':
      case 'in_attesa_gestore':
        return 'casella.in_attesa'
      case 'documenti_errati':
        return 'casella.documenti_errati'
      case 'scaduta':
        return 'casella.scaduta'
      case 'eliminata':
        return 'casella.eliminata'
    }
  if (changed.has('titolareId')) return 'casella.titolare_cambiato'
  if (changed.has('disabilitata')) return after.disabilitata ? 'casella.disabilitata' : 'casella.riabilitata'
  if (changed.has('sospesa')) return after.sospesa ? 'casella.sospesa' : 'casella.ripristinata'
  if (changed.has('richiesta')) {
    if (after.richiesta !== 'nessuna') return 'casella.richiesta'
    return wasActive(after) && (after.scadenza ?? '') > (before.scadenza ?? '')
      ? 'casella.rinnovata'
      : 'casella.richiesta_conclusa'
  }
  if (changed.has('passwordScaduta') && after.passwordScaduta) return 'casella.password_scaduta'
  return changed.size > 0 ? 'casella.cambiata' : null
}

/** Appeared, gone, or changed: all that is to be told of rows without a life of their own. */
function plainKind<Row>(
  appeared: ActivityKind,
  changedKind: ActivityKind,
  gone: ActivityKind,
): ActivityType<Row>['kind'] {
  return (before, after, changed) => {
    if (before === undefined) return appeared
    if (after === undefined) return gone
    return changed.size > 0 ? changedKind : null
  }
}

function kindOfStato(stato: Segnalazione['stato']): ActivityKind {
  switch (stato) {
    case 'aperta':
      return 'segnalazione.riaperta'
    case 'presa_in_carico':
      return 'segnalazione.presa_in_carico'
    case 'attesa_operatore':
      return 'segnalazione.attesa_operatore'
    case 'chiusa':
      return 'segnalazione.chiusa'
  }
}

const SHORT = 60

/** The beginning of a text, in one line. */
function shortened(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim()
  return line.length <= SHORT ? line : `${line.slice(0, SHORT)}…`
}

/** One entry for each type of the feed. */
const activityTypes: { [K in FeedType]: ActivityType<RowOf<K>> } = {
  casella: {
    fields: [
      'ciclo',
      'disabilitata',
      'sospesa',
      'passwordScaduta',
      'richiesta',
      'titolareId',
      'assistenteId',
      'indirizzo',
      'tipologia',
      'comunicazioniEmail',
      'quotaMb',
      'softLimitMb',
      'scadenza',
    ],
    kind: (before, after, changed) => {
      if (before === undefined) return 'casella.nuova'
      return after === undefined ? 'casella.rimossa' : kindOfCasella(before, after, changed)
    },
    subject: ({ indirizzo }) => indirizzo,
    about: ({ id, titolareId }) => ({ id, casellaId: id, titolareId }),
    named: {
      titolareId: { field: 'titolare', name: 'titolare' },
      assistenteId: { field: 'assistente', name: 'assistente' },
    },
  },
  titolare: {
    fields: ['tipologia', 'nome', 'cognome', 'codiceFiscale', 'email', 'telefono', 'cellulare', 'fax', 'tipoEnte'],
    kind: plainKind('titolare.nuovo', 'titolare.cambiato', 'titolare.rimosso'),
    subject: ({ nome, cognome }) => `${cognome} ${nome}`.trim(),
    about: ({ id }) => ({ id, casellaId: null, titolareId: id }),
  },
  indirizzo: {
    fields: ['via', 'localita', 'provincia', 'cap', 'telefono', 'fax', 'email', 'cellulare'],
    kind: plainKind('titolare.indirizzo', 'titolare.indirizzo', 'titolare.indirizzo'),
    subject: ({ via, localita }) => `${via}, ${localita}`,
    about: ({ id, titolareId }) => ({ id, casellaId: null, titolareId }),
  },
  attivita: {
    fields: [
      'ragioneSociale',
      'formaGiuridica',
      'partitaIva',
      'rea',
      'codiceDestinatario',
      'pecDestinatario',
      'referenteAmministrativo',
      'codiceIpa',
    ],
    kind: plainKind('titolare.attivita', 'titolare.attivita', 'titolare.attivita'),
    subject: ({ ragioneSociale }) => ragioneSociale,
    about: ({ id, titolareId }) => ({ id, casellaId: null, titolareId }),
  },
  documento: {
    fields: ['tipo', 'nomeFile', 'stato', 'motivo'],
    kind: (before, after, changed) => {
      if (before === undefined) return 'documento.arrivato'
      if (after === undefined) return 'documento.rimosso'
      if (changed.has('stato') && after.stato === 'accettato') return 'documento.accettato'
      if (changed.has('stato') && after.stato === 'respinto') return 'documento.respinto'
      return changed.size > 0 ? 'documento.cambiato' : null
    },
    subject: ({ nomeFile }) => nomeFile,
    about: ({ id, casellaId }) => ({ id, casellaId, titolareId: null }),
  },
  nota: {
    fields: ['testo'],
    kind: plainKind('nota.nuova', 'nota.cambiata', 'nota.rimossa'),
    subject: ({ testo }) => shortened(testo),
    about: ({ id, casellaId, titolareId }) => ({ id, casellaId, titolareId }),
  },
  operation: {
    fields: ['state', 'reason'],
    kind: (before, after, changed) => {
      if (after === undefined) return null
      if (after.state === 'done' && changed.has('state')) return 'richiesta.conclusa'
      if (after.state === 'rejected' && changed.has('state')) return 'richiesta.respinta'
      if (before === undefined) return 'richiesta.nuova'
      return changed.size > 0 ? 'richiesta.avanzata' : null
    },
    subject: ({ kind }) => kind,
    about: ({ id, casellaId }) => ({ id, casellaId, titolareId: null }),
  },
  segnalazione: {
    fields: ['titolo', 'stato', 'problema', 'azione', 'soluzione'],
    kind: (before, after, changed) => {
      if (before === undefined) return 'segnalazione.nuova'
      if (after === undefined) return 'segnalazione.rimossa'
      if (changed.has('stato')) return kindOfStato(after.stato)
      return changed.size > 0 ? 'segnalazione.cambiata' : null
    },
    subject: ({ titolo }) => titolo,
    about: ({ id, casellaId }) => ({ id, casellaId, titolareId: null }),
  },
  messaggio: {
    fields: ['testo'],
    kind: (before, after) => (before === undefined && after !== undefined ? 'messaggio.arrivato' : null),
    subject: ({ testo }) => shortened(testo),
    about: ({ segnalazioneId }) => ({ id: segnalazioneId, casellaId: null, titolareId: null }),
  },
  dominio: {
    fields: ['nome', 'dedicato', 'attivo'],
    kind: plainKind('dominio.nuovo', 'dominio.cambiato', 'dominio.rimosso'),
    subject: ({ nome }) => nome,
    about: ({ id }) => ({ id, casellaId: null, titolareId: null }),
  },
  assistente: {
    fields: ['codice', 'nome', 'attivo'],
    kind: plainKind('assistente.nuovo', 'assistente.cambiato', 'assistente.rimosso'),
    subject: ({ codice, nome }) => nome ?? codice,
    about: ({ id }) => ({ id, casellaId: null, titolareId: null }),
  },
}

function isFieldValue(value: unknown): value is ActivityField['from'] {
  return value === null || ['string', 'number', 'boolean'].includes(typeof value)
}

/**
 * What a change means to whoever reads it, from the provider's row before and after; undefined where the row was not or
 * is no more. Null when nothing changed that people see. Pure.
 */
export function activityOf<K extends FeedType>(
  type: K,
  before: RowOf<K> | undefined,
  after: RowOf<K> | undefined,
  names: ActivityNames,
): Activity | null {
  const row = after ?? before
  if (row === undefined) return null
  const { fields, kind: kindOf, subject, about, named } = activityTypes[type]
  const changed =
    before === undefined || after === undefined ? [] : fields.filter((field) => before[field] !== after[field])
  const kind = kindOf(before, after, new Set(changed))
  if (kind === null) return null
  const told = (field: (typeof fields)[number]): ActivityField => {
    const other = named?.[field]
    const valueOf = (value: unknown): ActivityField['from'] => {
      if (other !== undefined) return typeof value === 'string' ? (names[other.name](value) ?? value) : null
      return isFieldValue(value) ? value : null
    }
    return { field: other?.field ?? field, from: valueOf(before?.[field]), to: valueOf(after?.[field]) }
  }
  return {
    kind,
    ...about(row),
    subject: subject(row),
    who: after?.updatedBy ?? null,
    steps: before === undefined || after === undefined ? 1 : Math.max(1, after.version - before.version),
    fields: changed.map(told),
  }
}
