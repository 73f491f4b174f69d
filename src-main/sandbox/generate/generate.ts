import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Capabilities } from '../../provider-contract/capabilities.ts'
import type { Casella } from '../../provider-contract/casella.ts'
import type { Titolare } from '../../provider-contract/titolare.ts'
import { activationFiles, addDays, generatedPasswordDay, passwordExpiry, romeDay } from '../rules/life-rules.ts'
import type { Placement } from '../store/resource-store.ts'
import type { Store } from '../store/store.ts'
import { normalizedCodiceFiscale } from './codice-fiscale.ts'
import { addCommonTexts } from './common-texts.ts'
import { addDocumento } from './documenti.ts'
import { registeredOf } from './documento-identita.ts'
import { type EnteProva, enti } from './enti.ts'
import { messageHistory } from './message-history.ts'
import { type Persona, attivitaFields, indirizzoFields, nameOf, persona } from './persona.ts'
import { type Random, createRandom } from './random.ts'
import { addLostPassword, addRichiesta, asked } from './richieste.ts'
import { madeSegnalazione } from './segnalazioni.ts'
import { CASELLE_WITH_STORICO, generatedStorico } from './storico.ts'
import { vita } from './vita.ts'

export interface Generation {
  store: Store
  capabilities: Capabilities
  /** Caselle of the first ente; the others have their own. */
  caselle: number
  seed: number
  /** Its day is the day of the data: the same seed on the same day gives the same rows. */
  now: Date
  progress: (done: number, total: number) => void
}

const HOLDERS_PER_TRANSACTION = 2_000
/** Of caselle with a segnalazione in the last year, and with a nota. */
const REPORTED = 0.004
const NOTED = 0.02

interface Context extends Generation {
  random: Random
  /** For what hangs on a casella: the caselle themselves stay the same whatever is added to them. */
  extras: Random
  ente: EnteProva
  assistenteIds: string[]
  domini: { id: string; nome: string }[]
  /** Users of the ente. */
  operatori: readonly [string, ...string[]]
}

/** Fills an empty store. Rows are written as they are made; nothing piles up in memory. */
export async function generate(generation: Generation): Promise<void> {
  const { store, caselle, seed } = generation
  const now = new Date(`${generation.now.toISOString().slice(0, 10)}T10:00:00.000Z`)
  const total = enti.reduce((sum, ente) => sum + ente.caselle, caselle)
  store.transaction(() => {
    addCommonTexts(store, now)
  })
  let done = 0
  for (const [index, ente] of enti.entries()) {
    const context: Context = {
      ...generation,
      now,
      ente,
      random: createRandom(seed * 2 + index + Math.max(0, index - 1) * 0x51_7c_c1_b7),
      extras: createRandom(Math.imul(seed + 1, 0x27_22_0a_95) ^ index),
      operatori: ente.id === 'E1' ? ['demo', 'collega'] : ['protocollo'],
      ...store.transaction(() => addEnte(store, ente, now)),
    }
    const target = done + (index === 0 ? caselle : ente.caselle)
    while (done < target) {
      done = store.transaction(() => {
        let reached = done
        for (let holders = 0; holders < HOLDERS_PER_TRANSACTION && reached < target; holders += 1) {
          reached += addTitolare(context, target - reached)
        }
        return reached
      })
      generation.progress(done, total)
      await nextTurn()
    }
  }
}

function addEnte(store: Store, ente: EnteProva, now: Date): Pick<Context, 'assistenteIds' | 'domini'> {
  const tracked = { version: 1, updatedAt: now.toISOString(), updatedBy: null, enteId: ente.id }
  const placement: Placement = { enteId: ente.id, titolareId: null, casellaId: null, assistenteId: null }
  const { id, nome, aggregatore, adesione, referente, comunicazioniEmail, telefono } = ente
  const row = { id, ...tracked, nome, aggregatore, referente, comunicazioniEmail, telefono }
  const joined = { aggregatoreId: adesione?.aggregatoreId ?? null, adesione: adesione?.dal ?? null }
  store.resources.insert('ente', { ...row, ...joined }, placement)
  const domini = ente.domini.map((dominio) => {
    const id = store.resources.nextId('dominio')
    store.resources.insert('dominio', { id, ...tracked, ...dominio }, placement)
    return { id, nome: dominio.nome }
  })
  const assistenteIds = ente.assistenti.map((assistente) => {
    const id = store.resources.nextId('assistente')
    store.resources.insert('assistente', { id, ...tracked, ...assistente }, { ...placement, assistenteId: id })
    return id
  })
  return { domini, assistenteIds }
}

