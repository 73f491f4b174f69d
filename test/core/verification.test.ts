import { expect, test } from 'vitest'
import { z } from 'zod'
import { judgeCreation, verifyByNaturalKey } from '../../src-main/outbox/verification.ts'
import type { HttpRequest } from '../../src-main/provider/http-client.ts'

const Item = z.object({ id: z.string() })
type Page = { items: unknown[]; nextCursor: string | null }
const isMine = ({ id }: { id: string }) => id === 'mine'

/** A provider that answers its pages in their order, the cursor being the number of the page. */
function provider(pages: readonly Page[]) {
  const asked: (string | null)[] = []
  const read = (cursor: string | null) => {
    asked.push(cursor)
    const body = pages[Number(cursor ?? 0)]
    return Promise.resolve(body === undefined ? null : { body })
  }
  return { asked, judge: () => judgeCreation(Item, read, isMine) }
}
const empty = (nextCursor: string | null): Page => ({ items: [], nextCursor })
const found = (nextCursor: string | null): Page => ({ items: [{ id: 'other' }, { id: 'mine' }], nextCursor })

test('what stands on a later page, after empty ones, was applied', async () => {
  const { asked, judge } = provider([empty('1'), empty('2'), found(null)])
  expect(await judge()).toEqual({ kind: 'applied', body: { id: 'mine' } })
  expect(asked).toEqual([null, '1', '2'])
})

test('nothing was applied only when the last page has been read', async () => {
  const { asked, judge } = provider([empty('1'), { items: [{ id: 'other' }, 7], nextCursor: null }])
  expect(await judge()).toEqual({ kind: 'not_applied' })
  expect(asked).toHaveLength(2)
})

test('two matches on different pages are for a person', async () => {
  expect(await provider([found('1'), found(null)]).judge()).toEqual({ kind: 'undecidable' })
})

test('one match is not the only one before the last page', async () => {
  expect(await provider([found('1')]).judge()).toEqual({ kind: 'unreachable' })
})

test('a page that does not come leaves it open', async () => {
  expect(await provider([empty('1')]).judge()).toEqual({ kind: 'unreachable' })
})

test.each([{}, { items: [] }, { items: 'none', nextCursor: null }])(
  'an answer that is no page of the contract decides nothing: %j',
  async (body) => {
    expect(await judgeCreation(Item, () => Promise.resolve({ body }), isMine)).toEqual({ kind: 'undecidable' })
  },
)

test('pages without an end decide nothing, and are given up after a thousand', async () => {
  const endless = Array.from({ length: 1200 }, (_each, index) => empty(String(index + 1)))
  const { asked, judge } = provider(endless)
  expect(await judge()).toEqual({ kind: 'undecidable' })
  expect(asked).toHaveLength(1000)
  const circle = provider([empty('1'), empty('1')])
  expect(await circle.judge()).toEqual({ kind: 'undecidable' })
  expect(circle.asked).toHaveLength(2)
})

test('a lost creation is looked for under the same filter, from cursor to cursor', async () => {
  const asked: URLSearchParams[] = []
  const casella = {
    denominazione: 'ada.posta',
    dominioId: 'D1',
    titolareId: 'T1',
    tipologia: 'STANDARD',
    comunicazioniEmail: null,
  }
  const args = { type: 'casella.create' as const, casellaId: 'local', casella }
  const nothing = { etag: null, retryAfterMs: null, location: null, uploadOffset: null, problem: null }
  const send = ({ path }: HttpRequest) => {
    const query = new URL(path, 'http://127.0.0.1').searchParams
    asked.push(query)
    const body = empty(query.get('cursor') === null ? 'a+b/c=' : null)
    return Promise.resolve({ kind: 'answer' as const, status: 200, ...nothing, body })
  }
  expect(await verifyByNaturalKey({ args, seen: {} }, { send }, (id) => id)).toEqual({ kind: 'not_applied' })
  expect(asked.map((query) => query.get('cursor'))).toEqual([null, 'a+b/c='])
  expect(new Set(asked.map((query) => query.get('filter')))).toEqual(
    new Set(['denominazione eq "ada.posta" and dominioId eq "D1"']),
  )
})
