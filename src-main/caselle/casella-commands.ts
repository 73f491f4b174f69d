import { CommandError } from '../command-error.ts'
import type { CasellaDetail, CasellaUpdateRequest, NameAvailability } from '../contract/casella.ts'
import { cleanCodiceFiscale } from '../contract/rules/codice-fiscale.ts'
import { checkDenominazione, cleanDenominazione } from '../contract/rules/denominazione.ts'
import { cleanEmail, isEmail } from '../contract/rules/email.ts'
import { defaultSoftLimitMb } from '../contract/rules/soft-limit.ts'
import type { ArchiveDb } from '../db/database.ts'
import { timeOfDay, type Clock } from '../environment.ts'
import { changedFields, type Enqueue } from '../outbox/enqueue.ts'
import { laneOfCasella, type Fields, type Operation } from '../outbox/operation.ts'
import type { OperationStore } from '../outbox/operation-store.ts'
import { pendingDeletion, pendingFields, shownFields, shownRow } from '../outbox/pending-row.ts'
import type { Projection } from '../outbox/projection.ts'
import type { Capabilities } from '../provider-contract/capabilities.ts'
import { NameCheck, type Casella } from '../provider-contract/casella.ts'
import type { Dominio } from '../provider-contract/dominio.ts'
import type { Operatore } from '../provider-contract/session.ts'
import type { ProviderSession } from '../provider/provider-session.ts'
import type { CasellaStore } from './casella-store.ts'
import { spaceState } from './stato-casella.ts'

export interface CasellaCommandDependencies {
  db: ArchiveDb
  caselle: CasellaStore
  operations: OperationStore
  projection: Projection
  session: ProviderSession
  enqueue: Enqueue
  clock: Clock
  dominio(id: string): Dominio | undefined
  assistente(id: string): { codice: string; nome: string | null } | undefined
  capabilities(): Capabilities
  /** Throws CommandError `not_signed_in` or `read_only`. */
  writer(): Operatore
  operatore(): Operatore | null
  queued(opIds: readonly string[]): void
}

export interface CasellaCommands {
  get(id: string): CasellaDetail
  update(request: CasellaUpdateRequest): { operationId: string }
  checkName(request: {
    denominazione: string
    dominioId: string
    codiceFiscale: string | null
  }): Promise<NameAvailability>
}

const invalid = (field: string, rule: string): CommandError => new CommandError('invalid_field', rule, { field, rule })

/** The operator's changes as they will be sent: checked, and with the soft limit that follows the quota (D69). Throws CommandError `invalid_field`. */
export function checkedChanges(changes: CasellaUpdateRequest['changes'], plan: Capabilities['plan']): Fields {
  const fields: Fields = {}
  const { comunicazioniEmail, softLimitMb, disabilitata, tipologia } = changes
  const piano = tipologia === undefined ? undefined : plan.piani.find((each) => each.tipologia === tipologia)
  if (tipologia !== undefined) {
    if (plan.mode !== 'chosen') throw invalid('tipologia', 'not_offered')
    if (piano === undefined) throw invalid('tipologia', 'unknown')
    fields['tipologia'] = tipologia
  }
  // Another class comes with its own space.
  const quotaMb = changes.quotaMb ?? piano?.quotaMb
  if (comunicazioniEmail !== undefined) {
    const email = comunicazioniEmail === null ? null : cleanEmail(comunicazioniEmail)
    if (email !== null && !isEmail(email)) throw invalid('comunicazioniEmail', 'email')
    fields['comunicazioniEmail'] = email
  }
  if (quotaMb !== undefined) {
    if (quotaMb < plan.quotaMinMb || quotaMb > plan.quotaMaxMb) throw invalid('quotaMb', 'range')
    if (piano !== undefined && quotaMb < piano.quotaMb) throw invalid('quotaMb', 'below_plan')
    fields['quotaMb'] = quotaMb
  }
  const softLimit = softLimitMb ?? (quotaMb === undefined ? undefined : defaultSoftLimitMb(quotaMb))
  if (softLimit !== undefined) {
    if (softLimit < 1) throw invalid('softLimitMb', 'range')
    fields['softLimitMb'] = softLimit
  }
  if (disabilitata !== undefined) fields['disabilitata'] = disabilitata
  return fields
}

/** The fields that were given, without those left out. */
function definedFields(given: CasellaUpdateRequest['seen']): Fields {
  const fields: Fields = {}
  for (const [field, value] of Object.entries(given)) if (value !== undefined) fields[field] = value
  return fields
}

