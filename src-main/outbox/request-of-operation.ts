import { isLocalId } from '../contract/local-id.ts'
import { etagOf } from '../provider-contract/scalar.ts'
import { titolarePatchOf } from '../titolari/titolare-row-fields.ts'
import { impostazioniPutOf } from '../impostazioni/impostazioni-fields.ts'
import { fieldsOfRow, pathOfRow, type RowOf } from './editable-rows.ts'
import {
  hasAbsorbedChanged,
  idempotencyKey,
  type CasellaAzione,
  type FrozenRequest,
  type Operation,
  type RowKind,
} from './operation.ts'

/** What is known of the archive when an operation is about to be sent. */
export interface SendingFacts {
  /** The provider's id for a local one; the id itself when it is the provider's; undefined while it has none. */
  serverId(id: string): string | undefined
  /** The version of the provider's row, on which the rebase found no conflict. */
  version(kind: RowKind, id: string): number | undefined
  /** The provider's row of a holder that a merge takes away. */
  titolare(id: string): RowOf['titolare'] | undefined
  /** The provider's row, where a change is sent as the whole of it. */
  impostazioni(casellaId: string): RowOf['impostazioni'] | undefined
  /** The upload that holds the document's bytes, complete and checked. */
  uploadId: string | null
}

export type RequestOrWait =
  | { kind: 'request'; request: FrozenRequest }
  /** Names a row that another operation has yet to make. */
  | { kind: 'waits'; for: string }
  | { kind: 'gone' }
  /** A holder that a merge takes away is no longer what its operator saw. */
  | { kind: 'absorbed_changed'; titolare: string }
  /** What is wanted does not fit what the row has become. */
  | { kind: 'unfit' }

const JSON_TYPE = 'application/json'
const MERGE_PATCH = 'application/merge-patch+json'
const azioni: Record<CasellaAzione, string> = {
  reset_link: 'reset-link',
  contract_resend: 'resend-contract',
  activation_data: 'activation-data',
}

