import type { Attention } from '../contract/casella.ts'
import type { CasellaStore, StoredCasella } from '../caselle/casella-store.ts'
import { statoCasella } from '../caselle/stato-casella.ts'
import type { ChangedEntity } from '../contract/event.ts'
import type { Casella } from '../provider-contract/casella.ts'
import type { Titolare } from '../provider-contract/titolare.ts'
import type { StoredTitolare, TitolareStore } from '../titolari/titolare-store.ts'
import { fieldsOfRow, rowWith, type RowOf } from './editable-rows.ts'
import { shownFields } from './pending-row.ts'
import { changeOf, hasAbsorbedChanged, type Operation, type RowKind } from './operation.ts'
import type { OperationMove, OperationStore } from './operation-store.ts'
import { laneUpdates, rebase, type Verdict } from './rebase.ts'
import { entityOfRow, idOfRow, type HangingKind, type ServerRows } from './server-rows.ts'

/** Brings the rows that the screens show up to date with what the provider said and what waits in the outbox. */
export interface Projection {
  /** Rebases the casella's own updates on the provider's row and writes what the screens show (rule 8). */
  casella(id: string): void
  titolare(id: string): void
  /** As the two above, for a row of any kind. */
  row(kind: RowKind, id: string): void
  /** All that an operation touches. */
  of(operation: Pick<Operation, 'casellaId' | 'titolareId' | 'row'>): void
  /** Writes the provider's row where it is newer than what is known, then projects. Answers whether it was. */
  pulled<K extends RowKind>(kind: K, row: RowOf[K]): boolean
  /** The provider has the row no more. */
  removed(kind: RowKind, id: string): void
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

interface Author {
  updatedBy: string | null
  updatedAt: string
}

function moveOf(
  verdict: Verdict,
  { updatedBy, updatedAt }: Author,
  now: { iso: string; ms: number },
): OperationMove | null {
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
        conflict: { fields: verdict.fields, current: verdict.current, changedBy: updatedBy, changedAt: updatedAt },
      }
  }
}

/**
 * Whether a casella that is gone (D68) still takes it: notes about it may be written, and its logs asked for with a signed
 * request (D119); everything else may not.
 */
function outlivesCasella({ args }: Operation): boolean {
  if (args.type === 'documento.attach') return args.tipo === 'altro'
  if (args.type === 'casella.richiesta') return args.richiesta.tipo === 'estratto_log'
  return args.type === 'nota.create' || args.type === 'nota.update' || args.type === 'nota.delete'
}

/** Whether rows of a kind are no more when the row that they hang on is gone; a row goes with itself. */
function goesWith(gone: RowKind, kind: RowKind | undefined): boolean {
  return kind === gone || (gone === 'titolare' && (kind === 'indirizzo' || kind === 'attivita'))
}