export function casellaCommands(dependencies: CasellaCommandDependencies): CasellaCommands {
  const { db, caselle, operations, projection, enqueue, session, clock } = dependencies
  const resolved = (id: string): string => operations.serverIdOf(id) ?? id

  function existing(id: string): { id: string; base: Casella; server: Casella | null } {
    const stored = caselle.get(resolved(id))
    const base = stored?.server ?? stored?.local
    if (stored === undefined || base == null) throw new CommandError('not_found', 'no such casella')
    return { id: stored.id, base, server: stored.server }
  }

  const shown = (base: Casella, visible: readonly Operation[]): Fields => shownFields('casella', base, visible)

  return {
    get: (id) => {
      const { id: known, base } = existing(id)
      const row = caselle.row(known)
      if (row === undefined) throw new CommandError('not_found', 'no such casella')
      const visible = operations.visibleOfCasella(known)
      const values = shownRow('casella', base, visible)
      const assistente = values.assistenteId === null ? undefined : dependencies.assistente(values.assistenteId)
      const { version: _version, ...unversioned } = values
      return {
        ...row,
        values: unversioned,
        titolareId: values.titolareId,
        assistente:
          assistente === undefined
            ? null
            : [assistente.codice, assistente.nome].filter((part) => part !== null).join(' '),
        pendingFields: pendingFields('casella', base, visible, (steady) => timeOfDay(clock, steady)),
        deletedBy: pendingDeletion('casella', visible)?.opId ?? null,
        operations: visible.map(({ opId }) => opId),
        space: spaceState(values),
        editable: values.ciclo !== 'eliminata' && dependencies.operatore()?.ruolo !== 'sola_lettura',
      }
    },

    update: ({ id, changes, seen }) => {
      const operator = dependencies.writer()
      const operationId = db.transaction(() => {
        const { id: known, base } = existing(id)
        if (base.ciclo === 'eliminata')
          throw new CommandError('casella_deleted', 'a deleted casella takes no change (D68)')
        const visible = operations.visibleOfCasella(known)
        if (pendingDeletion('casella', visible) !== undefined)
          throw new CommandError('deletion_pending', 'a deletion of it waits')
        const onScreen: Fields = { ...shown(base, visible), ...definedFields(seen) }
        const wanted = checkedChanges(changes, dependencies.capabilities().plan)
        const { fields, seen: before } = changedFields(wanted, onScreen)
        if (Object.keys(fields).length === 0)
          throw new CommandError('nothing_changed', 'the values are those on the screen')
        const quota = Number(fields['quotaMb'] ?? onScreen['quotaMb'])
        if (Number(fields['softLimitMb'] ?? onScreen['softLimitMb']) > quota) throw invalid('softLimitMb', 'over_quota')
        const operation = enqueue(
          operator,
          { type: 'casella.update', casellaId: known, fields },
          { lane: laneOfCasella(known), seen: before, subject: base.indirizzo, casellaId: known },
        )
        projection.casella(known)
        return operation.opId
      })
      // Only what is on the disk is told and sent (rule 2).
      dependencies.queued([operationId])
      return { operationId }
    },

    checkName: async ({ denominazione, dominioId, codiceFiscale }) => {
      const clean = cleanDenominazione(denominazione)
      const dominio = dependencies.dominio(dominioId)
      const indirizzo = `${clean}@${dominio?.nome ?? ''}`.toLowerCase()
      if (dominio === undefined || checkDenominazione(clean) !== 'valid') return { indirizzo, outcome: 'invalid' }
      const known = caselle.idOfIndirizzo(indirizzo)
      if (known !== undefined && caselle.row(known)?.stato !== 'eliminata') return { indirizzo, outcome: 'taken' }
      const result = await session.send({
        method: 'POST',
        path: '/caselle/name-check',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          denominazione: clean,
          dominioId,
          ...(codiceFiscale === null || codiceFiscale === ''
            ? {}
            : { codiceFiscale: cleanCodiceFiscale(codiceFiscale).slice(0, 16) }),
        }),
        timeoutMs: 5000,
      })
      const answer = result.kind === 'answer' && result.status === 200 ? NameCheck.safeParse(result.body) : null
      return answer?.success === true ? answer.data : { indirizzo, outcome: 'unchecked' }
    },
  }
}
