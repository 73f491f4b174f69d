import { z } from 'zod'
import type { HistoryStep } from '../contract/evidence.ts'
import { OperationState, type GroupKey, type OperationType, type OutboxViewName } from '../contract/operation.ts'
import type { ArchiveDb } from '../db/database.ts'
import { sql, type Sql } from '../db/sql.ts'
import {
  ARGS_VERSION,
  Conflict,
  Fields,
  FrozenRequest,
  OperationArgs,
  Reason,
  RowKind,
  rowOf,
  type Operation,
} from './operation.ts'

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
  | 'held'
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
    | 'held'
    | 'operator'
    | 'operatorName'
    | 'enteredBy'
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
  /** Whether anything at all has not come to its end. */
  anyVisible(): boolean
  /** The open operations of a lane in `seq` order. */
  openInLane(lane: string): Operation[]
  /** All that is not at its end for the operator: the open ones, and the rejected ones that nobody has put away. */
  visibleOfCasella(casellaId: string): Operation[]
  visibleOfTitolare(titolareId: string): Operation[]
  /** Those that make, change or take away this very row. */
  visibleOfRow(kind: RowKind, id: string): Operation[]
  /** The lane in which the holder still has something open, so that what follows comes after it; undefined for none. */
  laneOfOpenTitolare(titolareId: string): string | undefined
  /** As `openInLane`, with the rejected ones that nobody has put away. */
  visibleInLane(lane: string): Operation[]
  /** The open merge that takes the holder away. */
  mergeAbsorbing(titolareId: string): Operation | undefined
  visibleOfType(type: OperationType): Operation[]
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
  /**
   * What waits only because the provider was away falls due at `now` (milliseconds): the never applied, and with
   * `uncertainToo` what a key protects from taking effect twice. Answers their ids.
   */
  hasten(now: number, uncertainToo: boolean): string[]
  inState(state: OperationState): Operation[]
  unsettled(): Operation[]
  /** Records something in an operation's life that is no change of its state. */
  note(operation: Operation, reason: Reason, at: string): void
  history(seq: number): HistoryStep[]
  list(selection: Selection, offset: number, limit: number): Operation[]
  countOf(selection: Selection): number
  /** The `seq` of all that are selected, in order. */
  seqs(selection: Selection): number[]
  bySeq(seq: number): Operation | undefined
  /** The kinds of what is selected, the most numerous first, with the oldest of each. `operator`: who is signed in. */
  groups(view: 'open' | 'needs_you', operator: string): { key: GroupKey; count: number; oldest: string }[]
  /** At most `limit` open operations on each side of one in its lane, itself among them, in `seq` order. */
  aroundInLane(operation: Operation, limit: number): Operation[]
  /** Whether a later operation of the lane has gone out. */
  laneWentOn(lane: string, seq: number): boolean
  counts(): { pending: number; needsYou: number }
  pendingOf(operator: string): number
  /** The unresolved operation that makes a row with a local id; undefined when there is none. */
  creatorOf(localId: string): Operation | undefined
  moveLane(from: string, to: string): void
  /** What waits for a row that has its id now is due. */
  release(at: number): void
  serverIdOf(localId: string): string | undefined
  mapLocalId(localId: string, serverId: string): void
  /** The operations about a row that was made here, but for the settled ones, name it as the provider does. */
  replaceRowId(kind: RowKind, localId: string, serverId: string): void
}

/** Which rows a list shows: those of a view, of one kind where `group` says so. `operator`: who is signed in. */
export interface Selection {
  view: OutboxViewName
  operator: string
  group?: GroupKey | undefined
}

interface DbRow {
  seq: number
  op_id: string
  generation: number
  operator: string
  operator_name: string
  entered_by: string | null
  lane: string
  args: string
  seen: string
  state: OperationState
  subject: string
  casella_id: string | null
  titolare_id: string | null
  deposito_id: string | null
  row_kind: string | null
  row_id: string | null
  created_at: string
  sent_at: string | null
  settled_at: string | null
  frozen_request: string | null
  ack_version: number | null
  maybe_applied: number
  attempts: number
  next_at: number | null
  held: number
  reason: string | null
  upload_url: string | null
  conflict: string | null
}

