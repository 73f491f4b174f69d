import { describe, expect, test } from 'vitest'
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
  expect(
    await verifyByNaturalKey({ args, seen: {}, row: null, sentAt: null, createdAt: '' }, { send }, (id) => id),
  ).toEqual({
    kind: 'not_applied',
  })
  expect(asked.map((query) => query.get('cursor'))).toEqual([null, 'a+b/c='])
  expect(new Set(asked.map((query) => query.get('filter')))).toEqual(
    new Set(['denominazione eq "ada.posta" and dominioId eq "D1"']),
  )
})

test.each([
  ['2025-11-02T09:00:00.000Z', 'undecidable'],
  ['2026-11-02T09:00:05.000Z', 'applied'],
])('of a sending that a restored backup does not remember, a richiesta of %s is: %s', async (created, kind) => {
  const operation = {
    id: 'O1',
    version: 1,
    updatedAt: created,
    updatedBy: 'demo',
    enteId: 'E1',
    casellaId: 'C1',
    kind: 'rinnovo',
    state: 'done',
    reason: null,
    created,
    ended: null,
  }
  const nothing = { etag: null, retryAfterMs: null, location: null, uploadOffset: null, problem: null }
  const body: Page = { items: [operation], nextCursor: null }
  const send = () => Promise.resolve({ kind: 'answer' as const, status: 200, ...nothing, body })
  const args = { type: 'casella.richiesta' as const, casellaId: 'C1', richiesta: { tipo: 'rinnovo' as const } }
  const entered = { args, seen: {}, row: null, sentAt: null, createdAt: '2026-11-02T09:00:00.000Z' }
  expect((await verifyByNaturalKey(entered, { send }, (id) => id)).kind).toBe(kind)
})

describe('a note that may have arrived', () => {
  const nota = (scritta: string) => ({
    id: 'N1',
    version: 1,
    updatedAt: scritta,
    updatedBy: 'demo',
    enteId: 'E1',
    casellaId: 'C1',
    titolareId: null,
    testo: 'Chiamato',
    autore: 'demo',
    scritta,
  })
  const verify = (items: unknown[], sentAt: string | null) =>
    verifyByNaturalKey(
      {
        args: { type: 'nota.create', id: 'local:1', nota: { casellaId: 'C1', titolareId: null, testo: 'Chiamato' } },
        seen: {},
        row: null,
        sentAt,
        createdAt: sentAt ?? '2026-03-02T10:00:00.000Z',
      },
      {
        send: () =>
          Promise.resolve({
            kind: 'answer',
            status: 200,
            etag: null,
            retryAfterMs: null,
            location: null,
            uploadOffset: null,
            problem: null,
            body: { items, nextCursor: null },
          }),
      },
      (id) => id,
    )

  test('is the one like it that was written since', async () => {
    const written = nota('2026-03-02T10:00:00.000Z')
    expect(await verify([nota('2026-02-01T10:00:00.000Z'), written], '2026-03-02T10:00:01.000Z')).toEqual({
      kind: 'applied',
      body: written,
    })
  })

  test('is not sent again because a clock here is ahead: with only an older one like it, a person decides', async () => {
    expect(await verify([nota('2026-03-02T10:00:00.000Z')], '2026-03-03T11:00:00.000Z')).toEqual({
      kind: 'undecidable',
    })
    expect(await verify([], '2026-03-03T11:00:00.000Z')).toEqual({ kind: 'not_applied' })
  })
})
