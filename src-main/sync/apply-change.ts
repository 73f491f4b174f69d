import type { ChangedEntity } from '../contract/event.ts'
import type { DominioStore } from '../domini/dominio-store.ts'
import type { DocumentoStore } from '../documenti/documento-store.ts'
import type { Projection } from '../outbox/projection.ts'
import type { ChangeItem, ResourceType, UpsertItem } from '../provider-contract/feed.ts'
import type { TitolareStore } from '../titolari/titolare-store.ts'

export interface ChangeTarget {
  domini: DominioStore
  titolari: TitolareStore
  documenti: DocumentoStore
  projection: Projection
  touched: (entity: ChangedEntity, id: string) => void
}

function applyUpsert(item: UpsertItem, target: ChangeTarget, filling: boolean): void {
  const { domini, titolari, documenti, projection, touched } = target
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
      if (!isNews(titolari.versionOf(item.id))) return
      titolari.write({ id: item.id, version: item.version, server: item.data, local: null }, 0)
      touched('titolare', item.id)
      // While an empty archive fills, caselle come after their holders.
      if (!filling) projection.caselleOfTitolare(item.id)
      return
    case 'indirizzo':
      if (!isNews(titolari.versionOfIndirizzo(item.id))) return
      titolari.writeIndirizzo(item.data)
      touched('titolare', item.data.titolareId)
      return
    case 'attivita':
      if (!isNews(titolari.versionOfAttivita(item.id))) return
      titolari.writeAttivita(item.data)
      touched('titolare', item.data.titolareId)
      if (!filling) projection.caselleOfTitolare(item.data.titolareId)
      return
    case 'casella':
      projection.pulledCasella(item.data)
      return
    case 'documento':
      if (!isNews(documenti.versionOf(item.id))) return
      documenti.write(item.data)
      touched('documento', item.data.casellaId)
  }
}

function applyDelete(
  type: ResourceType,
  id: string,
  { domini, titolari, documenti, projection, touched }: ChangeTarget,
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
    case 'titolare':
      titolari.remove(id)
      touched('titolare', id)
      return
    case 'indirizzo': {
      const titolareId = titolari.removeIndirizzo(id)
      if (titolareId !== undefined) touched('titolare', titolareId)
      return
    }
    case 'attivita': {
      const titolareId = titolari.removeAttivita(id)
      if (titolareId === undefined) return
      touched('titolare', titolareId)
      projection.caselleOfTitolare(titolareId)
      return
    }
    case 'casella':
      projection.removedCasella(id)
      return
    case 'documento': {
      const casellaId = documenti.remove(id)
      if (casellaId !== undefined) touched('documento', casellaId)
    }
  }
}

/**
 * Writes one change of the feed into the archive; runs inside the transaction that also moves the cursor (rule 7).
 * A version that is already known is passed over. `filling`: an empty archive takes its first snapshot.
 */
export function applyChange(item: ChangeItem, target: ChangeTarget, filling: boolean): void {
  switch (item.op) {
    case 'upsert':
      applyUpsert(item, target, filling)
      return
    case 'delete':
      applyDelete(item.type, item.id, target)
  }
}