const all: Sql = {
  text: `seq, op_id, generation, operator, operator_name, entered_by, lane, args, seen, state, subject, casella_id, titolare_id, deposito_id,
    row_kind, row_id, created_at, sent_at, settled_at, frozen_request, ack_version, maybe_applied, attempts, next_at, held, reason, upload_url, conflict`,
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
    enteredBy: row.entered_by,
    lane: row.lane,
    type: args.type,
    args,
    seen: Fields.parse(JSON.parse(row.seen)),
    state: row.state,
    subject: row.subject,
    casellaId: row.casella_id,
    titolareId: row.titolare_id,
    depositoId: row.deposito_id,
    // A row of an older archive does not say it.
    row:
      row.row_kind === null || row.row_id === null
        ? rowOf(args)
        : { kind: RowKind.parse(row.row_kind), id: row.row_id },
    createdAt: row.created_at,
    sentAt: row.sent_at,
    settledAt: row.settled_at,
    frozen: row.frozen_request === null ? null : FrozenRequest.parse(JSON.parse(row.frozen_request)),
    ackVersion: row.ack_version,
    maybeApplied: row.maybe_applied === 1,
    attempts: row.attempts,
    nextAt: row.next_at,
    held: row.held === 1,
    reason: row.reason === null ? null : Reason.parse(JSON.parse(row.reason)),
    uploadUrl: row.upload_url,
    conflict: row.conflict === null ? null : Conflict.parse(JSON.parse(row.conflict)),
  }
}

const FieldNames = z.array(z.string())
const RawOperation: z.ZodType<DbRow> = z.object({
  seq: z.number(),
  op_id: z.string(),
  generation: z.number(),
  operator: z.string(),
  operator_name: z.string(),
  entered_by: z.string().nullable().default(null),
  lane: z.string(),
  args: z.string(),
  seen: z.string(),
  state: OperationState,
  subject: z.string(),
  casella_id: z.string().nullable(),
  titolare_id: z.string().nullable(),
  deposito_id: z.string().nullable(),
  row_kind: z.string().nullable().default(null),
  row_id: z.string().nullable().default(null),
  created_at: z.string(),
  sent_at: z.string().nullable(),
  settled_at: z.string().nullable(),
  frozen_request: z.string().nullable(),
  ack_version: z.number().nullable(),
  maybe_applied: z.number(),
  attempts: z.number(),
  next_at: z.number().nullable(),
  held: z.number().default(0),
  reason: z.string().nullable(),
  upload_url: z.string().nullable(),
  conflict: z.string().nullable(),
})

/** The operation of a row that was read from a database nobody vouches for; null when the row makes none. */
export function operationOfRawRow(row: Readonly<Record<string, unknown>>): Operation | null {
  const parsed = RawOperation.safeParse(row)
  if (!parsed.success) return null
  try {
    return operationOf(parsed.data)
  } catch {
    return null
  }
}

const json = (value: unknown): string | null => (value === null ? null : JSON.stringify(value))
const openStates = sql`state NOT IN ('settled', 'cancelled', 'rejected')`
/** As the indexes by casella, holder and row have it: a query that does not say it reads all that was ever done. */
const notEnded = sql`state NOT IN ('settled', 'cancelled')`
const waiting = sql`(state = 'uncertain' OR (state = 'pending' AND held = 0))`
/** Nothing open stands before it in its lane. */
const isHead = sql`NOT EXISTS (SELECT 1 FROM operation AS earlier WHERE earlier.lane = operation.lane
  AND earlier.seq < operation.seq AND earlier.state NOT IN ('settled', 'cancelled', 'rejected'))`
const viewStates: Record<OutboxViewName, Sql> = {
  open: sql`state IN ('pending', 'in_flight', 'acknowledged', 'uncertain', 'conflict', 'needs_review', 'rejected')`,
  needs_you: sql`state IN ('conflict', 'needs_review', 'rejected') OR (state = 'uncertain' AND next_at IS NULL)`,
  held: sql`state = 'pending' AND held = 1`,
  done: sql`state IN ('settled', 'cancelled')`,
}
// As the index `operation_group` has them.
const reasonCode = sql`json_extract(reason, '$.code')`
const conflictFields = sql`json_extract(conflict, '$.fields')`

/** The conflict counts only where there is one: an earlier one's fields are no part of what a row is now. */
function ofGroup({ type, state, reason, fields, foreign }: GroupKey, operator: string): Sql {
  return sql`type = ${type} AND state = ${state} AND ${reasonCode} IS ${reason}
    AND ${conflictFields} IS ${fields === null ? null : JSON.stringify(fields)}
    AND ${foreign ? sql`operator <> ${operator}` : sql`operator = ${operator}`}`
}

function selected({ view, operator, group }: Selection): Sql {
  const own = view === 'held' ? sql`${viewStates.held} AND operator = ${operator}` : sql`(${viewStates[view]})`
  return group === undefined ? own : sql`${own} AND ${ofGroup(group, operator)}`
}

