import type { Status } from '../../src-main/contract/status.ts'

/** The status of an application in which nothing is open. */
export function emptyStatus(): Status {
  return {
    phase: 'blocked',
    connection: 'never_aligned',
    lastAlignedAt: null,
    offlineSince: null,
    nextAlignmentAt: null,
    lastError: null,
    sync: null,
    pending: 0,
    needsYou: 0,
    unseenActivity: 0,
    operatore: null,
    scope: null,
    provider: null,
    lock: null,
    custody: null,
    trouble: null,
    recoveryKey: 'not_applicable',
    counts: { caselle: 0, titolari: 0, domini: 0 },
    host: 'electron',
    version: '0.0.0',
  }
}
