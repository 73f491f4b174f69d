import { isDeepStrictEqual } from 'node:util'
import { romeDay } from '../caselle/rome-day.ts'
import { CommandError } from '../command-error.ts'
import { MOST_RICHIESTE, type RichiestaDiCasella, type RichiestaRow } from '../contract/registro.ts'
import type { Operation as Richiesta } from '../provider-contract/operation.ts'
import { estrattoProblem } from '../provider-contract/estratto-log.ts'
import { cleanEmail, isEmail } from '../contract/rules/email.ts'
import type { Estratto, RichiestaNew } from '../provider-contract/richiesta.ts'
import { laneOfCasella, type CasellaAzione, type Fields, type Operation } from '../outbox/operation.ts'
import type { RowEdits } from '../outbox/row-edits.ts'
import type { Capabilities } from '../provider-contract/capabilities.ts'
import type { Casella } from '../provider-contract/casella.ts'
import type { RichiestaStore } from './richiesta-store.ts'

/** What is asked of the provider for a casella, into the outbox. Each throws what RowEdits throws. */
export interface RichiestaCommands {
  /** The newest first; before them those that the provider does not have. */
  list(casellaId: string): RichiestaRow[]
  /** Of every casella, at most MOST_RICHIESTE. */
  all(quali: 'aperte' | 'tutte'): RichiestaDiCasella[]
  /** D71, D72, D119. Throws CommandError `action_not_offered`, `richiesta_pending`, `ciclo_not_suited`, `casella_deleted`, `invalid_field`. */
  ask(casellaId: string, richiesta: RichiestaNew): { operationId: string }
  /** D59, D75, D81. Throws CommandError `action_not_offered`, `ciclo_not_suited`, `casella_deleted`. */
  act(casellaId: string, azione: CasellaAzione): { operationId: string }
  /** D68. Throws CommandError `casella_deleted`. */
  removeCasella(id: string, seen: Fields): { operationId: string }
}

function estrattoOf(richiesta: RichiestaNew): Estratto | null {
  if (richiesta.tipo !== 'estratto_log') return null
  const { dal, al, scopo } = richiesta
  return { dal, al, scopo }
}

function queuedRow({ args, opId, state, createdAt }: Operation): RichiestaRow[] {
  if (args.type !== 'casella.richiesta' && args.type !== 'casella.azione') return []
  return [
    {
      id: opId,
      casellaId: args.casellaId,
      kind: args.type === 'casella.azione' ? args.azione : args.richiesta.tipo,
      estratto: args.type === 'casella.richiesta' ? estrattoOf(args.richiesta) : null,
      state: 'in_coda',
      reason: null,
      created: createdAt,
      ended: null,
      operationId: opId,
      operationState: state,
    },
  ]
}

function sentRow({ id, casellaId, kind, estratto, state, reason, created, ended }: Richiesta): RichiestaRow {
  return {
    id,
    casellaId,
    kind,
    estratto,
    state,
    reason,
    created,
    ended,
    operationId: null,
    operationState: null,
  }
}

/** Whether the profile offers the action, and whether a casella at this point of its life can take it. */
function suits(azione: CasellaAzione, { ciclo }: Casella, { activation, credentials }: Capabilities): void {
  const offered: Record<CasellaAzione, boolean> = {
    reset_link: credentials === 'link',
    contract_resend: activation === 'online_signature',
    activation_data: credentials === 'activation_data',
  }
  if (!offered[azione]) throw new CommandError('action_not_offered', azione)
  const isWaiting = ciclo === 'in_attesa_firma' || ciclo === 'in_attesa_gestore'
  const suited: Record<CasellaAzione, boolean> = {
    reset_link: ciclo === 'attiva' || (isWaiting && activation === 'holder_sets_password'),
    contract_resend: ciclo === 'in_attesa_firma',
    activation_data: ciclo === 'attiva',
  }
  if (!suited[azione]) throw new CommandError('ciclo_not_suited', ciclo)
}

