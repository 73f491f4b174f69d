import { isLocalId } from '../contract/local-id.ts'
import { CommandError } from '../command-error.ts'
import type { CasellaCreateRequest } from '../contract/casella.ts'
import { normaliseCodiceFiscale } from '../contract/rules/codice-fiscale.ts'
import { checkDenominazione, cleanDenominazione } from '../contract/rules/denominazione.ts'
import { checkDocumentoDays } from '../contract/rules/documento-identita.ts'
import { cleanEmail, isEmail } from '../contract/rules/email.ts'
import { defaultSoftLimitMb } from '../contract/rules/soft-limit.ts'
import type { ArchiveDb } from '../db/database.ts'
import type { Clock } from '../environment.ts'
import { changedFields, newLocalId, type Enqueue } from '../outbox/enqueue.ts'
import { laneOfCasella } from '../outbox/operation.ts'
import type { OperationStore } from '../outbox/operation-store.ts'
import { pendingDeletion, shownFields } from '../outbox/pending-row.ts'
import type { Projection } from '../outbox/projection.ts'
import type { Capabilities } from '../provider-contract/capabilities.ts'
import type { Casella } from '../provider-contract/casella.ts'
import type { Dominio } from '../provider-contract/dominio.ts'
import type { Operatore } from '../provider-contract/session.ts'
import type { Titolare, TitolareNew } from '../provider-contract/titolare.ts'
import { checkedAttivita, checkedIndirizzo, checkedTitolareFields } from '../titolari/titolare-fields.ts'
import { fieldsOfTitolare, titolareWith } from '../titolari/titolare-row-fields.ts'
import type { CasellaStore } from './casella-store.ts'
import { enteredAttivita, enteredIndirizzo, enteredTitolare } from './entered-titolare.ts'
import { romeDay } from './rome-day.ts'

/** What a creation needs of the holders, whose store is another domain's. */
interface TitolariPort {
  get(id: string): { server: Titolare | null; local: { titolare: Titolare } | null } | undefined
  findByCodice(codiceFiscale: string): { id: string }[]
  holder(id: string): { titolare: string; codiceFiscale: string; ragioneSociale: string | null } | undefined
  indirizzo(id: string): { titolareId: string } | undefined
  unaAttivita(id: string): { titolareId: string } | undefined
  /** Keeps a holder that exists only here, so that screens find it before the provider has it. */
  writeLocal(titolare: Titolare, entered: TitolareNew): void
}

export interface CasellaCreation {
  /**
   * Queues a casella with what has to come before it, in one lane: its new holder, or what changes of a known one, with a
   * new address or company (D45 to D54). Throws CommandError `invalid_field`, `name_unavailable`, `deletion_pending`.
   */
  create(request: CasellaCreateRequest): { casellaId: string; operationIds: string[] }
  /** D56: all or none; `row` among the details of what is thrown says which may not be entered. */
  createMany(
    rows: readonly CasellaCreateRequest[],
    bozzaId: string | undefined,
  ): { casellaIds: string[]; operationIds: string[] }
}

type Existing = Extract<CasellaCreateRequest['titolare'], { kind: 'existing' }>
/** What a casella is registered with, and the operations that make what is not there yet. */
interface Registered {
  titolareId: string
  indirizzoId: string | null
  attivitaId: string | null
  queued: string[]
}

const invalid = (field: string, rule: string): CommandError => new CommandError('invalid_field', rule, { field, rule })
const GB_MB = 1024

