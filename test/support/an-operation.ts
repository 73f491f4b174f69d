import type { Operation } from '../../src-main/outbox/operation.ts'

/** An operation as it is queued, with the parts that a test is about. */
export function anOperation(changes: Partial<Operation> = {}): Operation {
  const seq = changes.seq ?? 1
  return {
    seq,
    opId: `op${seq}`,
    generation: 0,
    operator: 'demo',
    operatorName: 'Demo',
    enteredBy: null,
    held: false,
    lane: `casella:C${seq}`,
    type: 'casella.update',
    args: { type: 'casella.update', casellaId: `C${seq}`, fields: { quotaMb: 1 } },
    seen: {},
    state: 'pending',
    subject: '',
    casellaId: `C${seq}`,
    titolareId: null,
    depositoId: null,
    row: { kind: 'casella', id: `C${seq}` },
    createdAt: '2026-01-01T00:00:00.000Z',
    sentAt: null,
    settledAt: null,
    frozen: null,
    ackVersion: null,
    maybeApplied: false,
    attempts: 0,
    nextAt: 0,
    reason: null,
    uploadUrl: null,
    conflict: null,
    ...changes,
  }
}
