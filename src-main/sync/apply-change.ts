import { statoCasella } from '../caselle/stato-casella.ts'
import type { CasellaStore } from '../caselle/casella-store.ts'
import type { ChangedEntity } from '../contract/event.ts'
import type { DominioStore } from '../domini/dominio-store.ts'
import type { RowOf } from '../outbox/editable-rows.ts'
import type { Projection } from '../outbox/projection.ts'
import { entityOfRow, type HangingKind, type ServerRows } from '../outbox/server-rows.ts'
import type { AnyChangeItem, AnyResourceType, AnyUpsertItem } from '../provider-contract/feed.ts'
import type { RichiestaStore } from '../richieste/richiesta-store.ts'
import type { TitolareStore } from '../titolari/titolare-store.ts'

export interface ChangeTarget {
  domini: DominioStore
  titolari: TitolareStore
  caselle: CasellaStore
  richieste: RichiestaStore
  rows: ServerRows
  projection: Projection
  touched: (entity: ChangedEntity, id: string) => void
}

/**
 * What a row comes to. `filling`: an empty archive takes its first snapshot. `alone`: it does, and nothing waits in the
 * outbox, so that what the provider says of a row is what the screens show of it.
 */
export type Arrival = 'change' | 'filling' | 'alone'

function writeHanging<K extends HangingKind>(kind: K, row: RowOf[K], { rows, touched }: ChangeTarget): void {
  rows.write(kind, row)
  const { entity, id } = entityOfRow(kind, row)
  touched(entity, id)
}

/** Inserts a row of which the archive has nothing; false, and nothing done, where it has it. */
function fill(item: AnyUpsertItem, target: ChangeTarget, text: string): boolean {
  const { titolari, caselle, rows, touched } = target
  switch (item.type) {
    case 'titolare':
      if (!titolari.fill(item.data, text)) return false
      touched('titolare', item.id)
      return true
    case 'attivita':
      if (!titolari.fillAttivita(item.data, text)) return false
      touched('titolare', item.data.titolareId)
      return true
    case 'casella': {
      const holder = titolari.holder(item.data.titolareId) ?? { titolare: '', codiceFiscale: '', ragioneSociale: null }
      if (!caselle.fill(item.data, text, holder, statoCasella(item.data))) return false
      touched('casella', item.id)
      return true
    }
    case 'documento':
    case 'nota':
    case 'segnalazione':
    case 'messaggio': {
      if (rows.versionOf(item.type, item.id) !== undefined) return false
      writeHanging(item.type, item.data, target)
      return true
    }
    case 'indirizzo':
      titolari.fillIndirizzo(item.data, text)
      touched('titolare', item.data.titolareId)
      return true
    case 'ente':
    case 'dominio':
    case 'assistente':
    case 'operation':
    case 'storico':
      return false
  }
}

function applyUpsert(item: AnyUpsertItem, target: ChangeTarget, arrival: Arrival, text: string | null): void {
  if (arrival === 'alone' && fill(item, target, text ?? JSON.stringify(item.data))) return
  const filling = arrival !== 'change'
  const { domini, titolari, richieste, projection, touched } = target
  const isNews = (known: number | undefined): boolean => known === undefined || known < item.version
  switch (item.type) {
    case 'dominio':
      if (!isNews(domini.versionOfDominio(item.id))) return
      domini.writeDominio(item.data)
      touched('dominio', item.id)
      return
    case 'assistente':
      if (!isNews(domini.versionOfAssistente(item.id))) return
      domini.writeAssistente(item.data)
      touched('assistente', item.id)
      return
    case 'titolare':
      if (!filling) {
        projection.pulled('titolare', item.data)
        return
      }
      // While an empty archive fills, nothing waits for a holder, and caselle come after it.
      if (!isNews(titolari.versionOf(item.id))) return
      titolari.write({ id: item.id, version: item.version, server: item.data, local: null }, 0)
      touched('titolare', item.id)
      return
    case 'indirizzo':
      if (!filling) {
        projection.pulled('indirizzo', item.data)
        return
      }
      titolari.writeIndirizzo(item.data)
      touched('titolare', item.data.titolareId)
      return
    case 'attivita':
      if (!filling) {
        projection.pulled('attivita', item.data)
        return
      }
      titolari.writeAttivita(item.data)
      touched('titolare', item.data.titolareId)
      return
    case 'casella':
      projection.pulled('casella', item.data)
      return
    case 'documento':
      projection.pulled('documento', item.data)
      return
    case 'nota':
      projection.pulled('nota', item.data)
      return
    case 'segnalazione':
      projection.pulled('segnalazione', item.data)
      return
    case 'messaggio':
      projection.pulled('messaggio', item.data)
      return
    case 'operation':
      if (!isNews(richieste.versionOf(item.id))) return
      richieste.write(item.data)
      touched('richiesta', item.data.casellaId)
      return
    case 'ente':
    case 'storico':
      // Not asked for (feedTypes): the storico is read where it is looked at.
      return
  }
}

function applyDelete(
  type: AnyResourceType,
  id: string,
  { domini, richieste, projection, touched }: ChangeTarget,
): void {
  switch (type) {
    case 'dominio':
      domini.removeDominio(id)
      touched('dominio', id)
      return
    case 'assistente':
      domini.removeAssistente(id)
      touched('assistente', id)
      return
    case 'operation': {
      const gone = richieste.remove(id)
      if (gone !== undefined) touched('richiesta', gone.casellaId)
      return
    }
    case 'casella':
    case 'titolare':
    case 'indirizzo':
    case 'attivita':
    case 'documento':
    case 'nota':
    case 'segnalazione':
    case 'messaggio':
      projection.removed(type, id)
      return
    case 'ente':
    case 'storico':
      return
  }
}

/**
 * Writes one change of the feed into the archive; runs inside the transaction that also moves the cursor (rule 7).
 * A version that is already known is passed over. `text`: the row as JSON, where the caller has it.
 */
export function applyChange(
  item: AnyChangeItem,
  target: ChangeTarget,
  arrival: Arrival,
  text: string | null = null,
): void {
  switch (item.op) {
    case 'upsert':
      applyUpsert(item, target, arrival, text)
      return
    case 'delete':
      applyDelete(item.type, item.id, target)
  }
}
