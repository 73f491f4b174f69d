import type { OperationView } from '../../src-main/contract/operation.ts'

/** A queued change of a casella, for tests. */
export function exampleOperation(changes: Partial<OperationView>): OperationView {
  return {
    id: 'o',
    seq: 1,
    type: 'casella.update',
    state: 'pending',
    subject: 'a@b.it',
    casellaId: 'c',
    operator: 'demo',
    enteredBy: null,
    foreign: false,
    held: false,
    unsent: false,
    createdAt: '2026-03-02T08:59:00Z',
    sentAt: null,
    settledAt: null,
    attempts: 0,
    nextAt: null,
    reason: null,
    changes: [],
    upload: null,
    waitsFor: null,
    changedBy: null,
    changedAt: null,
    canCancel: true,
    canRetry: false,
    canResolve: false,
    canTakeOver: false,
    ...changes,
  }
}
