import { CommandError } from '../command-error.ts'
import type { CasellaRow } from '../contract/casella.ts'
import type { AttivitaRow, IndirizzoRow } from '../contract/registro.ts'
import { checkCodiceFiscale } from '../contract/rules/codice-fiscale.ts'
import type { TitolareDetail } from '../contract/titolare.ts'
import type { Operation } from '../outbox/operation.ts'
import { pendingDeletion, pendingFields, shownRow } from '../outbox/pending-row.ts'
import type { Attivita, Indirizzo } from '../provider-contract/titolare.ts'
import type { TitolareStore } from './titolare-store.ts'

const nothingPending = { createdBy: null, pendingFields: [], deletedBy: null }

function indirizzoFields({ via, localita, provincia, cap, telefono, fax, email, cellulare }: Indirizzo) {
  return { via, localita, provincia, cap, telefono, fax, email, cellulare }
}
function attivitaFields(row: Attivita) {
  const { ragioneSociale, formaGiuridica, partitaIva, rea, codiceDestinatario, pecDestinatario } = row
  const { referenteAmministrativo } = row
  return {
    ragioneSociale,
    formaGiuridica,
    partitaIva,
    rea,
    codiceDestinatario,
    pecDestinatario,
    referenteAmministrativo,
    codiceIpa: row.codiceIpa ?? null,
  }
}

/** D22-D25: a holder with addresses, companies and caselle, each with what waits on top. Throws CommandError `not_found`. */
export function titolareDetail(
  id: string,
  titolari: TitolareStore,
  ports: {
    caselle(titolareId: string): CasellaRow[]
    serverIdOf(localId: string): string | undefined
    operations(titolareId: string): Operation[]
    mergeAbsorbing(titolareId: string): Operation | undefined
    timeOfDay(steady: number): string
  },
): TitolareDetail {
  const known = ports.serverIdOf(id) ?? id
  const stored = titolari.get(known)
  const base = stored?.server ?? stored?.local?.titolare
  const row = titolari.row(known)
  if (base === undefined || row === undefined) throw new CommandError('not_found', 'no such holder')
  const visible = ports.operations(known)
  const { version: _version, ...titolare } = shownRow('titolare', base, visible)
  const own = (kind: 'indirizzo' | 'attivita', rowId: string): Operation[] =>
    visible.filter((operation) => operation.row?.kind === kind && operation.row.id === rowId)

  /** What was entered together with a holder that has not left goes with the holder's own creation. */
  const creation = visible.find(({ args }) => args.type === 'titolare.create')?.opId ?? null

  function indirizzi(): IndirizzoRow[] {
    const entered = (stored?.local?.indirizzi ?? []).map((each) => ({
      ...indirizzoFields(each),
      ...nothingPending,
      id: each.id,
      titolareId: known,
      createdBy: creation,
    }))
    const sent = titolari.indirizzi(known).map((each): IndirizzoRow => {
      const operations = own('indirizzo', each.id)
      return {
        ...indirizzoFields(shownRow('indirizzo', each, operations)),
        id: each.id,
        titolareId: known,
        createdBy: null,
        pendingFields: pendingFields('indirizzo', each, operations, ports.timeOfDay),
        deletedBy: pendingDeletion('indirizzo', operations)?.opId ?? null,
      }
    })
    const queued = visible.flatMap(({ opId, args }): IndirizzoRow[] =>
      args.type === 'indirizzo.create'
        ? [{ ...args.indirizzo, ...nothingPending, id: args.id, titolareId: known, createdBy: opId }]
        : [],
    )
    return [...entered, ...sent, ...queued]
  }

  function attivita(): AttivitaRow[] {
    const entered = (stored?.local?.attivita ?? []).map((each) => ({
      ...attivitaFields(each),
      ...nothingPending,
      id: each.id,
      titolareId: known,
      createdBy: creation,
    }))
    const sent = titolari.attivita(known).map((each): AttivitaRow => {
      const operations = own('attivita', each.id)
      return {
        ...attivitaFields(shownRow('attivita', each, operations)),
        id: each.id,
        titolareId: known,
        createdBy: null,
        pendingFields: pendingFields('attivita', each, operations, ports.timeOfDay),
        deletedBy: pendingDeletion('attivita', operations)?.opId ?? null,
      }
    })
    const queued = visible.flatMap(({ opId, args }): AttivitaRow[] =>
      args.type === 'attivita.create'
        ? [{ ...args.attivita, ...nothingPending, id: args.id, titolareId: known, createdBy: opId }]
        : [],
    )
    return [...entered, ...sent, ...queued]
  }

  return {
    titolare,
    codiceFiscaleWarning: !['valid', 'empty'].includes(checkCodiceFiscale(titolare.codiceFiscale)),
    indirizzi: indirizzi(),
    attivita: attivita(),
    caselle: ports.caselle(known),
    inCoda: row.inCoda,
    pendingFields: pendingFields('titolare', base, visible, ports.timeOfDay),
    deletedBy: pendingDeletion('titolare', visible)?.opId ?? null,
    fusione: fusioneOf(ports.mergeAbsorbing(known)),
  }
}

function fusioneOf(merge: Operation | undefined): TitolareDetail['fusione'] {
  return merge?.titolareId == null
    ? null
    : { operationId: merge.opId, titolareId: merge.titolareId, nome: merge.subject }
}