/** The space of a new casella (MB). Throws CommandError `invalid_field`. Pure. */
export function plannedQuota(
  request: Pick<CasellaCreateRequest, 'tipologia' | 'quotaMb'>,
  plan: Capabilities['plan'],
): { quotaMb: number; isAsked: boolean } {
  const piano = plan.piani.find(({ tipologia }) => tipologia === request.tipologia)
  if (piano === undefined) throw invalid('tipologia', 'unknown')
  switch (plan.mode) {
    case 'fixed':
      return { quotaMb: piano.quotaMb, isAsked: false }
    case 'chosen': {
      // More is bought by the GB (D101).
      const quotaMb = request.quotaMb ?? piano.quotaMb
      const more = quotaMb - piano.quotaMb
      if (more < 0 || more % GB_MB !== 0 || quotaMb > plan.quotaMaxMb) throw invalid('quotaMb', 'range')
      return { quotaMb, isAsked: more > 0 }
    }
    case 'quota': {
      const quotaMb = request.quotaMb ?? piano.quotaMb
      if (quotaMb < plan.quotaMinMb || quotaMb > plan.quotaMaxMb) throw invalid('quotaMb', 'range')
      return { quotaMb, isAsked: true }
    }
  }
}

export function casellaCreation(dependencies: {
  db: ArchiveDb
  caselle: CasellaStore
  titolari: TitolariPort
  operations: OperationStore
  projection: Projection
  enqueue: Enqueue
  clock: Clock
  dominio(id: string): Dominio | undefined
  capabilities(): Capabilities
  /** Throws CommandError `not_signed_in` or `read_only`. */
  writer(): Operatore
  enteId(): string
  queued(opIds: readonly string[]): void
  /** Several commands as one transaction. */
  together(work: () => void): void
  /** The draft that something queued was written in goes with it, in the same transaction. */
  removeBozza(id: string): void
}): CasellaCreation {
  const { db, caselle, titolari, operations, projection, enqueue, clock } = dependencies
  const resolved = (id: string): string => operations.serverIdOf(id) ?? id

  /** D61: throws CommandError `invalid_field` for a holder that lacks a valid document where the profile wants one. */
  function requireDocumento(documento: Titolare['documentoIdentita'], isChanged: boolean): void {
    const need = dependencies.capabilities().documentoIdentita
    if (documento == null) {
      if (need === 'required') throw invalid('documentoIdentita.numero', 'empty')
      return
    }
    if (need !== 'required' && !isChanged) return
    const verdict = checkDocumentoDays(documento, romeDay(clock.now()))
    if (verdict !== 'valid') throw invalid('documentoIdentita.scadenza', verdict)
  }

  function newHolder(
    entering: Extract<CasellaCreateRequest['titolare'], { kind: 'new' }>,
    { operator, lane, at }: { operator: Operatore; lane: string; at: string },
  ): Registered {
    const entered = enteredTitolare(entering, dependencies.capabilities())
    requireDocumento(entered.documentoIdentita, true)
    const titolareId = newLocalId()
    const { indirizzi: _indirizzi, attivita: _attivita, ...plain } = entered
    const tracked = { version: 1, updatedAt: at, updatedBy: operator.nome, enteId: dependencies.enteId() }
    titolari.writeLocal({ ...plain, ...tracked, id: titolareId }, entered)
    const { opId } = enqueue(
      operator,
      { type: 'titolare.create', titolareId, titolare: entered },
      { lane, seen: {}, subject: `${entered.cognome} ${entered.nome}`.trim(), titolareId },
    )
    projection.titolare(titolareId)
    return { titolareId, indirizzoId: null, attivitaId: null, queued: [opId] }
  }

  function knownHolder(
    chosen: Existing,
    { operator, lane, casellaId }: { operator: Operatore; lane: string; casellaId: string },
  ): Registered {
    const titolareId = resolved(chosen.id)
    const stored = titolari.get(titolareId)
    const base = stored?.server ?? stored?.local?.titolare
    if (base === undefined) throw invalid('titolare', 'unknown')
    const visible = operations.visibleOfRow('titolare', titolareId)
    if (pendingDeletion('titolare', visible) !== undefined)
      throw new CommandError('deletion_pending', 'a deletion of the holder waits')
    const shown = shownFields('titolare', base, visible)
    const wanted = checkedTitolareFields(chosen.changes ?? {}, dependencies.capabilities())
    const change = changedFields(wanted, { ...fieldsOfTitolare(base), ...shown, ...chosen.seen })
    const after = titolareWith(base, { ...shown, ...change.fields })
    requireDocumento(
      after.documentoIdentita,
      Object.keys(change.fields).some((field) => field.startsWith('documentoIdentita.')),
    )
    const subject = `${after.cognome} ${after.nome}`.trim()
    const queued: string[] = []
    if (Object.keys(change.fields).length > 0) {
      const { opId } = enqueue(
        operator,
        { type: 'titolare.update', id: titolareId, fields: change.fields },
        // Before the casella, for which the provider may look at what the holder is; after what the holder waits for.
        { lane: operations.laneOfOpenTitolare(titolareId) ?? lane, seen: change.seen, subject, titolareId },
      )
      queued.push(opId)
    }
    const about = { lane, seen: {}, subject, titolareId, casellaId }
    const ofHolder = (row: { titolareId: string } | undefined, id: string, field: string): string => {
      const isMade = isLocalId(id) && operations.creatorOf(id)?.titolareId === titolareId
      if (row?.titolareId !== titolareId && !isMade) throw invalid(field, 'unknown')
      return id
    }
    let indirizzoId: string | null = null
    if (chosen.indirizzo?.kind === 'existing') {
      const id = resolved(chosen.indirizzo.id)
      indirizzoId = ofHolder(titolari.indirizzo(id), id, 'indirizzo')
    } else if (chosen.indirizzo?.kind === 'new') {
      indirizzoId = newLocalId()
      const entered = enteredIndirizzo(chosen.indirizzo.values, after)
      checkedIndirizzo(entered)
      const args = { type: 'indirizzo.create' as const, id: indirizzoId, indirizzo: { ...entered, titolareId } }
      queued.push(enqueue(operator, args, about).opId)
    }
    let attivitaId: string | null = null
    if (chosen.attivita?.kind === 'existing') {
      const id = resolved(chosen.attivita.id)
      attivitaId = ofHolder(titolari.unaAttivita(id), id, 'attivita')
    } else if (chosen.attivita?.kind === 'new') {
      attivitaId = newLocalId()
      const entered = enteredAttivita(chosen.attivita.values)
      checkedAttivita({ ...entered, codiceIpa: entered.codiceIpa ?? null })
      const args = { type: 'attivita.create' as const, id: attivitaId, attivita: { ...entered, titolareId } }
      queued.push(enqueue(operator, args, about).opId)
    }
    if (queued.length > 0) projection.titolare(titolareId)
    return { titolareId, indirizzoId, attivitaId, queued }
  }

  /** Runs inside a transaction. */
  function queueCasella(request: CasellaCreateRequest): {
    casellaId: string
    titolareId: string
    operationIds: string[]
  } {
    const operator = dependencies.writer()
    const capabilities = dependencies.capabilities()
    const dominio = dependencies.dominio(request.dominioId)
    if (dominio === undefined) throw invalid('dominioId', 'unknown')
    const denominazione = cleanDenominazione(request.denominazione)
    const verdict = checkDenominazione(denominazione)
    if (verdict !== 'valid') throw invalid('denominazione', verdict)
    const email = request.comunicazioniEmail === null ? null : cleanEmail(request.comunicazioniEmail)
    if (email !== null && !isEmail(email)) throw invalid('comunicazioniEmail', 'email')
    const { quotaMb, isAsked } = plannedQuota(request, capabilities.plan)
    const indirizzo = `${denominazione}@${dominio.nome}`.toLowerCase()
    const taken = caselle.idOfIndirizzo(indirizzo)
    if (taken !== undefined && caselle.row(taken)?.stato !== 'eliminata')
      throw new CommandError('name_unavailable', 'the address exists in this archive')

    const at = new Date(clock.now()).toISOString()
    const casellaId = newLocalId()
    const lane = laneOfCasella(casellaId)
    const { titolareId, indirizzoId, attivitaId, queued } =
      request.titolare.kind === 'existing'
        ? knownHolder(request.titolare, { operator, lane, casellaId })
        : newHolder(request.titolare, { operator, lane, at })
    const local: Casella = {
      id: casellaId,
      version: 1,
      updatedAt: at,
      updatedBy: operator.nome,
      enteId: dependencies.enteId(),
      denominazione,
      dominioId: dominio.id,
      dominio: dominio.nome,
      indirizzo,
      titolareId,
      indirizzoId,
      attivitaId,
      assistenteId: null,
      tipologia: request.tipologia,
      ciclo: capabilities.activation === 'online_signature' ? 'in_attesa_firma' : 'in_attesa_gestore',
      disabilitata: false,
      sospesa: false,
      passwordScaduta: false,
      passwordScadeIl: null,
      contratto: false,
      richiesta: 'nessuna',
      comunicazioniEmail: email,
      quotaMb,
      softLimitMb: defaultSoftLimitMb(quotaMb),
      usatoMb: 0,
      inserita: at,
      attivata: null,
      scadenza: null,
    }
    const { opId } = enqueue(
      operator,
      {
        type: 'casella.create',
        casellaId,
        casella: {
          denominazione,
          dominioId: dominio.id,
          titolareId,
          tipologia: request.tipologia,
          comunicazioniEmail: email,
          ...(isAsked ? { quotaMb } : {}),
          ...(indirizzoId === null ? {} : { indirizzoId }),
          ...(attivitaId === null ? {} : { attivitaId }),
        },
      },
      { lane, seen: {}, subject: indirizzo, casellaId, titolareId: isLocalId(titolareId) ? null : titolareId },
    )
    caselle.write(
      casellaId,
      { version: 0, server: null, local },
      {
        values: local,
        // As the projection will tell it: a row is then indexed for the search once.
        holder: titolari.holder(titolareId) ?? { titolare: '', codiceFiscale: '', ragioneSociale: null },
        stato: 'da_inviare',
        inCoda: 1,
        attention: 'pending',
      },
    )
    projection.casella(casellaId)
    if (request.bozzaId !== undefined) dependencies.removeBozza(request.bozzaId)
    return { casellaId, titolareId, operationIds: [...queued, opId] }
  }

  return {
    create: (request) => {
      const { casellaId, operationIds } = db.transaction(() => queueCasella(request))
      // Only what is on the disk is told and sent (rule 2).
      dependencies.queued(operationIds)
      return { casellaId, operationIds }
    },
    createMany: (rows, bozzaId) => {
      const casellaIds: string[] = []
      const operationIds: string[] = []
      /** Who has been entered by an earlier row, by the code. */
      const entered = new Map<string, string>()

      function queueRow(request: CasellaCreateRequest): void {
        const { titolare } = request
        const code = titolare.kind === 'new' ? normaliseCodiceFiscale(titolare.codiceFiscale) : ''
        const known = code === '' ? undefined : (entered.get(code) ?? titolari.findByCodice(code)[0]?.id)
        const made = queueCasella(
          known === undefined ? request : { ...request, titolare: { kind: 'existing', id: known } },
        )
        if (code !== '') entered.set(code, made.titolareId)
        casellaIds.push(made.casellaId)
        operationIds.push(...made.operationIds)
      }

      dependencies.together(() => {
        for (const [row, request] of rows.entries()) {
          try {
            queueRow(request)
          } catch (error) {
            throw error instanceof CommandError
              ? new CommandError(error.code, error.message, { ...error.details, row })
              : error
          }
        }
        if (bozzaId !== undefined) dependencies.removeBozza(bozzaId)
        dependencies.queued(operationIds)
      })
      return { casellaIds, operationIds }
    },
  }
}
