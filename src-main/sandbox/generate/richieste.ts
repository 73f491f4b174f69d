import type { Capabilities } from '../../provider-contract/capabilities.ts'
import type { Casella } from '../../provider-contract/casella.ts'
import type { OperationKind, OperationState } from '../../provider-contract/operation.ts'
import type { Titolare } from '../../provider-contract/titolare.ts'
import { beginOperation } from '../operations/operations.ts'
import { richiestaDocument } from '../rules/life-rules.ts'
import type { Store } from '../store/store.ts'
import { normalizedCodiceFiscale } from './codice-fiscale.ts'
import { addDocumento } from './documenti.ts'
import { indirizzoFields, nameOf, persona } from './persona.ts'
import type { Random } from './random.ts'

/** Of active caselle, those whose holder waits for new credentials. */
const LOST = 0.008
const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

export interface RichiestaMaking {
  store: Store
  capabilities: Capabilities
  extras: Random
  now: Date
  /** Who may have asked. */
  operatori: readonly [string, ...string[]]
}

/** When a richiesta was made and by whom: one to twenty days ago, and not before the casella was active. */
export function asked(
  { now, operatori }: Pick<RichiestaMaking, 'now' | 'operatori'>,
  casellaId: string,
  attivata: string | null,
): { updatedAt: string; updatedBy: string } {
  const number = Number(casellaId.slice(1))
  const at = new Date(now.getTime() - (1 + ((number * 37) % 20)) * DAY_MS).toISOString()
  const updatedBy = operatori[number % operatori.length] ?? operatori[0]
  return { updatedAt: attivata !== null && attivata > at ? attivata : at, updatedBy }
}

/**
 * What the Gestore needs to answer a generated richiesta, yes or no (D71, D72): its operation, the documents where they are
 * required, and for a subentro who takes over. The casella is already written, last changed by its richiesta.
 */
export function addRichiesta(making: RichiestaMaking, casella: Casella): void {
  const { store, capabilities, extras } = making
  const { id: casellaId, richiesta, updatedAt: at, updatedBy } = casella
  if (richiesta === 'nessuna') return
  const user = updatedBy ?? making.operatori[0]
  const operationId = addOperation(making, casella, { kind: richiesta, state: 'waiting_provider', at, user })
  const holder = richiesta === 'subentro' ? addNewHolder(making, casella, { at, user }) : undefined
  store.life.saveRichiesta({ casellaId, titolareId: holder?.id ?? null, email: holder?.email ?? null, operationId })
  const tipo = richiestaDocument[richiesta]
  const need = capabilities.documents.types.find((type) => type.tipo === tipo)?.need ?? 'off'
  if (tipo === undefined || need === 'off' || (need === 'optional' && extras.chance(0.5))) return
  addDocumento(store, casella, { tipo, caricato: at, stato: 'ricevuto' })
}

/** D80, D81: some have lost their password, and wait for what their profile does about it. */
export function addLostPassword(making: RichiestaMaking, casella: Casella): void {
  const { store, capabilities, extras, now } = making
  const { id: casellaId, enteId, ciclo, sospesa, richiesta, comunicazioniEmail } = casella
  if (ciclo !== 'attiva' || sospesa || richiesta !== 'nessuna' || comunicazioniEmail === null) return
  if (!extras.chance(LOST)) return
  const { updatedAt: at, updatedBy: user } = asked(making, casellaId, casella.attivata)
  switch (capabilities.credentials) {
    case 'link': {
      // Still open on the day of the data: a reset link is good for 24 hours (D75).
      const mailed = now.getTime() - extras.int(11, 16) * HOUR_MS
      const sent = new Date(mailed).toISOString()
      const asking = { kind: 'reset_link', state: 'waiting_holder', at: sent, user } as const
      store.life.saveLink({
        // No digest: no token opens it, as nobody has read the mail.
        hash: `generated ${casellaId}`,
        kind: 'password',
        enteId,
        casellaId,
        operationId: addOperation(making, casella, asking),
        expires: mailed + DAY_MS,
        used: null,
        closed: 0,
        codeHash: null,
        codeExpires: null,
        attempts: 0,
      })
      return
    }
    case 'activation_data':
      addOperation(making, casella, { kind: 'activation_data', state: 'waiting_provider', at, user })
      addDocumento(store, casella, { tipo: 'nuove_credenziali', caricato: at, stato: 'ricevuto' })
      return
    case 'paper_form':
      addDocumento(store, casella, { tipo: 'nuove_credenziali', caricato: at, stato: 'ricevuto' })
  }
}

interface Asking {
  kind: OperationKind
  state: OperationState
  at: string
  user: string
}

function addOperation({ store }: RichiestaMaking, casella: Casella, { kind, state, at, user }: Asking): string {
  return beginOperation(store, { principal: { user }, at }, casella, kind, state).resource.id
}

/** Registered for the subentro, by who asked for it. */
function addNewHolder(
  { store, extras, now, capabilities }: RichiestaMaking,
  { enteId, assistenteId }: Casella,
  { at, user }: { at: string; user: string },
): Titolare {
  for (;;) {
    const { anagrafica } = persona(extras, now.getUTCFullYear(), capabilities)
    const cf = normalizedCodiceFiscale(anagrafica.codiceFiscale)
    if (store.names.titolareOf(enteId, cf) !== undefined) continue
    const id = store.resources.nextId('titolare')
    store.names.addTitolare(enteId, cf, id)
    const email = anagrafica.email ?? `${nameOf(`${anagrafica.nome} ${anagrafica.cognome}`)}@posta.example`
    const tracked = { version: 1, updatedAt: at, updatedBy: user, enteId }
    const titolare: Titolare = { id, ...tracked, ...anagrafica, email }
    const placement = { enteId, titolareId: id, casellaId: null, assistenteId: null }
    store.resources.insert('titolare', titolare, placement)
    const indirizzo = { id: store.resources.nextId('indirizzo'), ...tracked, titolareId: id }
    store.resources.insert('indirizzo', { ...indirizzo, ...indirizzoFields(extras, titolare) }, placement)
    if (assistenteId !== null) store.names.grant(assistenteId, id)
    return titolare
  }
}
