import { CommandError } from '../command-error.ts'
import { pathOfRow, schemaOfRow } from '../outbox/editable-rows.ts'
import type { RowKind } from '../outbox/operation.ts'
import { idOfRow } from '../outbox/server-rows.ts'
import { errorOfKnownProvider } from '../provider/login-error.ts'
import type { ProviderSession } from '../provider/provider-session.ts'
import { isIntercepted } from '../provider/wire.ts'
import type { AnyChangeItem } from '../provider-contract/feed.ts'
import { isFeedType } from './feed-store.ts'
import type { RereadStore } from './reread-store.ts'

const AT_ONCE = 50

/** What an answered question says of a row, as the feed would; null where the feed does not know the kind. */
function changeOf(kind: RowKind, id: string, body: unknown): AnyChangeItem | null {
  if (!isFeedType(kind)) return null
  if (body === null) return { op: 'delete', type: kind, id, version: 0 }
  const row = schemaOfRow(kind).safeParse(body)
  if (!row.success || idOfRow(kind, row.data) !== id)
    throw new CommandError('provider_not_contract', 'a row does not fit the contract')
  return { op: 'upsert', type: kind, id, version: row.data.version, data: row.data } as AnyChangeItem
}

/**
 * Asks the provider for the rows that came with an old answer: a colleague may have changed them, or taken them away,
 * before that answer arrived, and the feed has said so already and will not say it again. What changes after this
 * question comes with the feed. `apply` writes the change (null: nothing) and forgets the row, in one transaction.
 * Throws CommandError where the provider does not answer; the rows not asked for wait for the next alignment.
 */
export async function rereadRows(
  store: RereadStore,
  session: Pick<ProviderSession, 'send'>,
  apply: (change: AnyChangeItem | null, row: { kind: RowKind; id: string }) => void,
  signal: AbortSignal,
): Promise<void> {
  for (let rows = store.first(AT_ONCE); rows.length > 0; rows = store.first(AT_ONCE)) {
    for (const row of rows) {
      if (signal.aborted) throw new CommandError('cancelled', 'stopped by the operator')
      const result = await session.send({ method: 'GET', path: pathOfRow(row.kind, row.id), signal })
      if (result.kind !== 'answer' || isIntercepted(result)) throw errorOfKnownProvider(result)
      const code = result.problem?.code
      // What one may no longer read is as good as gone.
      if (code === 'not_found' || code === 'forbidden') apply(changeOf(row.kind, row.id, null), row)
      else if (result.status === 200) apply(changeOf(row.kind, row.id, result.body), row)
      else throw errorOfKnownProvider(result)
    }
  }
}
