import { afterAll, beforeAll, expect, test } from 'vitest'
import { Casella } from '../../src-main/provider-contract/casella.ts'
import { ChangesPage, SnapshotLine, resourceTypes } from '../../src-main/provider-contract/feed.ts'
import { pageOf } from '../../src-main/provider-contract/page.ts'
import { Indirizzo } from '../../src-main/provider-contract/titolare.ts'
import { type Client, type TestSandbox, read, readProblem, startTestSandbox } from './sandbox-client.ts'

let sandbox: TestSandbox
let other: TestSandbox
let client: Client
beforeAll(async () => {
  sandbox = await startTestSandbox({ caselle: 1500 })
  other = await startTestSandbox({ caselle: 1 })
  client = await sandbox.as('demo')
})
afterAll(async () => {
  await sandbox.remove()
  await other.remove()
})

const linesOf = (text: string) =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => SnapshotLine.parse(JSON.parse(line)))

async function snapshot(path = '/snapshot') {
  const answer = await client.get(path)
  expect(answer.headers.get('content-type')).toContain('application/x-ndjson')
  return linesOf(answer.text)
}

const idsOf = (lines: SnapshotLine[]) =>
  lines.flatMap((line) => (line.kind === 'row' ? [`${line.item.type} ${line.item.id}`] : []))
const cursorOf = (lines: SnapshotLine[]) => (lines[0]?.kind === 'start' ? lines[0].cursor : '')
const changes = async (cursor: string, rest = '') =>
  read(await client.get(`/changes?cursor=${cursor}${rest}`), ChangesPage)

test('a snapshot holds every row once, in the order of the types, and counts them', async () => {
  const lines = await snapshot()
  const ids = idsOf(lines)
  expect(new Set(ids).size).toBe(ids.length)
  expect(lines.at(-1)).toEqual({ kind: 'end', rows: ids.length })
  const [start] = lines
  if (start?.kind !== 'start') throw new Error('no start')
  expect(start.totals['casella']).toBe(1500)
  expect(Object.values(start.totals).reduce((sum, each) => sum + each, 0)).toBe(ids.length)
  const order = [...new Set(ids.map((id) => id.split(' ')[0]))]
  expect(order).toEqual([...resourceTypes])
})

test('a snapshot comes gzipped to those who accept it, and plain to the others', async () => {
  const gzipped = await client.get('/snapshot', { 'accept-encoding': 'gzip' })
  expect(gzipped.headers.get('content-encoding')).toBe('gzip')
  const plain = await client.get('/snapshot', { 'accept-encoding': 'identity' })
  expect(plain.headers.get('content-encoding')).toBeNull()
  expect(idsOf(linesOf(gzipped.text))).toEqual(idsOf(linesOf(plain.text)))
})

test('an interrupted snapshot goes on from any of its marks', async () => {
  const whole = await snapshot()
  const all = idsOf(whole)
  const marks = whole.flatMap((line, index) => (line.kind === 'mark' ? [{ mark: line.mark, index }] : []))
  expect(marks.length).toBeGreaterThan(resourceTypes.length)
  for (const { mark, index } of marks) {
    const before = idsOf(whole.slice(0, index))
    const resumed = await snapshot(`/snapshot?mark=${mark}`)
    expect(cursorOf(resumed).length).toBeGreaterThan(0)
    expect([...before, ...idsOf(resumed)]).toEqual(all)
    expect(resumed.at(-1)).toEqual({ kind: 'end', rows: all.length })
  }
})

test('holders come with their own caselle, and what passes to one that was sent comes again at the end', async () => {
  const lines = await snapshot()
  const rows = lines.flatMap((line) => (line.kind === 'row' ? [line.item] : []))
  const sent = new Set<string>()
  for (const { type, id, data } of rows) {
    if (type === 'titolare') sent.add(id)
    if (type === 'casella') expect(sent).toContain(data.titolareId)
  }
  const firstTitolare = lines.findIndex((line) => line.kind === 'row' && line.item.type === 'titolare')
  const marked = lines.findIndex((line, index) => line.kind === 'mark' && index > firstTitolare)
  const titolari = rows.filter(({ type }) => type === 'titolare')
  const [stays, goes] = [titolari[0], titolari.at(-1)]
  const passing = rows
    .filter(({ type, data }) => type === 'casella' && data.titolareId === goes?.id)
    .map(({ id }) => id)
  const mark = lines[marked]
  if (stays === undefined || goes === undefined || mark?.kind !== 'mark') throw new Error('no rows')
  expect(passing.length).toBeGreaterThan(0)
  expect(idsOf(lines.slice(0, marked))).toContain(`titolare ${stays.id}`)
  expect(idsOf(lines.slice(0, marked))).not.toContain(`titolare ${goes.id}`)

  const body = { assorbiti: [{ id: goes.id, version: goes.version }], campi: {} }
  const headers = { 'if-match': `"v${stays.version}"`, 'idempotency-key': 'fusione-durante-la-copia' }
  expect((await client.send('POST', `/titolari/${stays.id}/fusione`, { body, headers })).status).toBe(200)
  const rest = idsOf(await snapshot(`/snapshot?mark=${mark.mark}`))
  for (const id of passing) expect(rest).toContain(`casella ${id}`)
})