/** How many caselle a holder has: about 1.4 on average, some entities many. */
function caselleOf(random: Random, isEntity: boolean): number {
  const draw = random.next()
  if (draw < 0.76) return 1
  if (draw < 0.92) return 2
  if (draw < 0.97) return 3
  if (draw < 0.995 || !isEntity) return random.int(3, 5)
  return random.int(6, 12)
}

/** Writes one holder with what belongs to it; the number of caselle written, at most `room`. */
function addTitolare(context: Context, room: number): number {
  const { store, random, ente, now, capabilities } = context
  const holder = persona(random, now.getUTCFullYear(), capabilities)
  const cf = normalizedCodiceFiscale(holder.anagrafica.codiceFiscale)
  if (store.names.titolareOf(ente.id, cf) !== undefined) return 0
  const { ragioneSociale, anagrafica } = holder
  const id = store.resources.nextId('titolare')
  store.names.addTitolare(ente.id, cf, id)

  const count = Math.min(room, caselleOf(random, ragioneSociale !== null))
  const vite = Array.from({ length: count }, () => vita(random, now, capabilities))
  const since = vite.map((each) => each.inserita).sort()[0] ?? now.toISOString()
  const tracked = { version: 1, updatedAt: since, updatedBy: null, enteId: ente.id }
  const today = now.toISOString().slice(0, 10)
  const registered = registeredOf({ id, ...anagrafica }, ragioneSociale, { seed: context.seed, today, capabilities })
  const titolare: Titolare = { id, ...tracked, ...anagrafica, ...registered }
  const placement: Placement = { enteId: ente.id, titolareId: id, casellaId: null, assistenteId: null }
  store.resources.insert('titolare', titolare, placement)

  for (let left = random.chance(0.85) ? 1 : 2; left > 0; left -= 1) {
    const indirizzo = { id: store.resources.nextId('indirizzo'), ...tracked, titolareId: id }
    store.resources.insert('indirizzo', { ...indirizzo, ...indirizzoFields(random, titolare) }, placement)
  }
  if (ragioneSociale !== null) {
    const attivita = { id: store.resources.nextId('attivita'), ...tracked, titolareId: id }
    store.resources.insert('attivita', { ...attivita, ...attivitaFields(random, holder, ragioneSociale) }, placement)
  }
  const assistenteId = random.chance(0.35)
    ? (context.assistenteIds[random.int(0, context.assistenteIds.length - 1)] ?? null)
    : null
  if (assistenteId !== null) store.names.grant(assistenteId, id)
  for (const [index, each] of vite.entries()) {
    addCasella(context, { titolare, holder, cf, assistenteId, index }, each)
  }
  return count
}

interface Owner {
  titolare: Titolare
  holder: Persona
  cf: string
  assistenteId: string | null
  /** Which of the holder's caselle it is. */
  index: number
}

const refusals = [
  'Manca la firma del titolare.',
  'Il documento non è leggibile.',
  'Il modulo è di un’altra casella.',
] as const
const REPARTI = ['amministrazione', 'protocollo', 'fatture', 'gare', 'personale', 'direzione'] as const

function addCasella(context: Context, owner: Owner, each: ReturnType<typeof vita>): void {
  const { store, random, ente } = context
  const { titolare, holder, cf, assistenteId, index } = owner
  const id = store.resources.nextId('casella')
  const dominio = random.pick([context.domini[0] ?? { id: '', nome: '' }, ...context.domini])
  const suffix = index === 0 ? '' : holder.ragioneSociale === null ? `.${index + 1}` : `.${random.pick(REPARTI)}`
  const wanted = nameOf(`${holder.nomeCasella}${suffix}`).slice(0, 52).replace(/\.$/, '')
  const isBurned = each.ciclo === 'eliminata'
  const isTaken = (name: string) => !store.names.takeIfNew(`${name}@${dominio.nome}`, id, cf, isBurned)
  let denominazione = wanted
  if (isTaken(denominazione)) {
    denominazione = `${wanted}${random.int(10, 99)}`
    if (isTaken(denominazione)) {
      denominazione = `${wanted}.${Number(id.slice(1))}`
      isTaken(denominazione)
    }
  }
  const updatedBy = random.chance(0.4) ? random.pick(['collega', 'Gestore']) : null
  const casella: Casella = {
    id,
    version: 1,
    enteId: ente.id,
    denominazione,
    dominioId: dominio.id,
    dominio: dominio.nome,
    indirizzo: `${denominazione}@${dominio.nome}`,
    titolareId: titolare.id,
    assistenteId,
    comunicazioniEmail: random.chance(0.9) ? titolare.email : null,
    ...each,
    passwordScadeIl: passwordEnd(context, id, each),
    ...(each.richiesta === 'nessuna' ? { updatedBy } : asked(context, id, each.attivata)),
  }
  const placement: Placement = { enteId: ente.id, titolareId: titolare.id, casellaId: id, assistenteId }
  store.resources.insert('casella', casella, placement)
  addStorico(context, casella, placement)
  const { types } = context.capabilities.documents
  const tipo = types.find(({ need }) => need === 'required')?.tipo ?? 'altro'
  if (each.attivata !== null && !isBurned && random.chance(0.25)) {
    addDocumento(store, casella, { tipo, caricato: each.attivata, stato: 'accettato' })
  }
  addActivationDocuments(context, casella)
  addRichiesta(context, casella)
  addLostPassword(context, casella)
  addExtras(context, casella, holder)
}

