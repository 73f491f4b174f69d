/** A rule of the outbox or the alignment, broken on purpose: `find` in `file` becomes `replace`. */
export interface Sabotage {
  name: string
  /** Which promise is broken. */
  breaks: string
  /** Below src-main. */
  file: string
  find: string
  replace: string
}

const engine = 'outbox/outbox-engine.ts'
const conclusion = 'outbox/conclusion.ts'
const freezing = 'outbox/freezing.ts'
const store = 'outbox/operation-store.ts'

/** The suite must turn red under each of them: see sabotages.test.ts. */
export const sabotages: readonly Sabotage[] = [
  {
    name: 'no_rebase',
    breaks: 'rule 8: what returns to pending is compared with what the provider says now',
    file: 'outbox/rebase.ts',
    find: 'if (fields.length > 0) {',
    replace: 'if (fields.length > 99) {',
  },
  {
    name: 'resend_in_flight',
    breaks: 'rule 3: what a crash interrupted is uncertain',
    file: engine,
    find: `          state: 'uncertain',
          maybeApplied: true,
          reason: { code: 'crash', params: {} },
          nextAt: now,`,
    replace: `          state: 'pending',
          generation: operation.generation + 1,
          frozen: null,
          nextAt: now,`,
  },
  {
    name: 'mark_after_send',
    breaks: 'rule 2: the frozen request is on the disk before the first byte leaves',
    file: freezing,
    find: 'const sent = move(fresh, {',
    replace: `const sent = ((operation: Operation, change: object): Operation => ({ ...operation, ...change }))(fresh, {`,
  },
  {
    name: 'members_not_frozen',
    breaks: 'rule 2: so are the requests of all that go out in one envelope',
    file: freezing,
    find: 'const sent = move(fresh, {',
    replace: `const unwritten = (operation: Operation, change: object): Operation => ({ ...operation, ...change })
        const sent = (inFlight.length === 0 ? move : unwritten)(fresh, {`,
  },
  {
    name: 'missing_item_as_settled',
    breaks: 'rule 3: what the answer to an envelope does not tell of is uncertain',
    file: engine,
    find: 'else took.push({ operation, outcome: outcomeOf(told) })',
    replace: `else if (told.kind === 'answer' && told.status === 200 && told.body === undefined)
            settle(operation, { state: 'settled', settledAt: iso(), nextAt: null })
          else took.push({ operation, outcome: outcomeOf(told) })`,
  },
  {
    name: 'envelope_repeated_under_new_keys',
    breaks: 'rule 4: what was in an envelope is repeated under the key it had there',
    file: freezing,
    find: 'if (fresh.frozen !== null) return fresh.frozen',
    replace: 'if (fresh.frozen !== null) return { ...fresh.frozen, key: `${fresh.frozen.key}-${fresh.attempts}` }',
  },
  {
    name: 'no_quiet_period',
    breaks: 'rule 4: a provider without keys is asked only once nothing can still be on its way',
    file: conclusion,
    find: 'const QUIET_MS = 2 * REQUEST_TIMEOUT_MS',
    replace: 'const QUIET_MS = 0 * REQUEST_TIMEOUT_MS',
  },
  {
    name: 'cursor_before_page',
    breaks: 'rule 7: a page and its cursor share one transaction',
    file: 'sync/sync-engine.ts',
    find: '    applyPage(page.data.items, page.data.nextCursor)',
    replace: `    feed.setCursor(page.data.nextCursor)
    await nextTurn()
    await nextTurn()
    applyPage(page.data.items, page.data.nextCursor)`,
  },
  {
    name: 'coalesce_sent_rows',
    breaks: 'rule 10: what may have been sent is never changed',
    file: 'caselle/casella-commands.ts',
    find: `        const operation = enqueue(
          operator,
          { type: 'casella.update', casellaId: known, fields },`,
    replace: `        const earlier = operations
          .openInLane(laneOfCasella(known))
          .findLast(({ args, operator: by }) => args.type === 'casella.update' && by === operator.id)
        if (earlier?.args.type === 'casella.update') {
          operations.move(
            earlier.seq,
            { args: { ...earlier.args, fields: { ...earlier.args.fields, ...fields } } },
            new Date(clock.now()).toISOString(),
          )
          return earlier.opId
        }
        const operation = enqueue(
          operator,
          { type: 'casella.update', casellaId: known, fields },`,
  },
  {
    name: 'answer_error_as_network_error',
    breaks: 'rule 3: an answer that cannot be read says nothing of what was done',
    file: conclusion,
    find: "const after = move(operation, told?.change ?? uncertainMove(operation, { code: 'proxy_answer', params: {} }))",
    replace: "const after = move(operation, told?.change ?? { state: 'pending', frozen: null, nextAt: retryAt(1) })",
  },
  {
    name: 'lost_answer_as_lost_request',
    breaks: 'rule 3: without an answer the outcome is uncertain',
    file: 'outbox/outcome.ts',
    find: "if (result.kind === 'not_sent') return",
    replace: "if (result.kind === 'not_sent' || result.kind === 'no_answer') return",
  },
  {
    name: 'order_by_clock',
    breaks: 'rule 12: order is seq, never a clock',
    file: store,
    find: 'AND earlier.seq < operation.seq',
    replace: 'AND earlier.created_at < operation.created_at',
  },
  {
    name: 'head_blocks_nothing',
    breaks: 'rule 6: what waits for a person holds back what comes after it on the same casella',
    file: store,
    find: "AND earlier.seq < operation.seq AND earlier.state NOT IN ('settled', 'cancelled', 'rejected')",
    replace: "AND earlier.seq < operation.seq AND earlier.state IN ('pending', 'uncertain')",
  },
  {
    name: 'key_reuse',
    breaks: 'rule 5: a definite refusal raises the generation, and with it the key',
    file: 'outbox/operation.ts',
    find: 'return `${operation.opId}/${operation.generation}`',
    replace: 'return `${operation.opId}/0`',
  },
  {
    name: 'expired_session_as_final',
    breaks: 'rule 9: a 401 pauses the queue and leaves the operation alone',
    file: 'outbox/outcome.ts',
    find: "return { kind: 'not_applied', why: 'session_expired', retryAfterMs: null }",
    replace: "return { kind: 'rejected', reason: reason('session_expired', told) }",
  },
  {
    name: 'proxy_404_as_final',
    breaks: "rule 3: a proxy's 404 is not the provider's",
    file: 'outbox/outcome.ts',
    find: '  if (problem === null)\n',
    replace:
      "  if (problem === null && status === 404) return { kind: 'rejected', reason: reason('not_found', { status }) }\n  if (problem === null)\n",
  },
  {
    name: 'no_high_water_mark',
    breaks: 'rule 11: a restored backup is noticed',
    file: 'outbox/restored-backup.ts',
    find: 'if (counters.mark <= counters.sent) return 0',
    replace: 'if (counters.mark <= counters.sent || counters.mark > 0) return 0',
  },
  {
    name: 'wrong_operator',
    breaks: 'rule 9: each operation belongs to its operator',
    file: store,
    find: 'const due = sql`operator = ${operator} AND (next_at',
    replace: 'const due = sql`${operator} IS NOT NULL AND (next_at',
  },
  {
    name: 'queue_forgotten_on_410',
    breaks: 'a feed that has expired costs no pending work',
    file: 'sync/sync-engine.ts',
    find: '      feed.forgetCursor()\n      return true',
    replace:
      "      feed.forgetCursor()\n      db.run({ text: 'DELETE FROM operation', params: [] })\n      return true",
  },
  {
    name: 'snapshot_keeps_what_is_gone',
    breaks: 'a row is shown as the provider last said it, also after a feed that expired',
    file: 'outbox/projection.ts',
    find: 'if (known !== undefined && known >= casella.version) return false',
    replace: 'if (known !== undefined && known + 1 >= casella.version) return false',
  },
  {
    name: 'clock_moves_the_quiet_period',
    breaks: 'rules 4 and 12: a clock set forward shortens no wait',
    file: engine,
    find: '    const now = clock.steady()\n    const most =',
    replace: '    const now = clock.now()\n    const most =',
  },
  {
    name: 'deletion_of_what_nobody_saw',
    breaks: 'rule 8: a deletion is compared with all that the operator saw of the row',
    file: 'outbox/rebase.ts',
    find: 'const compared = operation.deletes ? operation.seen : operation.fields',
    replace: 'const compared = operation.fields',
  },
  {
    name: 'no_content_as_changed_row',
    breaks: 'rule 3: an answer without a row says nothing of a change',
    file: 'outbox/acknowledge.ts',
    find: '  if (row === null || idOfRow(kind, row) !== id) return null\n',
    replace: '  if (row === null || idOfRow(kind, row) !== id) return { change: settled }\n',
  },
  {
    name: 'local_id_kept_by_what_waits',
    breaks: 'what waits for a new row names it by the id that the provider gave it',
    file: 'outbox/acknowledge.ts',
    find: "  operations.mapLocalId(localId, row.id)\n  if (kind === 'segnalazione')",
    replace: "  if (kind === 'segnalazione')",
  },
  {
    name: 'settings_over_an_unseen_version',
    breaks: 'rule 8: settings go out as a whole, made anew of what the provider says now',
    file: conclusion,
    find: "          frozen: null,\n          maybeApplied: isAsked,\n          reason: { code: 'version_mismatch'",
    replace: `          frozen:
            operation.type === 'impostazioni.update' && operation.frozen !== null
              ? {
                  ...operation.frozen,
                  key: operation.opId + '/' + String(operation.generation + 1),
                  ifMatch: '"v' + String((outcome.current as { version: number }).version) + '"',
                }
              : null,
          maybeApplied: isAsked,
          reason: { code: 'version_mismatch'`,
  },
  {
    name: 'old_mismatch_as_last_word',
    breaks: 'rule 11: a restored archive does not know which generations went out after it',
    file: conclusion,
    find: 'outcome.replayed && changeOf',
    replace: "operation.opId === '' && changeOf",
  },
  {
    name: 'old_answer_as_news',
    breaks: 'rule 7: what an old answer shows of a row is not what the feed has said since',
    file: conclusion,
    find: 'if (mayBeOld) dependencies.reread(kind, id)',
    replace: "if (mayBeOld && id === '') dependencies.reread(kind, id)",
  },
  {
    name: 'wrong_clock_as_not_arrived',
    breaks: 'rule 4: what may have arrived is not made again because a clock is wrong',
    file: 'outbox/verification.ts',
    find: "return { kind: doubtful ? 'undecidable' : 'not_applied' }",
    replace: "return { kind: 'not_applied' }",
  },
  {
    name: 'merge_over_an_unseen_holder',
    breaks: 'rule 8: a holder goes into another only as its operator saw it',
    file: 'outbox/operation.ts',
    find: 'return Object.hasOwn(seen, name) && seen[name] !== value',
    replace: "return Object.hasOwn(seen, name) && name === '' && seen[name] !== value",
  },
  {
    name: 'merge_of_others_as_mine',
    breaks: 'rule 4: holders that somebody else made one do not have what this operator chose',
    file: 'outbox/verification.ts',
    find: "return isAsChosen ? { kind: 'applied'",
    replace: "return isAsChosen || gone > 0 ? { kind: 'applied'",
  },
]