export function richiestaCommands(dependencies: {
  edits: RowEdits
  richieste: RichiestaStore
  /** As the archive knows it, sent or not. Throws CommandError `not_found`. */
  casella(id: string): Casella
  titolareExists(id: string): boolean
  operations(casellaId: string): Operation[]
  /** Every richiesta and action that has not ended here. */
  waiting(): Operation[]
  /** Undefined for a casella that the archive does not have. */
  addressOf(casellaId: string): string | undefined
  capabilities(): Capabilities
  /** Milliseconds since the epoch. */
  now(): number
}): RichiestaCommands {
  const { edits, richieste } = dependencies

  function live(id: string): Casella {
    const casella = dependencies.casella(id)
    if (casella.ciclo === 'eliminata') throw new CommandError('casella_deleted', 'a deleted casella stays so (D68)')
    return casella
  }

  function add(casella: Casella, args: Parameters<RowEdits['add']>[0]): { operationId: string } {
    const open = dependencies.operations(casella.id)
    if (open.some((operation) => operation.args.type === 'casella.delete' && operation.state !== 'rejected'))
      throw new CommandError('deletion_pending', 'a deletion of it waits')
    return { operationId: edits.add(args).operationIds[0] ?? '' }
  }
  const aboutCasella = ({ id, indirizzo }: Casella) => ({ lane: laneOfCasella(id), subject: indirizzo, casellaId: id })

  /** Beside any other richiesta, also of a casella that is no more. */
  function askEstratto(casellaId: string, given: Estratto): { operationId: string } {
    const casella = dependencies.casella(casellaId)
    const { logMesi } = dependencies.capabilities()
    if (logMesi === null) throw new CommandError('action_not_offered', 'estratto_log')
    if (casella.attivata === null) throw new CommandError('ciclo_not_suited', casella.ciclo)
    const estratto = { dal: given.dal, al: given.al, scopo: given.scopo.trim() }
    const problem = estrattoProblem({
      ...estratto,
      today: romeDay(dependencies.now()),
      months: logMesi,
      from: romeDay(Date.parse(casella.attivata)),
      // A row that is no more changes no more.
      deleted: casella.ciclo === 'eliminata' ? romeDay(Date.parse(casella.updatedAt)) : null,
    })
    if (problem !== null) throw new CommandError('invalid_field', problem.rule, { ...problem })
    const isAsked = dependencies
      .operations(casella.id)
      .some(
        ({ args, state }) =>
          args.type === 'casella.richiesta' &&
          state !== 'rejected' &&
          isDeepStrictEqual(estrattoOf(args.richiesta), estratto),
      )
    if (isAsked) throw new CommandError('richiesta_pending', 'the same waits to be sent')
    return add(casella, () => [
      {
        args: { type: 'casella.richiesta', casellaId: casella.id, richiesta: { tipo: 'estratto_log', ...estratto } },
        about: aboutCasella(casella),
      },
    ])
  }

  return {
    all: (quali) => {
      const rows = [
        ...dependencies.waiting().flatMap(queuedRow).reverse(),
        ...richieste.latest(quali, MOST_RICHIESTE).map(sentRow),
      ]
      return rows
        .slice(0, MOST_RICHIESTE)
        .map((row) => ({ ...row, indirizzo: dependencies.addressOf(row.casellaId) ?? row.casellaId }))
    },
    list: (given) => {
      const { id } = dependencies.casella(given)
      const queued = dependencies.operations(id).flatMap(queuedRow)
      const sent = richieste.ofCasella(id).map(sentRow)
      return [...queued.reverse(), ...sent]
    },
    ask: (casellaId, given) => {
      if (given.tipo === 'estratto_log') return askEstratto(casellaId, given)
      const casella = live(casellaId)
      if (casella.richiesta !== 'nessuna') throw new CommandError('richiesta_pending', casella.richiesta)
      if (casella.ciclo !== 'attiva' && !(given.tipo === 'rinnovo' && casella.ciclo === 'scaduta'))
        throw new CommandError('ciclo_not_suited', casella.ciclo)
      if (
        dependencies
          .operations(casella.id)
          .some(
            ({ args, state }) =>
              args.type === 'casella.richiesta' && args.richiesta.tipo !== 'estratto_log' && state !== 'rejected',
          )
      )
        throw new CommandError('richiesta_pending', 'one waits to be sent')
      let richiesta = given
      if (given.tipo === 'subentro') {
        const email = given.comunicazioniEmail === null ? null : cleanEmail(given.comunicazioniEmail)
        if (email !== null && !isEmail(email))
          throw new CommandError('invalid_field', 'email', { field: 'comunicazioniEmail', rule: 'email' })
        if (given.titolareId === casella.titolareId || !dependencies.titolareExists(given.titolareId))
          throw new CommandError('invalid_field', 'titolare', { field: 'titolareId', rule: 'unknown' })
        richiesta = { ...given, comunicazioniEmail: email }
      }
      return add(casella, () => [
        { args: { type: 'casella.richiesta', casellaId: casella.id, richiesta }, about: aboutCasella(casella) },
      ])
    },
    act: (casellaId, azione) => {
      const casella = live(casellaId)
      suits(azione, casella, dependencies.capabilities())
      return add(casella, () => [
        { args: { type: 'casella.azione', casellaId: casella.id, azione }, about: aboutCasella(casella) },
      ])
    },
    removeCasella: (id, seen) => edits.remove({ kind: 'casella', id, seen }, () => aboutCasella(live(id))),
  }
}
