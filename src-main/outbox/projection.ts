import type { Attention } from '../contract/casella.ts'
import { editableFields, withFields } from '../caselle/casella-fields.ts'
import type { CasellaStore, StoredCasella } from '../caselle/casella-store.ts'
import { statoCasella } from '../caselle/stato-casella.ts'
import type { Casella } from '../provider-contract/casella.ts'
import type { TitolareStore } from '../titolari/titolare-store.ts'
import type { Operation } from './operation.ts'
import type { OperationMove, OperationStore } from './operation-store.ts'
import { rebase, type Verdict } from './rebase.ts'

/** Brings the rows that the screens show up to date with what the provider said and what waits in the outbox. */
export interface Projection {
  /** Rebases the casella's own updates on the provider's row and writes what the screens show (rule 8). */
  casella(id: string): void
  /** Writes the provider's casella where it is newer than what is known, then projects. Answers whether it was. */
  pulledCasella(casella: Casella): boolean
  removedCasella(id: string): void
  titolare(id: string): void
  /** The holder's name changed: its caselle show it. Answers their ids. */
  caselleOfTitolare(id: string): string[]
}

const gravest: readonly Attention[] = ['conflict', 'needs_review', 'rejected', 'uncertain', 'pending']

/** The mark of a row: the gravest state among its operations. */
export function attentionOf(operations: readonly Operation[]): Attention | null {
  const present = new Set(
    operations.map(({ state }): Attention =>
      state === 'conflict' || state === 'needs_review' || state === 'rejected' || state === 'uncertain'
        ? state
        : 'pending',
    ),
  )
  return gravest.find((attention) => present.has(attention)) ?? null
}

function moveOf(verdict: Verdict, server: Casella, now: { iso: string; ms: number }): OperationMove | null {
  switch (verdict.kind) {
    case 'unchanged':
      return null
    case 'settled':
      return { state: 'settled', settledAt: now.iso, nextAt: null, reason: null }
    case 'pending':
      return { state: 'pending', conflict: null, reason: null, nextAt: now.ms }
    case 'conflict':
      return {
        state: 'conflict',
        nextAt: null,
        reason: { code: 'version_mismatch', params: {} },
        conflict: {
          fields: verdict.fields,
          current: verdict.current,
          changedBy: server.updatedBy,
          changedAt: server.updatedAt,
        },
      }
  }
}

export function projection(
  stores: { caselle: CasellaStore; titolari: TitolareStore; operations: OperationStore },
  now: () => { iso: string; ms: number },
  touched: (entity: 'casella' | 'titolare' | 'operation', id: string) => void,
): Projection {
  const { caselle, titolari, operations } = stores

  function rebased(base: Casella, visible: readonly Operation[]): Casella {
    const updates = visible.flatMap((operation) =>
      operation.args.type === 'casella.update'
        ? [
            {
              opId: operation.opId,
              state: operation.state,
              fields: operation.args.fields,
              seen: operation.seen,
              ackVersion: operation.ackVersion,
            },
          ]
        : [],
    )
    const { shown, verdicts } = rebase({ version: base.version, fields: editableFields(base) }, updates)
    for (const operation of visible) {
      const verdict = verdicts.get(operation.opId)
      const move = verdict === undefined ? null : moveOf(verdict, base, now())
      if (move === null) continue
      operations.move(operation.seq, move, now().iso)
      touched('operation', operation.opId)
    }
    return withFields(base, shown)
  }

  /** A casella that is gone takes no change: what was not sent waits for a person. */
  function stopUpdates(visible: readonly Operation[]): void {
    for (const operation of visible) {
      if (operation.state !== 'pending' && operation.state !== 'conflict') continue
      operations.move(
        operation.seq,
        { state: 'needs_review', nextAt: null, conflict: null, reason: { code: 'deleted_by_provider', params: {} } },
        now().iso,
      )
      touched('operation', operation.opId)
    }
  }

  function project(stored: Omit<StoredCasella, 'pk'>): void {
    const base = stored.server ?? stored.local
    if (base === null) return
    let visible = operations.visibleOfCasella(stored.id)
    if (stored.server?.ciclo === 'eliminata') {
      stopUpdates(visible)
      visible = operations.visibleOfCasella(stored.id)
    }
    const values = visible.length === 0 ? base : rebased(base, visible)
    const after = visible.length === 0 ? visible : operations.visibleOfCasella(stored.id)
    caselle.write(stored.id, stored, {
      values,
      holder: titolari.holder(base.titolareId) ?? { titolare: '', codiceFiscale: '', ragioneSociale: null },
      stato: stored.server === null ? 'da_inviare' : statoCasella(values),
      inCoda: after.length,
      attention: attentionOf(after),
    })
    touched('casella', stored.id)
  }

  return {
    casella: (id) => {
      const stored = caselle.get(id)
      if (stored !== undefined) project(stored)
    },
    pulledCasella: (casella) => {
      const known = caselle.versionOf(casella.id)
      if (known !== undefined && known >= casella.version) return false
      project({ id: casella.id, version: casella.version, server: casella, local: null })
      return true
    },
    removedCasella: (id) => {
      stopUpdates(operations.visibleOfCasella(id))
      caselle.remove(id)
      touched('casella', id)
    },
    titolare: (id) => {
      const stored = titolari.get(id)
      if (stored === undefined) return
      titolari.write(stored, operations.visibleOfTitolare(id).length)
      touched('titolare', id)
    },
    caselleOfTitolare: (id) => {
      const ids = caselle.idsOfTitolare(id)
      for (const casellaId of ids) {
        const stored = caselle.get(casellaId)
        if (stored !== undefined) project(stored)
      }
      return ids
    },
  }
}
