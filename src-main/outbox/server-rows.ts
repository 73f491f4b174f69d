import type { CasellaStore } from '../caselle/casella-store.ts'
import type { ChangedEntity } from '../contract/event.ts'
import type { DocumentoStore } from '../documenti/documento-store.ts'
import type { ImpostazioniStore } from '../impostazioni/impostazioni-store.ts'
import type { NotaStore } from '../note/nota-store.ts'
import type { SegnalazioneStore } from '../segnalazioni/segnalazione-store.ts'
import type { TitolareStore } from '../titolari/titolare-store.ts'
import type { RowOf } from './editable-rows.ts'
import type { RowKind } from './operation.ts'

export interface RowStores {
  caselle: CasellaStore
  titolari: TitolareStore
  documenti: DocumentoStore
  note: NotaStore
  segnalazioni: SegnalazioneStore
  impostazioni: ImpostazioniStore
}

/** Rows that hang on a casella or on a titolare. */
export type HangingKind = Exclude<RowKind, 'casella' | 'titolare'>

/** What the provider last said of any row that operations change, wherever it is kept. */
export interface ServerRows {
  get<K extends RowKind>(kind: K, id: string): RowOf[K] | undefined
  versionOf(kind: RowKind, id: string): number | undefined
  write<K extends HangingKind>(kind: K, row: RowOf[K]): void
  remove(kind: HangingKind, id: string): void
  /** Tells the row's store what the screens show of it, where something is found by that. */
  show<K extends HangingKind>(kind: K, row: RowOf[K], shown: RowOf[K]): void
}

interface Readable<T> {
  get(id: string): T | undefined
  versionOf(id: string): number | undefined
}
interface Writable<T> extends Readable<T> {
  write(row: T): void
  remove(id: string): unknown
}

export function serverRows({ caselle, titolari, documenti, note, segnalazioni, impostazioni }: RowStores): ServerRows {
  const hanging: { [K in HangingKind]: Writable<RowOf[K]> } = {
    indirizzo: {
      get: (id) => titolari.indirizzo(id),
      versionOf: (id) => titolari.versionOfIndirizzo(id),
      write: (row) => {
        titolari.writeIndirizzo(row)
      },
      remove: (id) => titolari.removeIndirizzo(id),
    },
    attivita: {
      get: (id) => titolari.unaAttivita(id),
      versionOf: (id) => titolari.versionOfAttivita(id),
      write: (row) => {
        titolari.writeAttivita(row)
      },
      remove: (id) => titolari.removeAttivita(id),
    },
    nota: note,
    segnalazione: segnalazioni.segnalazioni,
    messaggio: segnalazioni.messaggi,
    documento: documenti,
    impostazioni,
  }
  const all: { [K in RowKind]: Readable<RowOf[K]> } = {
    ...hanging,
    casella: { get: (id) => caselle.get(id)?.server ?? undefined, versionOf: (id) => caselle.versionOf(id) },
    titolare: { get: (id) => titolari.get(id)?.server ?? undefined, versionOf: (id) => titolari.versionOf(id) },
  }
  const show: { [K in HangingKind]?: (row: RowOf[K], shown: RowOf[K]) => void } = {
    attivita: (row, shown) => {
      titolari.writeAttivita(row, shown.ragioneSociale)
    },
  }
  return {
    get: (kind, id) => all[kind].get(id),
    versionOf: (kind, id) => all[kind].versionOf(id),
    write: (kind, row) => {
      hanging[kind].write(row)
    },
    remove: (kind, id) => {
      hanging[kind].remove(id)
    },
    show: (kind, row, shown) => {
      show[kind]?.(row, shown)
    },
  }
}

/** By what a row is known here: settings by their casella. */
export function idOfRow<K extends RowKind>(kind: K, row: RowOf[K]): string {
  return owners[kind](row).own
}

/** Under which entity the screens hear that a row changed, and by the id of what it hangs on. */
export function entityOfRow<K extends RowKind>(kind: K, row: RowOf[K]): { entity: ChangedEntity; id: string } {
  const { entity, owner } = owners[kind](row)
  return { entity, id: owner }
}

const owners: { [K in RowKind]: (row: RowOf[K]) => { own: string; entity: ChangedEntity; owner: string } } = {
  casella: ({ id }) => ({ own: id, entity: 'casella', owner: id }),
  titolare: ({ id }) => ({ own: id, entity: 'titolare', owner: id }),
  indirizzo: ({ id, titolareId }) => ({ own: id, entity: 'titolare', owner: titolareId }),
  attivita: ({ id, titolareId }) => ({ own: id, entity: 'titolare', owner: titolareId }),
  nota: ({ id, casellaId, titolareId }) => ({ own: id, entity: 'nota', owner: casellaId ?? titolareId ?? id }),
  segnalazione: ({ id }) => ({ own: id, entity: 'segnalazione', owner: id }),
  messaggio: ({ id, segnalazioneId }) => ({ own: id, entity: 'segnalazione', owner: segnalazioneId }),
  documento: ({ id, casellaId }) => ({ own: id, entity: 'documento', owner: casellaId }),
  impostazioni: ({ casellaId }) => ({ own: casellaId, entity: 'impostazioni', owner: casellaId }),
}