function orderOf(view: OutboxViewName): Sql {
  switch (view) {
    case 'open':
    case 'needs_you':
      return sql`seq`
    case 'held':
      return sql`lane, seq`
    case 'done':
      return sql`settled_at DESC, seq DESC`
  }
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

  /** What was given up may be taken back; what is settled never named an id that the provider did not know. */
  const replaceId = (column: Sql, localId: string, serverId: string): void => {
    for (const among of [notEnded, sql`state = 'cancelled'`])
      db.run(sql`UPDATE operation SET ${column} = ${serverId} WHERE ${column} = ${localId} AND ${among}`)
  }

  return {
    insert: (operation) => {
      const its = rowOf(operation.args)
      const row = db.all<{ seq: number }>(sql`
        INSERT INTO operation(op_id, operator, operator_name, lane, type, args_version, args, seen, state, subject, casella_id,
          titolare_id, deposito_id, row_kind, row_id, created_at, next_at, held)
        VALUES (${operation.opId}, ${operation.operator}, ${operation.operatorName}, ${operation.lane}, ${operation.args.type},
          ${ARGS_VERSION}, ${JSON.stringify(operation.args)}, ${JSON.stringify(operation.seen)}, 'pending', ${operation.subject},
          ${operation.casellaId}, ${operation.titolareId}, ${operation.depositoId}, ${its?.kind ?? null}, ${its?.id ?? null},
          ${operation.createdAt}, ${operation.nextAt}, ${operation.held ? 1 : 0})
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
        held = ${after.held ? 1 : 0}, operator = ${after.operator}, operator_name = ${after.operatorName},
        entered_by = ${after.enteredBy}, lane = ${after.lane}, casella_id = ${after.casellaId}, titolare_id = ${after.titolareId}
        WHERE seq = ${seq}`)
      if (before.state !== after.state) record(seq, at, before.state, after.state, after.reason)
      return after
    },
    anyVisible: () => db.column(sql`SELECT EXISTS(SELECT 1 FROM operation WHERE ${notEnded})`)[0] === 1,
    openInLane: (lane) => many(sql`lane = ${lane} AND ${openStates} ORDER BY seq`),
    visibleOfCasella: (casellaId) => many(sql`casella_id = ${casellaId} AND ${notEnded} ORDER BY seq`),
    visibleOfTitolare: (titolareId) => many(sql`titolare_id = ${titolareId} AND ${notEnded} ORDER BY seq`),
    visibleOfRow: (kind, id) => many(sql`row_kind = ${kind} AND row_id = ${id} AND ${notEnded} ORDER BY seq`),
    laneOfOpenTitolare: (titolareId) =>
      db.all<{ lane: string }>(
        sql`SELECT lane FROM operation WHERE titolare_id = ${titolareId} AND row_kind IN ('titolare', 'indirizzo', 'attivita')
          AND ${notEnded} AND ${openStates} ORDER BY seq DESC LIMIT 1`,
      )[0]?.lane,
    visibleInLane: (lane) => many(sql`lane = ${lane} AND ${notEnded} ORDER BY seq`),
    // The rejected took nothing away.
    mergeAbsorbing: (titolareId) =>
      many(sql`type = 'titolare.fusione' AND ${viewStates.open} AND state NOT IN ('rejected', 'needs_review')
        ORDER BY seq`).find(
        ({ args }) => args.type === 'titolare.fusione' && args.assorbiti.some(({ id }) => id === titolareId),
      ),
    visibleOfType: (type) => many(sql`type = ${type} AND ${viewStates.open} ORDER BY seq`),
    headOf: (lane) => one(sql`lane = ${lane} AND ${openStates} ORDER BY seq LIMIT 1`),
    dueHeads: (operator, now, horizon, limit) => {
      const due = sql`operator = ${operator} AND (next_at <= ${now} OR next_at > ${horizon}) AND ${isHead}`
      // Two readings in the order of `operation_state`, merged: neither goes on beyond the last that is wanted.
      return many(sql`seq IN (SELECT seq FROM operation WHERE state = 'pending' AND held = 0 AND ${due}
        UNION ALL SELECT seq FROM operation WHERE state = 'uncertain' AND ${due} ORDER BY seq LIMIT ${limit}) ORDER BY seq`)
    },
    nextHeadAt: (operator, now) =>
      db.all<{ at: number | null }>(
        sql`SELECT min(next_at) AS at FROM operation WHERE ${waiting} AND operator = ${operator} AND next_at > ${now}
          AND ${isHead}`,
      )[0]?.at ?? null,
    capSchedule: (latest) => {
      db.run(sql`UPDATE operation SET next_at = ${latest} WHERE next_at > ${latest} AND ${openStates}`)
    },
    hasten: (now, uncertainToo) =>
      db
        .all<{ op_id: string }>(
          sql`UPDATE operation SET next_at = ${now} WHERE next_at > ${now} AND ${uncertainToo ? waiting : sql`state = 'pending'`}
            AND json_extract(reason, '$.code') IN ('offline', 'no_answer', 'timeout', 'proxy_answer') RETURNING op_id`,
        )
        .map((row) => row.op_id),
    inState: (state) => many(sql`state = ${state} ORDER BY seq`),
    unsettled: () => many(sql`${openStates} ORDER BY seq`),
    note: ({ seq, state }, reason, at) => {
      record(seq, at, state, state, reason)
    },
    history: (seq) =>
      db
        .all<{ at: string; from_state: OperationState | null; to_state: OperationState; reason: string | null }>(
          sql`SELECT at, from_state, to_state, reason FROM operation_history WHERE seq = ${seq} ORDER BY rowid`,
        )
        .map((row) => ({
          at: row.at,
          from: row.from_state,
          to: row.to_state,
          reason: row.reason === null ? null : Reason.parse(JSON.parse(row.reason)),
        })),
    list: (selection, offset, limit) =>
      many(sql`${selected(selection)} ORDER BY ${orderOf(selection.view)} LIMIT ${limit} OFFSET ${offset}`),
    countOf: (selection) => count(selected(selection)),
    seqs: (selection) => db.column(sql`SELECT seq FROM operation WHERE ${selected(selection)} ORDER BY seq`),
    bySeq: (seq) => one(sql`seq = ${seq}`),
    groups: (view, operator) => {
      const rows = db.all<{
        type: OperationType
        state: OperationState
        code: string | null
        fields: string | null
        foreign_: number
        n: number
        oldest: number
      }>(sql`SELECT type, state, ${reasonCode} AS code, ${conflictFields} AS fields, operator <> ${operator} AS foreign_,
        count(*) AS n, min(seq) AS oldest
        FROM operation WHERE ${viewStates[view]} GROUP BY 1, 2, 3, 4, 5 ORDER BY n DESC, oldest`)
      return rows.map(({ type, state, code, fields, foreign_, n, oldest }) => ({
        key: {
          type,
          state,
          reason: code,
          fields: fields === null ? null : FieldNames.parse(JSON.parse(fields)),
          foreign: foreign_ === 1,
        },
        count: n,
        oldest: db.all<{ subject: string }>(sql`SELECT subject FROM operation WHERE seq = ${oldest}`)[0]?.subject ?? '',
      }))
    },
    aroundInLane: ({ lane, seq }, limit) => [
      ...many(sql`lane = ${lane} AND ${openStates} AND seq < ${seq} ORDER BY seq DESC LIMIT ${limit}`).reverse(),
      ...many(sql`seq = ${seq}`),
      ...many(sql`lane = ${lane} AND ${openStates} AND seq > ${seq} ORDER BY seq LIMIT ${limit}`),
    ],
    laneWentOn: (lane, seq) =>
      count(sql`lane = ${lane} AND seq > ${seq} AND state IN ('in_flight', 'uncertain', 'acknowledged', 'settled')`) >
      0,
    counts: () => {
      const needsYou = count(viewStates.needs_you)
      return { pending: count(viewStates.open) - needsYou, needsYou }
    },
    pendingOf: (operator) => count(sql`operator = ${operator} AND ${openStates}`),
    creatorOf: (localId) =>
      one(sql`${notEnded} AND ${openStates} AND row_id = ${localId} AND type IN (
        'titolare.create', 'casella.create', 'indirizzo.create', 'attivita.create', 'nota.create', 'segnalazione.create', 'messaggio.create')`),
    moveLane: (from, to) => {
      db.run(sql`UPDATE operation SET lane = ${to} WHERE lane = ${from}`)
    },
    release: (at) => {
      db.run(sql`UPDATE operation SET next_at = ${at} WHERE state = 'pending' AND next_at > ${at}
        AND json_extract(reason, '$.code') = 'waits_for_lane'`)
    },
    serverIdOf: (localId) =>
      db.all<{ server_id: string }>(sql`SELECT server_id FROM local_id WHERE local_id = ${localId}`)[0]?.server_id,
    mapLocalId: (localId, serverId) => {
      db.run(sql`INSERT INTO local_id(local_id, server_id) VALUES (${localId}, ${serverId}) ON CONFLICT DO NOTHING`)
    },
    replaceRowId: (kind, localId, serverId) => {
      replaceId(sql`row_id`, localId, serverId)
      switch (kind) {
        case 'casella':
          replaceId(sql`casella_id`, localId, serverId)
          db.run(sql`UPDATE deposito SET casella_id = ${serverId} WHERE casella_id = ${localId}`)
          return
        case 'titolare':
          replaceId(sql`titolare_id`, localId, serverId)
          return
        case 'indirizzo':
        case 'attivita':
        case 'nota':
        case 'segnalazione':
        case 'messaggio':
        case 'documento':
        case 'impostazioni':
      }
    },
  }
}