test('what changes after a snapshot comes through its cursor, with a tombstone for what is removed', async () => {
  const cursor = cursorOf(await snapshot())
  expect((await changes(cursor)).items).toEqual([])
  const [casella] = read(await client.get('/caselle?limit=1&filter=ciclo%20eq%20%22attiva%22'), pageOf(Casella)).items
  const [indirizzo] = read(await client.get('/indirizzi?limit=1'), pageOf(Indirizzo)).items
  if (casella === undefined || indirizzo === undefined) throw new Error('no rows')
  read(await client.patch(`/caselle/${casella.id}`, '"v1"', { disabilitata: !casella.disabilitata }), Casella)
  const removed = await client.send('DELETE', `/indirizzi/${indirizzo.id}`, { headers: { 'if-match': '"v1"' } })
  expect(removed.status).toBe(204)

  const page = await changes(cursor)
  expect(page.more).toBe(false)
  expect(page.items).toMatchObject([
    { type: 'casella', op: 'upsert', id: casella.id, version: 2, data: { updatedBy: 'demo' } },
    { type: 'indirizzo', op: 'delete', id: indirizzo.id, version: 2 },
  ])
  readProblem(await client.get(`/indirizzi/${indirizzo.id}`), 404)
  expect(idsOf(await snapshot())).not.toContain(`indirizzo ${indirizzo.id}`)
  expect((await changes(page.nextCursor)).items).toEqual([])
  expect((await changes(cursor, '&types=casella,dominio')).items.map(({ type }) => type)).toEqual(['casella'])
})

test('changes come in pages, each row once at its last version', async () => {
  const seen: string[] = []
  let cursor = ''
  for (let more = true; more;) {
    const page = read(await client.get(`/changes?limit=1000${cursor}`), ChangesPage)
    seen.push(...page.items.map(({ type, id }) => `${type} ${id}`))
    cursor = `&cursor=${page.nextCursor}`
    more = page.more
  }
  expect(new Set(seen).size).toBe(seen.length)
  for (const id of idsOf(await snapshot())) expect(seen).toContain(id)
})

test('a forged cursor is refused, one of another installation or scope is expired', async () => {
  const cursor = cursorOf(await snapshot())
  const forged = cursor.slice(0, -2) + (cursor.endsWith('AA') ? 'BB' : 'AA')
  for (const path of [
    `/changes?cursor=${forged}`,
    `/snapshot?mark=${forged}`,
    `/snapshot?mark=${cursor}`,
    '/changes?cursor=x',
  ]) {
    expect(readProblem(await client.get(path), 400).code).toBe('invalid_cursor')
  }
  const foreign = await other.as('demo')
  expect(readProblem(await foreign.get(`/changes?cursor=${cursor}`), 410).code).toBe('cursor_expired')
  const assistente = await sandbox.as('assistente')
  expect(readProblem(await assistente.get(`/changes?cursor=${cursor}`), 410).code).toBe('cursor_expired')
})

test('a cursor or mark older than the retained feed is expired, and a new snapshot gives a good one', async () => {
  const lines = await snapshot()
  const mark = lines.flatMap((line) => (line.kind === 'mark' ? [line.mark] : []))[0] ?? ''
  sandbox.expireCursors()
  expect(readProblem(await client.get(`/changes?cursor=${cursorOf(lines)}`), 410).code).toBe('cursor_expired')
  expect(readProblem(await client.get(`/snapshot?mark=${mark}`), 410).code).toBe('cursor_expired')
  expect(readProblem(await client.get('/changes'), 410).code).toBe('cursor_expired')
  const fresh = cursorOf(await snapshot())
  const [casella] = read(await client.get('/caselle?limit=1&filter=ciclo%20eq%20%22attiva%22'), pageOf(Casella)).items
  if (casella === undefined) throw new Error('no casella')
  const etag = `"v${casella.version}"`
  read(await client.patch(`/caselle/${casella.id}`, etag, { disabilitata: !casella.disabilitata }), Casella)
  expect((await changes(fresh)).items).toHaveLength(1)
})
