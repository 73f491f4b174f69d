import type { OperationState } from '../contract/operation.ts'
import type { ArchiveDb } from '../db/database.ts'
import { sql, type Sql } from '../db/sql.ts'
import { ARGS_VERSION, Conflict, Fields, FrozenRequest, OperationArgs, Reason, type Operation } from './operation.ts'

export type NewOperation = Pick<
  Operation,
  | 'opId'
  | 'operator'
  | 'operatorName'
  | 'lane'
  | 'args'
  | 'seen'
  | 'subject'
  | 'casellaId'
  | 'titolareId'
  | 'depositoId'
  | 'createdAt'
  | 'nextAt'
>

/** What may change in an operation's life. */
export type OperationMove = Partial<
  Pick<
    Operation,
    | 'generation'
    | 'state'
    | 'seen'
    | 'args'
    | 'sentAt'
    | 'settledAt'
    | 'frozen'
    | 'ackVersion'
    | 'maybeApplied'
    | 'attempts'
    | 'nextAt'
    | 'reason'
    | 'uploadUrl'
    | 'conflict'
    | 'lane'
    | 'casellaId'
    | 'titolareId'
  >
>

export interface OperationStore {
  insert(operation: NewOperation): Operation
  byId(opId: string): Operation | undefined
  /** Applies a move and records the change of state. Nothing is ever deleted (rule 10). */
  move(seq: number, move: OperationMove, at: string): Operation
  /** The open operations of a lane in `seq` order. */
  openInLane(lane: string): Operation[]
  /** All that is not at its end for the operator: the open ones, and the rejected ones that nobody has put away. */
  visibleOfCasella(casellaId: string): Operation[]
  visibleOfTitolare(titolareId: string): Operation[]
  headOf(lane: string): Operation | undefined
  /**
   * The first of the lanes' first open operations that are this operator's and due, in `seq` order (rules 6, 9 and 12).
   * `now` in milliseconds; a time later than `horizon` counts as due.
   */
  dueHeads(operator: string, now: number, horizon: number, limit: number): Operation[]
  /** When the next of them falls due; null when none is scheduled. */
  nextHeadAt(operator: string, now: number): number | null
  /** Nothing waits longer than until `latest` (milliseconds), whatever the clock said that it was scheduled by. */
  capSchedule(latest: number): void
  inState(state: OperationState): Operation[]
  unsettled(): Operation[]
  list(view: 'open' | 'needs_you' | 'done', offset: number, limit: number): Operation[]
  countOf(view: 'open' | 'needs_you' | 'done'): number
  counts(): { pending: number; needsYou: number }
  pendingOf(operator: string): number
  /** The unresolved operation that makes a row with a local id; undefined when there is none. */
  creatorOf(localId: string): Operation | undefined
  moveLane(from: string, to: string): void
  serverIdOf(localId: string): string | undefined
  mapLocalId(localId: string, serverId: string): void
  replaceCasellaId(localId: string, serverId: string): void
}

interface DbRow {
  seq: number
  op_id: string
  generation: number
  operator: string
  operator_name: string
  lane: string
  args: string
  seen: string
  state: OperationState
  subject: string
  casella_id: string | null
  titolare_id: string | null
  deposito_id: string | null
  created_at: string
  sent_at: string | null
  settled_at: string | null
  frozen_request: string | null
  ack_version: number | null
  maybe_applied: number
  attempts: number
  next_at: number | null
  reason: string | null
  upload_url: string | null
  conflict: string | null
}

const all: Sql = {
  text: `seq, op_id, generation, operator, operator_name, lane, args, seen, state, subject, casella_id, titolare_id, deposito_id,
    created_at, sent_at, settled_at, frozen_request, ack_version, maybe_applied, attempts, next_at, reason, upload_url, conflict`,
  params: [],
}

