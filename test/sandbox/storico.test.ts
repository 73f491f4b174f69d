import { afterAll, beforeAll, expect, test } from 'vitest'
import { Casella } from '../../src-main/provider-contract/casella.ts'
import { pageOf } from '../../src-main/provider-contract/page.ts'
import { Storico } from '../../src-main/provider-contract/storico.ts'
import { type Client, type TestSandbox, read, readProblem, startTestSandbox } from './sandbox-client.ts'

let sandbox: TestSandbox
let client: Client
beforeAll(async () => {
  sandbox = await startTestSandbox({ caselle: 120 })
  client = await sandbox.as('demo')
})
afterAll(() => sandbox.remove())

const page = async (path: string) => read(await client.get(path), pageOf(Storico))

test('the storico of a casella is read newest first, page by page, with what hangs on it (D88, D89)', async () => {
  const [casella] = read(await client.get('/caselle?limit=1&filter=ciclo eq "attiva"'), pageOf(Casella)).items
  if (casella === undefined) throw new Error('no active casella')
  const { id, titolareId } = casella
  read(await client.patch(`/caselle/${id}`, '"v1"', { disabilitata: !casella.disabilitata }), Casella)
  await client.post('/note', { casellaId: id, testo: 'Prima' })
  await client.post('/note', { titolareId, testo: 'Del titolare' })

  const all = await page(`/caselle/${id}/storico`)
  expect(all.nextCursor).toBeNull()
  expect(all.items.slice(0, 2).map(({ risorsa, operazione, chi }) => [risorsa, operazione, chi])).toEqual([
    ['nota', 'creazione', 'demo'],
    ['casella', 'modifica', 'demo'],
  ])
  const changed = { campo: 'disabilitata', prima: casella.disabilitata, dopo: !casella.disabilitata }
  expect(all.items[1]?.campi).toEqual([changed])
  // The generated past: registered, activated.
  expect(all.items.at(-1)).toMatchObject({ operazione: 'creazione', quando: casella.inserita })
  expect(all.items.map(({ quando }) => quando)).toEqual(
    all.items
      .map(({ quando }) => quando)
      .toSorted()
      .toReversed(),
  )

  const read1: Storico[] = []
  for (let cursor: string | null = ''; cursor !== null;) {
    const part: Awaited<ReturnType<typeof page>> = await page(
      `/caselle/${id}/storico?limit=1${cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`}`,
    )
    read1.push(...part.items)
    cursor = part.nextCursor
  }
  expect(read1).toEqual(all.items)
  expect((await page(`/titolari/${titolareId}/storico`)).items.map(({ risorsa }) => risorsa)).toEqual(['nota'])
})

test('a cursor is good for its own row alone, and another ente reads nothing', async () => {
  const [one, two] = read(await client.get('/caselle?limit=2'), pageOf(Casella)).items
  const { nextCursor } = await page(`/caselle/${one?.id ?? ''}/storico?limit=1`)
  expect(nextCursor).not.toBeNull()
  const crossed = await client.get(`/caselle/${two?.id ?? ''}/storico?cursor=${encodeURIComponent(nextCursor ?? '')}`)
  expect(readProblem(crossed, 400).code).toBe('invalid_cursor')
  const altro = await sandbox.as('altroEnte')
  readProblem(await altro.get(`/caselle/${one?.id ?? ''}/storico`), 404)
})
