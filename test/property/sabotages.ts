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
    file: engine,
    find: `      const inFlight = move(fresh, {
        state: 'in_flight',
        frozen: request,
        sentAt: fresh.maybeApplied ? fresh.sentAt : iso(),
        attempts: fresh.attempts + 1,
        nextAt: null,
      })`,
    replace: `      const inFlight = { ...fresh, state: 'in_flight' as const, frozen: request, attempts: fresh.attempts + 1 }`,
  },
  {
    name: 'no_quiet_period',
    breaks: 'rule 4: a provider without keys is asked only once nothing can still be on its way',
    file: engine,
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
          laneOfCasella(known),`,
    replace: `        const earlier = operations
          .openInLane(laneOfCasella(known))
          .findLast(({ args, operator: by }) => args.type === 'casella.update' && by === operator.id)
        if (earlier?.args.type === 'casella.update') {
          operations.move(
            earlier.seq,
            { args: { ...earlier.args, fields: { ...earlier.args.fields, ...fields } } },
            iso(),
          )
          return earlier.opId
        }
        const operation = enqueue(
          operator,
          laneOfCasella(known),`,
  },
  {
    name: 'answer_error_as_network_error',
    breaks: 'rule 3: an answer that cannot be read says nothing of what was done',
    file: engine,
    find: "const after = move(operation, change ?? uncertainMove(operation, { code: 'proxy_answer', params: {} }))",
    replace: "const after = move(operation, change ?? { state: 'pending', frozen: null, nextAt: retryAt(1) })",
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
    find: 'seq IN (SELECT min(seq) FROM operation WHERE ${openStates} GROUP BY lane)',
    replace: `seq IN (SELECT seq FROM (SELECT seq, row_number() OVER (PARTITION BY lane ORDER BY created_at) AS place
      FROM operation WHERE \${openStates}) WHERE place = 1)`,
  },
  {
    name: 'head_blocks_nothing',
    breaks: 'rule 6: what waits for a person holds back what comes after it on the same casella',
    file: store,
    find: 'seq IN (SELECT min(seq) FROM operation WHERE ${openStates} GROUP BY lane)',
    replace: "seq IN (SELECT min(seq) FROM operation WHERE state IN ('pending', 'uncertain') GROUP BY lane)",
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
    find: 'many(sql`${sendableHead} AND operator = ${operator} AND (next_at',
    replace: 'many(sql`${sendableHead} AND ${operator} IS NOT NULL AND (next_at',
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
    find: '    const now = clock.steady()\n    for (const head of',
    replace: '    const now = clock.now()\n    for (const head of',
  },
]