export function projection(
  stores: {
    caselle: CasellaStore
    titolari: TitolareStore
    operations: OperationStore
    rows: ServerRows
  },
  now: () => { iso: string; ms: number },
  touched: (entity: ChangedEntity, id: string) => void,
): Projection {
  const { caselle, titolari, operations, rows } = stores

  function rebased<K extends RowKind>(
    kind: K,
    base: RowOf[K] & Author,
    version: number,
    visible: readonly Operation[],
  ): { shown: RowOf[K]; moved: Operation[] } {
    if (visible.length === 0) return { shown: base, moved: [] }
    const { shown, verdicts } = rebase({ version, fields: fieldsOfRow(kind, base) }, laneUpdates(visible, kind))
    const moved: Operation[] = []
    for (const operation of visible) {
      const verdict = verdicts.get(operation.opId)
      const move = verdict === undefined ? null : moveOf(verdict, base, now())
      if (move === null) continue
      moved.push(operations.move(operation.seq, move, now().iso))
      touched('operation', operation.opId)
    }
    return { shown: rowWith(kind, base, shown), moved }
  }

  /**
   * A row that is gone takes no change: what was not sent waits for a person, but for what wanted this very row gone, or
   * what went with it.
   */
  function stop(gone: RowKind, visible: readonly Operation[]): void {
    for (const operation of visible) {
      if (operation.state !== 'pending' && operation.state !== 'conflict') continue
      const isGone = changeOf(operation.args)?.kind === 'delete' && goesWith(gone, operation.row?.kind)
      const code = isGone ? 'already_deleted' : 'deleted_by_provider'
      const reason = { code, params: {} }
      operations.move(
        operation.seq,
        code === 'already_deleted' && !operation.maybeApplied
          ? { state: 'settled', settledAt: now().iso, nextAt: null, conflict: null, reason }
          : { state: 'needs_review', nextAt: null, conflict: null, reason },
        now().iso,
      )
      touched('operation', operation.opId)
    }
  }

  function projectCasella(stored: Omit<StoredCasella, 'pk'>): void {
    const base = stored.server ?? stored.local
    if (base === null) return
    let visible = operations.visibleOfCasella(stored.id)
    if (stored.server?.ciclo === 'eliminata') {
      stop(
        'casella',
        visible.filter((operation) => !outlivesCasella(operation)),
      )
      visible = operations.visibleOfCasella(stored.id)
    }
    const { shown: values } = rebased('casella', base, base.version, visible)
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

  function pulledCasella(casella: Casella): boolean {
    const known = caselle.versionOf(casella.id)
    if (known !== undefined && known >= casella.version) return false
    projectCasella({ id: casella.id, version: casella.version, server: casella, local: null })
    return true
  }

  function projectTitolare(stored: StoredTitolare): void {
    const base = stored.server ?? stored.local?.titolare
    if (base === undefined) return
    const visible = operations.visibleOfTitolare(stored.id)
    const before = titolari.holder(stored.id)
    if (visible.length === 0) titolari.write(stored, 0)
    else {
      const { shown } = rebased('titolare', base, stored.version, visible)
      titolari.write(stored, operations.visibleOfTitolare(stored.id).length, shown)
    }
    touched('titolare', stored.id)
    const after = titolari.holder(stored.id)
    if (before !== undefined && JSON.stringify(before) !== JSON.stringify(after)) caselleOfTitolare(stored.id)
  }

  /** A holder that a merge would take away, and that is no longer what its operator saw, is looked at by a person first. */
  function lookAtMerge(holder: Titolare): void {
    const merge = operations.mergeAbsorbing(holder.id)
    if (merge === undefined || (merge.state !== 'pending' && merge.state !== 'conflict')) return
    const shown = shownFields('titolare', holder, operations.visibleOfTitolare(holder.id))
    if (!hasAbsorbedChanged(merge, holder.id, shown)) return
    const params = { titolare: `${holder.cognome} ${holder.nome}`.trim() }
    const reason = { code: 'absorbed_changed', params }
    operations.move(merge.seq, { state: 'needs_review', nextAt: null, conflict: null, reason }, now().iso)
    touched('operation', merge.opId)
    if (merge.titolareId !== null) titolare(merge.titolareId)
  }

  function pulledTitolare(titolare: Titolare): boolean {
    const known = titolari.versionOf(titolare.id)
    if (known !== undefined && known >= titolare.version) return false
    projectTitolare({ id: titolare.id, version: titolare.version, server: titolare, local: null })
    lookAtMerge(titolare)
    return true
  }

  function caselleOfTitolare(id: string): string[] {
    const ids = caselle.idsOfTitolare(id)
    for (const casellaId of ids) {
      const stored = caselle.get(casellaId)
      if (stored !== undefined) projectCasella(stored)
    }
    return ids
  }

  const casella = (id: string): void => {
    const stored = caselle.get(id)
    if (stored !== undefined) projectCasella(stored)
  }
  const titolare = (id: string): void => {
    const stored = titolari.get(id)
    if (stored !== undefined) projectTitolare(stored)
  }

  /** Caselle show the name and the company of their holder: they follow when `work` changes them. */
  function followingHolder(owner: { entity: ChangedEntity; id: string }, work: () => void): void {
    const named = (): string | null =>
      owner.entity === 'titolare' ? JSON.stringify(titolari.holder(owner.id) ?? null) : null
    const before = named()
    work()
    if (named() !== before) caselleOfTitolare(owner.id)
    touched(owner.entity, owner.id)
  }

  /** A row that hangs on a casella or a titolare: its values are laid together with what waits when they are read. */
  function projectHanging<K extends HangingKind>(kind: K, row: RowOf[K]): void {
    const visible = operations.visibleOfRow(kind, idOfRow(kind, row))
    const { shown, moved } = rebased(kind, row, row.version, visible)
    followingHolder(entityOfRow(kind, row), () => {
      rows.show(kind, row, shown)
    })
    markOwners(moved)
  }

  /** The casella and the holder that operations are about show the gravest of them, and how many wait. */
  function markOwners(moved: readonly Operation[]): void {
    for (const id of new Set(moved.flatMap(({ casellaId }) => casellaId ?? []))) casella(id)
    for (const id of new Set(moved.flatMap(({ titolareId }) => titolareId ?? []))) titolare(id)
  }

  /** What waits for a row goes with it to another holder (D28), and does not end with the one that it leaves. */
  function followRow<K extends HangingKind>(kind: K, row: RowOf[K]): void {
    const { entity, id: titolareId } = entityOfRow(kind, row)
    if (entity !== 'titolare') return
    const moved = operations.visibleOfRow(kind, idOfRow(kind, row)).filter((each) => each.titolareId !== titolareId)
    for (const { seq } of moved) operations.move(seq, { titolareId }, now().iso)
    markOwners(moved)
  }

  function pulledHanging<K extends HangingKind>(kind: K, row: RowOf[K]): boolean {
    const known = rows.versionOf(kind, idOfRow(kind, row))
    if (known !== undefined && known >= row.version) return false
    followRow(kind, row)
    followingHolder(entityOfRow(kind, row), () => {
      rows.write(kind, row)
    })
    projectHanging(kind, row)
    return true
  }

  function row(kind: RowKind, id: string): void {
    if (kind === 'casella') casella(id)
    else if (kind === 'titolare') titolare(id)
    else {
      const known = rows.get(kind, id)
      if (known !== undefined) projectHanging(kind, known)
    }
  }

  const pull: { [K in RowKind]: (news: RowOf[K]) => boolean } = {
    casella: pulledCasella,
    titolare: pulledTitolare,
    indirizzo: (news) => pulledHanging('indirizzo', news),
    attivita: (news) => pulledHanging('attivita', news),
    nota: (news) => pulledHanging('nota', news),
    segnalazione: (news) => pulledHanging('segnalazione', news),
    impostazioni: (news) => pulledHanging('impostazioni', news),
    documento: (news) => pulledHanging('documento', news),
    messaggio: (news) => pulledHanging('messaggio', news),
  }

  return {
    casella,
    titolare,
    row,
    of: ({ casellaId, titolareId, row: its }) => {
      if (its !== null && its.kind !== 'casella' && its.kind !== 'titolare') row(its.kind, its.id)
      if (casellaId !== null) casella(casellaId)
      if (titolareId !== null) titolare(titolareId)
    },
    pulled: (kind, news) => pull[kind](news),
    removed: (kind, id) => {
      if (kind === 'casella') {
        stop('casella', operations.visibleOfCasella(id))
        caselle.remove(id)
        touched('casella', id)
        return
      }
      if (kind === 'titolare') {
        stop('titolare', operations.visibleOfTitolare(id))
        titolari.remove(id)
        touched('titolare', id)
        return
      }
      const gone = rows.get(kind, id)
      const visible = operations.visibleOfRow(kind, id)
      stop(kind, visible)
      if (gone !== undefined)
        followingHolder(entityOfRow(kind, gone), () => {
          rows.remove(kind, id)
        })
      markOwners(visible)
    },
    caselleOfTitolare,
  }
}
