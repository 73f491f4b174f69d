import type { ChangedEntity } from '../contract/event.ts'
import type { DominioStore } from '../domini/dominio-store.ts'
import type { Projection } from '../outbox/projection.ts'
import type { AnyChangeItem, AnyResourceType, AnyUpsertItem } from '../provider-contract/feed.ts'
import type { RichiestaStore } from '../richieste/richiesta-store.ts'
import type { TitolareStore } from '../titolari/titolare-store.ts'

export interface ChangeTarget {
  domini: DominioStore
  titolari: TitolareStore
  richieste: RichiestaStore
  projection: Projection
  touched: (entity: ChangedEntity, id: string) => void
}

function applyUpsert(item: AnyUpsertItem, target: ChangeTarget, filling: boolean): void {
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
 * A version that is already known is passed over. `filling`: an empty archive takes its first snapshot.
 */
export function applyChange(item: AnyChangeItem, target: ChangeTarget, filling: boolean): void {
  switch (item.op) {
    case 'upsert':
      applyUpsert(item, target, filling)
      return
    case 'delete':
      applyDelete(item.type, item.id, target)
  }
}