/** The request of an operation, from its arguments and what the archive knows. Pure: the same facts give the same bytes. */
export function requestOf(operation: Operation, facts: SendingFacts): RequestOrWait {
  const key = idempotencyKey(operation)
  const { args, row } = operation

  const post = (path: string, body: object | null): RequestOrWait => ({
    kind: 'request',
    request: {
      method: 'POST',
      path,
      key,
      ifMatch: null,
      contentType: JSON_TYPE,
      body: body === null ? '' : JSON.stringify(body),
    },
  })
  /** A request on a row that stands at the provider, at the version on which it was rebased. */
  const onRow = (
    method: 'PATCH' | 'PUT' | 'DELETE' | 'POST',
    contentType: string,
    bodyAt: (id: string) => object | null | undefined,
    below = '',
  ): RequestOrWait => {
    if (row === null) return { kind: 'gone' }
    const id = facts.serverId(row.id)
    if (id === undefined) return { kind: 'waits', for: row.id }
    const version = facts.version(row.kind, id)
    const body = bodyAt(id)
    if (version === undefined) return { kind: 'gone' }
    if (body === undefined) return { kind: 'unfit' }
    return {
      kind: 'request',
      request: {
        method,
        path: `${pathOfRow(row.kind, id)}${below}`,
        key,
        ifMatch: etagOf(version),
        contentType,
        body: body === null ? '' : JSON.stringify(body),
      },
    }
  }
  /** A creation that names another row by an id that may still be given only here. */
  const naming = (id: string | null, body: (serverId: string | null) => RequestOrWait): RequestOrWait => {
    if (id === null) return body(null)
    const serverId = facts.serverId(id)
    return serverId === undefined ? { kind: 'waits', for: id } : body(serverId)
  }
  const onCasella = (casellaId: string, path: string, body: object | null): RequestOrWait =>
    naming(casellaId, (id) => post(`/caselle/${encodeURIComponent(id ?? '')}/${path}`, body))

  switch (args.type) {
    case 'titolare.update':
      return onRow('PATCH', MERGE_PATCH, () => titolarePatchOf(args.fields))
    case 'casella.update':
    case 'indirizzo.update':
    case 'attivita.update':
    case 'nota.update':
    case 'segnalazione.update':
      return onRow('PATCH', MERGE_PATCH, () => args.fields)
    case 'casella.delete':
    case 'titolare.delete':
    case 'indirizzo.delete':
    case 'attivita.delete':
    case 'nota.delete':
    case 'documento.delete':
      return onRow('DELETE', JSON_TYPE, () => null)
    case 'impostazioni.update':
      return onRow('PUT', JSON_TYPE, (id) => {
        const known = facts.impostazioni(id)
        return known === undefined
          ? undefined
          : impostazioniPutOf({ ...fieldsOfRow('impostazioni', known), ...args.fields })
      })
    case 'titolare.fusione': {
      const assorbiti = args.assorbiti.map(({ id }) => ({ id, version: facts.version('titolare', id) }))
      // One of them is no more: what would pass over with it is not known.
      if (assorbiti.some(({ version }) => version === undefined)) return { kind: 'gone' }
      const changed = args.assorbiti.find(({ id }) => {
        const row = facts.titolare(id)
        return row !== undefined && hasAbsorbedChanged(operation, id, fieldsOfRow('titolare', row))
      })
      if (changed !== undefined) return { kind: 'absorbed_changed', titolare: changed.nome }
      return onRow('POST', JSON_TYPE, () => ({ assorbiti, campi: titolarePatchOf(args.fields) }), '/fusione')
    }
    case 'titolare.create':
      return post('/titolari', args.titolare)
    case 'casella.create':
      return naming(args.casella.titolareId, (titolareId) =>
        naming(args.casella.indirizzoId ?? null, (indirizzoId) =>
          naming(args.casella.attivitaId ?? null, (attivitaId) =>
            post('/caselle', {
              ...args.casella,
              titolareId,
              // A provider that knows neither is not asked about them.
              ...(indirizzoId === null ? {} : { indirizzoId }),
              ...(attivitaId === null ? {} : { attivitaId }),
            }),
          ),
        ),
      )
    case 'indirizzo.create':
      return naming(args.indirizzo.titolareId, (titolareId) => post('/indirizzi', { ...args.indirizzo, titolareId }))
    case 'attivita.create':
      return naming(args.attivita.titolareId, (titolareId) => post('/attivita', { ...args.attivita, titolareId }))
    case 'nota.create':
      return naming(args.nota.casellaId, (casellaId) =>
        naming(args.nota.titolareId, (titolareId) => post('/note', { ...args.nota, casellaId, titolareId })),
      )
    case 'segnalazione.create':
      return naming(args.segnalazione.casellaId, (casellaId) =>
        post('/segnalazioni', { ...args.segnalazione, casellaId }),
      )
    case 'messaggio.create':
      return naming(args.messaggio.segnalazioneId, (segnalazioneId) => {
        const { allegato } = args
        if (allegato === undefined) return post('/messaggi', { ...args.messaggio, segnalazioneId })
        const { uploadId } = facts
        if (uploadId === null) return { kind: 'gone' }
        const allegati = [{ uploadId, nomeFile: allegato.nomeFile, sha256: allegato.sha256 }]
        return post('/messaggi', { ...args.messaggio, segnalazioneId, allegati })
      })
    case 'casella.richiesta': {
      const { richiesta } = args
      if (richiesta.tipo !== 'subentro') return onCasella(args.casellaId, 'richieste', richiesta)
      return naming(richiesta.titolareId, (titolareId) =>
        onCasella(args.casellaId, 'richieste', { ...richiesta, titolareId }),
      )
    }
    case 'casella.azione':
      return onCasella(args.casellaId, `azioni/${azioni[args.azione]}`, null)
    case 'documento.attach': {
      const { tipo, formato, nomeFile, sha256 } = args
      const { uploadId } = facts
      return naming(args.casellaId, (casellaId) =>
        uploadId === null
          ? { kind: 'gone' }
          : post('/documenti', { uploadId, casellaId, tipo, formato, nomeFile, sha256 }),
      )
    }
  }
}

/** The id as the provider knows it, through the map of ids given here. */
export function serverIdWith(mapped: (localId: string) => string | undefined): (id: string) => string | undefined {
  return (id) => (isLocalId(id) ? mapped(id) : id)
}
