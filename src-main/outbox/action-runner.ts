import type { ArchiveDb } from '../db/database.ts'
import type { Operation, OperationArgs } from './operation.ts'
import type { ActionFacts, Effect } from './operation-actions.ts'
import type { OperationMove, OperationStore } from './operation-store.ts'
import type { OutboxEngine } from './outbox-engine.ts'
import type { Projection } from './projection.ts'
import { isTakeable } from './takeable.ts'

/** What was done in a transaction and has to be told or let go once it stands. */
export interface Done {
  givenUp: Operation[]
  depositoIds: string[]
}

export interface ActionRunner {
  /** Runs inside the caller's transaction. `look` is the caller's: it takes time. */
  apply(operation: Operation, effect: Exclude<Effect, { kind: 'look' }>, facts: ActionFacts): Done
  move(operation: Operation, move: OperationMove): Operation
  /** After the transaction: only what is on the disk is told and sent. */
  finish(done: readonly Done[]): void
}

const nothing: Done = { givenUp: [], depositoIds: [] }
/** What takes others with it when it is given up. */
const takesOthers = ({ type }: OperationArgs): boolean =>
  type === 'casella.create' || type === 'titolare.create' || type === 'segnalazione.create'

export function actionRunner(dependencies: {
  db: ArchiveDb
  operations: OperationStore
  projection: Projection
  engine: OutboxEngine
  now(): string
  touched(opId: string): void
}): ActionRunner {
  const { operations, projection, engine } = dependencies

  function move(operation: Operation, next: OperationMove): Operation {
    const ended = next.state === 'settled' ? { settledAt: dependencies.now() } : {}
    const moved = operations.move(operation.seq, { ...next, ...ended }, dependencies.now())
    dependencies.touched(operation.opId)
    projection.of(moved)
    return moved
  }

  /** Same row, same place in the order; a new generation, because a key is its operator's own. */
  function takeOver(operation: Operation, { operator, schedule }: ActionFacts): void {
    const mates = operations
      .openInLane(operation.lane)
      .filter((mate) => mate.operator === operation.operator && mate.seq !== operation.seq && isTakeable(mate))
    for (const one of [operation, ...mates]) {
      const { nextAt, held } = schedule.momentOf(one.args)
      const moved = move(one, {
        operator: operator.id,
        operatorName: operator.nome,
        enteredBy: one.enteredBy ?? one.operatorName,
        generation: one.generation + 1,
        frozen: null,
        uploadUrl: null,
        held,
        nextAt: one.state === 'pending' ? nextAt : null,
        // It waits for the new operator's time, no longer for the network.
        ...(one.state === 'pending' ? { reason: null } : {}),
      })
      operations.note(
        moved,
        { code: 'taken_over', params: { from: one.operatorName, operator: operator.nome } },
        dependencies.now(),
      )
    }
  }

  return {
    move,
    apply: (operation, effect, facts) => {
      switch (effect.kind) {
        case 'none':
          return nothing
        case 'move':
          move(operation, effect.move)
          return nothing
        case 'give_up':
          return { givenUp: [operation], depositoIds: engine.giveUp(operation) }
        case 'take_over':
          takeOver(operation, facts)
          return nothing
      }
    },
    finish: (done) => {
      engine.gaveUp(
        done.flatMap(({ givenUp }) => givenUp),
        done.flatMap(({ depositoIds }) => depositoIds),
      )
    },
  }
}

/** Whether giving it up can be taken back: a creation takes its row and what waits for it with it, a document its bytes. Pure. */
export function isGivingUpUndoable(operation: Operation): boolean {
  return !takesOthers(operation.args) && operation.depositoId === null
}
