import { isLocalId } from '../contract/local-id.ts'
import { z } from 'zod'
import type { StoricoAnswer, StoricoRequest } from '../contract/storico.ts'
import { Storico } from '../provider-contract/storico.ts'
import type { ProviderSession } from '../provider/provider-session.ts'
import { storicoRow, withNewest, withOlder, type StoricoNames, type StoricoPage } from './storico-reading.ts'
import type { StoricoOwner, StoricoReading, StoricoStore } from './storico-store.ts'

const ASK_MS = 8000
const PAGE = 50
/** As many as the archive keeps of one history and the screen shows. */
const MOST = 1000

const Page = z.object({ items: z.array(Storico), nextCursor: z.string().nullable() })

/** The history of a casella or a titolare (D88, D89): not in the feed, so read where it is looked at. */
export interface StoricoCommands {
  /** Asks the provider where it can be reached, else answers what was read last. Throws CommandError `not_found`. */
  list(request: StoricoRequest): Promise<StoricoAnswer>
}

export function storicoCommands(dependencies: {
  store: StoricoStore
  names: StoricoNames
  /** The owner by the provider's ids. Throws CommandError `not_found`. */
  owner(owner: StoricoRequest['owner']): StoricoOwner
  session: Pick<ProviderSession, 'send'>
  isOffline(): boolean
  /** Writes in a transaction of the archive. */
  together(work: () => void): void
  /** ISO 8601. */
  now(): string
}): StoricoCommands {
  const { store, names } = dependencies

  async function ask(owner: StoricoOwner, cursor: string | null): Promise<StoricoPage | 'gone' | null> {
    const [collection, id] = 'casellaId' in owner ? ['caselle', owner.casellaId] : ['titolari', owner.titolareId]
    if (dependencies.isOffline() || isLocalId(id)) return null
    const at = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`
    const result = await dependencies.session.send({
      method: 'GET',
      path: `/${collection}/${encodeURIComponent(id)}/storico?limit=${PAGE}${at}`,
      timeoutMs: ASK_MS,
    })
    if (result.kind !== 'answer') return null
    // A cursor of another installation or scope: the history is read anew.
    if (cursor !== null && (result.status === 410 || result.status === 400)) return 'gone'
    const parsed = result.status === 200 ? Page.safeParse(result.body) : null
    return parsed?.success === true ? parsed.data : null
  }

  function keep(owner: StoricoOwner, reading: StoricoReading): StoricoReading {
    const kept = reading.rows.length <= MOST ? reading : { ...reading, rows: reading.rows.slice(0, MOST), next: null }
    dependencies.together(() => {
      store.write(owner, kept)
    })
    return kept
  }

  return {
    list: async ({ owner: asked, older }) => {
      const owner = dependencies.owner(asked)
      let known = store.get(owner)
      const next = older ? (known?.next ?? null) : null
      let page = older && next === null ? null : await ask(owner, next)
      let goesOn = next !== null
      if (page === 'gone') {
        goesOn = false
        known = undefined
        page = await ask(owner, null)
      }
      const fresh = page !== null && page !== 'gone'
      // Somebody else may have read meanwhile: what is written is laid over what stands there now.
      const present = known === undefined ? undefined : store.get(owner)
      let reading = present
      if (page !== null && page !== 'gone') {
        reading =
          goesOn && present !== undefined
            ? keep(owner, withOlder(present, page))
            : keep(owner, withNewest(present, page, dependencies.now()))
      }
      return {
        rows: (reading?.rows ?? []).map((entry) => storicoRow(entry, names)),
        more: reading?.next != null,
        fresh,
        readAt: reading?.readAt ?? null,
      }
    },
  }
}