function operationOf(row: DbRow): Operation {
  const args = OperationArgs.parse(JSON.parse(row.args))
  return {
    seq: row.seq,
    opId: row.op_id,
    generation: row.generation,
    operator: row.operator,
    operatorName: row.operator_name,
    lane: row.lane,
    type: args.type,
    args,
    seen: Fields.parse(JSON.parse(row.seen)),
    state: row.state,
    subject: row.subject,
    casellaId: row.casella_id,
    titolareId: row.titolare_id,
    depositoId: row.deposito_id,
    createdAt: row.created_at,
    sentAt: row.sent_at,
    settledAt: row.settled_at,
    frozen: row.frozen_request === null ? null : FrozenRequest.parse(JSON.parse(row.frozen_request)),
    ackVersion: row.ack_version,
    maybeApplied: row.maybe_applied === 1,
    attempts: row.attempts,
    nextAt: row.next_at,
    reason: row.reason === null ? null : Reason.parse(JSON.parse(row.reason)),
    uploadUrl: row.upload_url,
    conflict: row.conflict === null ? null : Conflict.parse(JSON.parse(row.conflict)),
  }
}

const json = (value: unknown): string | null => (value === null ? null : JSON.stringify(value))
const openStates = sql`state NOT IN ('settled', 'cancelled', 'rejected')`
const sendableHead = sql`seq IN (SELECT min(seq) FROM operation WHERE ${openStates} GROUP BY lane)
  AND state IN ('pending', 'uncertain')`
const viewStates: Record<'open' | 'needs_you' | 'done', Sql> = {
  open: sql`state IN ('pending', 'in_flight', 'acknowledged', 'uncertain', 'conflict', 'needs_review', 'rejected')`,
  needs_you: sql`state IN ('conflict', 'needs_review', 'rejected') OR (state = 'uncertain' AND next_at IS NULL)`,
  done: sql`state IN ('settled', 'cancelled')`,
}