/** D77, D78: when the password of a generated casella ends, as the work of each day will have it. */
function passwordEnd({ now, capabilities }: Context, id: string, each: ReturnType<typeof vita>): string | null {
  const { expiryDays } = capabilities.passwordPolicy
  if (each.ciclo !== 'attiva') return null
  const today = romeDay(now)
  if (each.passwordScaduta) return addDays(today, -(1 + (Number(id.slice(1)) % 40)))
  return passwordExpiry(generatedPasswordDay(id, today), expiryDays)
}

/** D88. What came before the data has no version of its own: a generated casella begins with the first. */
function addStorico({ store, capabilities, operatori }: Context, casella: Casella, placement: Placement): void {
  const { id, enteId, titolareId, version } = casella
  if (Number(id.slice(1)) > CASELLE_WITH_STORICO) return
  for (const entry of generatedStorico(casella, capabilities, operatori)) {
    const tracked = { version: 1, updatedAt: entry.quando, updatedBy: entry.chi, enteId, versione: version }
    const about = { risorsa: 'casella', risorsaId: id, casellaId: id, titolareId }
    store.resources.insert(
      'storico',
      { id: store.resources.nextId('storico'), ...tracked, ...about, ...entry },
      placement,
    )
  }
}

/** D60, D62: most of those that wait for the Gestore have sent what it asks for; what it refused has its reason. */
function addActivationDocuments({ store, capabilities, extras }: Context, casella: Casella): void {
  const { ciclo, inserita: caricato } = casella
  const files = activationFiles(capabilities.activation)
  if (ciclo === 'documenti_errati') {
    addDocumento(store, casella, { tipo: 'attivazione', caricato, stato: 'respinto', motivo: extras.pick(refusals) })
  } else if (ciclo === 'in_attesa_gestore' && extras.chance(0.7)) {
    for (let sent = 0; sent < files; sent += 1) {
      addDocumento(store, casella, { tipo: 'attivazione', caricato, stato: 'ricevuto' })
    }
  }
}

/** The messages of the last two years, and what operators wrote about the casella. */
function addExtras(context: Context, casella: Casella, { ragioneSociale }: Persona): void {
  const { store, extras, now, operatori, capabilities } = context
  const { id: casellaId, titolareId, assistenteId, enteId, updatedAt, inserita } = casella
  const history = messageHistory(extras, casella, ragioneSociale !== null, now)
  if (history !== null) store.history.save(casella, history)
  const placement: Placement = { enteId, titolareId, casellaId, assistenteId }
  if (extras.chance(NOTED)) {
    const autore = extras.pick(operatori)
    const scritta = extras.chance(0.5) ? inserita : updatedAt
    const tracked = { version: 1, updatedAt: scritta, updatedBy: autore, enteId }
    const nota = { casellaId, titolareId: null, testo: extras.pick(note), autore, scritta }
    store.resources.insert('nota', { id: store.resources.nextId('nota'), ...tracked, ...nota }, placement)
  }
  if (capabilities.tickets !== 'api' || !extras.chance(REPORTED)) return
  const { segnalazione, messaggi } = madeSegnalazione(extras, casella, operatori, now)
  const segnalazioneId = store.resources.nextId('segnalazione')
  const hung = { ...placement, titolareId: null }
  store.resources.insert('segnalazione', { id: segnalazioneId, version: 1, enteId, ...segnalazione }, hung)
  for (const messaggio of messaggi) {
    const id = store.resources.nextId('messaggio')
    store.resources.insert('messaggio', { id, version: 1, enteId, segnalazioneId, ...messaggio }, hung)
  }
}

const note = [
  'Il titolare preferisce essere chiamato al mattino.',
  'Documento d’identità verificato allo sportello.',
  'Chiesto l’aggiornamento dell’e-mail di comunicazione.',
  'La casella serve per le fatture: avvisare prima di ogni modifica.',
  'Delega depositata agli atti.',
] as const
