import { PageQuery, pageOf } from '../../provider-contract/page.ts'
import { Storico } from '../../provider-contract/storico.ts'
import { principalOf } from '../auth/authenticate.ts'
import { scopeIdOf } from '../auth/sessions.ts'
import type { SandboxContext } from '../context.ts'
import { ProblemError } from '../http/problem-error.ts'
import { IdParams, problemAnswer } from './answers.ts'
import type { TypedApp } from './typed-app.ts'

const StoricoQuery = PageQuery.omit({ filter: true })

/** D88, D89: what changed of one casella or one titolare, and of what hangs on it, the newest first. */
export function addStoricoRoutes(app: TypedApp, context: SandboxContext): void {
  const { store, cursors } = context
  for (const [path, type, on] of [
    ['/caselle', 'casella', (casellaId: string) => ({ casellaId })],
    ['/titolari', 'titolare', (titolareId: string) => ({ titolareId })],
  ] as const) {
    const schema = {
      tags: ['storico'],
      params: IdParams,
      querystring: StoricoQuery,
      response: { 200: pageOf(Storico), ...problemAnswer },
    }
    app.get(`${path}/:id/storico`, { schema }, (request) => {
      const principal = principalOf(request)
      const { id } = request.params
      const { limit, cursor } = request.query
      // What is written about a casella stays with its ente, whoever else reads the row (D2).
      if (store.resources.get(principal, type, id) === undefined) throw new ProblemError('not_found')
      const scope = scopeIdOf(principal)
      const about = `${type} ${id}`
      const before = cursor === undefined ? null : cursors.readList(scope, 'storico', about, cursor)
      const found = store.resources.storicoOf(principal, { on: on(id), before, limit: limit + 1 })
      const items = found.slice(0, limit)
      const last = items.at(-1)
      const hasMore = found.length > limit && last !== undefined
      return { items, nextCursor: hasMore ? cursors.list(scope, 'storico', about, last.id) : null }
    })
  }
}