export function operationStore(db: ArchiveDb): OperationStore {
  const one = (where: Sql): Operation | undefined => {
    const row = db.all<DbRow>(sql`SELECT ${all} FROM operation WHERE ${where}`)[0]
    return row === undefined ? undefined : operationOf(row)
  }
  const many = (rest: Sql): Operation[] =>
    db.all<DbRow>(sql`SELECT ${all} FROM operation WHERE ${rest}`).map(operationOf)
  const count = (where: Sql): number =>
    db.all<{ n: number }>(sql`SELECT count(*) AS n FROM operation WHERE ${where}`)[0]?.n ?? 0
  const existing = (seq: number): Operation => {
    const operation = one(sql`seq = ${seq}`)
    if (operation === undefined) throw new Error(`no operation ${seq}`)
    return operation
  }
  const record = (seq: number, at: string, from: string | null, to: string, why: Reason | null): void => {
    db.run(
      sql`INSERT INTO operation_history(seq, at, from_state, to_state, reason) VALUES (${seq}, ${at}, ${from}, ${to}, ${json(why)})`,
    )
  }

  return {
    insert: (operation) => {
      const row = db.all<{ seq: number }>(sql`
        INSERT INTO operation(op_id, operator, operator_name, lane, type, args_version, args, seen, state, subject, casella_id,
          titolare_id, deposito_id, created_at, next_at)
        VALUES (${operation.opId}, ${operation.operator}, ${operation.operatorName}, ${operation.lane}, ${operation.args.type},
          ${ARGS_VERSION}, ${JSON.stringify(operation.args)}, ${JSON.stringify(operation.seen)}, 'pending', ${operation.subject},
          ${operation.casellaId}, ${operation.titolareId}, ${operation.depositoId}, ${operation.createdAt}, ${operation.nextAt})
        RETURNING seq`)[0]
      if (row === undefined) throw new Error('the operation was not inserted')
      record(row.seq, operation.createdAt, null, 'pending', null)
      return existing(row.seq)
    },
    byId: (opId) => one(sql`op_id = ${opId}`),
    move: (seq, move, at) => {
      const before = existing(seq)
      const after = { ...before, ...move }
      db.run(sql`UPDATE operation SET generation = ${after.generation}, state = ${after.state}, seen = ${JSON.stringify(after.seen)},
        args = ${JSON.stringify(after.args)}, sent_at = ${after.sentAt}, settled_at = ${after.settledAt}, frozen_request = ${json(after.frozen)},
        ack_version = ${after.ackVersion}, maybe_applied = ${after.maybeApplied ? 1 : 0}, attempts = ${after.attempts},
        next_at = ${after.nextAt}, reason = ${json(after.reason)}, upload_url = ${after.uploadUrl}, conflict = ${json(after.conflict)},
        lane = ${after.lane}, casella_id = ${after.casellaId}, titolare_id = ${after.titolareId}
        WHERE seq = ${seq}`)
      if (before.state !== after.state) record(seq, at, before.state, after.state, after.reason)
      return after
    },
    openInLane: (lane) => many(sql`lane = ${lane} AND ${openStates} ORDER BY seq`),
    visibleOfCasella: (casellaId) =>
      many(sql`casella_id = ${casellaId} AND state NOT IN ('settled', 'cancelled') ORDER BY seq`),
    visibleOfTitolare: (titolareId) =>
      many(sql`titolare_id = ${titolareId} AND state NOT IN ('settled', 'cancelled') ORDER BY seq`),
    headOf: (lane) => one(sql`lane = ${lane} AND ${openStates} ORDER BY seq LIMIT 1`),
    dueHeads: (operator, now, horizon, limit) =>
      many(sql`${sendableHead} AND operator = ${operator} AND (next_at <= ${now} OR next_at > ${horizon})
        ORDER BY seq LIMIT ${limit}`),
    nextHeadAt: (operator, now) =>
      db.all<{ at: number | null }>(
        sql`SELECT min(next_at) AS at FROM operation WHERE ${sendableHead} AND operator = ${operator} AND next_at > ${now}`,
      )[0]?.at ?? null,
    capSchedule: (latest) => {
      db.run(sql`UPDATE operation SET next_at = ${latest} WHERE next_at > ${latest} AND ${openStates}`)
    },
    inState: (state) => many(sql`state = ${state} ORDER BY seq`),
    unsettled: () => many(sql`${openStates} ORDER BY seq`),
    list: (view, offset, limit) =>
      many(
        sql`${viewStates[view]} ORDER BY ${view === 'done' ? sql`settled_at DESC, seq DESC` : sql`seq`} LIMIT ${limit} OFFSET ${offset}`,
      ),
    countOf: (view) => count(viewStates[view]),
    counts: () => {
      const needsYou = count(viewStates.needs_you)
      return { pending: count(viewStates.open) - needsYou, needsYou }
    },
    pendingOf: (operator) => count(sql`operator = ${operator} AND ${openStates}`),
    creatorOf: (localId) =>
      one(
        sql`${openStates} AND ((type = 'titolare.create' AND titolare_id = ${localId}) OR (type = 'casella.create' AND casella_id = ${localId}))`,
      ),
    moveLane: (from, to) => {
      db.run(sql`UPDATE operation SET lane = ${to} WHERE lane = ${from}`)
    },
    serverIdOf: (localId) =>
      db.all<{ server_id: string }>(sql`SELECT server_id FROM local_id WHERE local_id = ${localId}`)[0]?.server_id,
    mapLocalId: (localId, serverId) => {
      db.run(sql`INSERT INTO local_id(local_id, server_id) VALUES (${localId}, ${serverId}) ON CONFLICT DO NOTHING`)
    },
    replaceCasellaId: (localId, serverId) => {
      db.run(sql`UPDATE operation SET casella_id = ${serverId} WHERE casella_id = ${localId}`)
      db.run(sql`UPDATE deposito SET casella_id = ${serverId} WHERE casella_id = ${localId}`)
    },
  }
}
