import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { silentLog } from '../../src-main/diagnostics/log.ts'
import type { Clock } from '../../src-main/environment.ts'
import { verificationPool } from '../../src-main/signatures/verification-pool.ts'
import { journalSigners } from '../../src-main/trust/journal-signers.ts'
import { expectedSigner } from '../../src-main/trust/list-signature.ts'
import { publicFetch } from '../../src-main/trust/public-fetch.ts'
import { refreshLists } from '../../src-main/trust/refresh-lists.ts'
import type { RefreshOutcome } from '../../src-main/trust/refresh-messages.ts'
import { refreshInThread } from '../../src-main/trust/refresh-thread.ts'
import { trustFolder } from '../../src-main/trust/trust-folder.ts'
import { trustKeeper } from '../../src-main/trust/trust-keeper.ts'
import type { TrustLists } from '../../src-main/trust/trusted-services.ts'
import { signCms } from '../signatures/openssl.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { identity, pemOf, type Identity } from './authority.ts'
import { day, forSignatures, service, signedList, type ListWish } from './list-writer.ts'

const folder = temporaryFolder()
const DAY = 24 * 60 * 60 * 1000
const [journal, second, third, agid, stranger] = ['Gazzetta', 'Seconda', 'Terza', 'AgID', 'Altri'].map((name) =>
  identity({ name }),
) as [Identity, Identity, Identity, Identity, Identity]
const ca = identity({ name: 'CA qualificata', ca: true })

/** What the server has, by path; what was asked of it. */
const files = new Map<string, Uint8Array>()
let asked: string[] = []
const server = createServer((request, response) => {
  const path = request.url ?? ''
  asked.push(path)
  const bytes = files.get(path)
  const etag = bytes === undefined ? '' : `"${createHash('sha1').update(bytes).digest('hex')}"`
  if (bytes === undefined) response.writeHead(404).end()
  else if (request.headers['if-none-match'] === etag) response.writeHead(304).end()
  else response.writeHead(200, { etag }).end(bytes)
})
let base = ''
const fetch = publicFetch(() => Promise.resolve(null), { isAllowed: () => true })
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  base = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`
})
afterAll(async () => {
  await fetch.close()
  server.close()
})

const listOfLists = (
  sequence: number,
  signer: Identity,
  next: Identity[],
  changes: Partial<ListWish> = {},
): Uint8Array =>
  signedList(
    {
      territory: 'EU',
      type: 'EUlistofthelists',
      sequence,
      pointers: [
        { territory: 'EU', type: 'EUlistofthelists', url: `${base}/lotl.xml`, signers: next },
        { territory: 'DE', type: 'EUgeneric', url: `${base}/DE.xml`, signers: [stranger] },
        { territory: 'IT', type: 'EUgeneric', url: `${base}/IT.xml`, signers: [agid] },
      ],
      ...changes,
    },
    signer,
  )
const italian = (sequence: number, signer = agid, changes: Partial<ListWish> = {}): Uint8Array =>
  signedList(
    {
      territory: 'IT',
      type: 'EUgeneric',
      sequence,
      services: [
        service(ca, 'Firma', [{ status: 'granted', from: '2017-01-01T00:00:00Z', extensions: forSignatures }]),
      ],
      ...changes,
    },
    signer,
  )
function serve(lotl: Uint8Array, it: Uint8Array, more: Readonly<Record<string, Uint8Array>> = {}): void {
  files.clear()
  asked = []
  files.set('/lotl.xml', lotl)
  files.set('/IT.xml', it)
  for (const [path, bytes] of Object.entries(more)) files.set(path, bytes)
}
const refresh = (known: TrustLists | null = null): Promise<RefreshOutcome> =>
  refreshLists(
    known,
    { listOfListsUrl: `${base}/lotl.xml`, journal: [expectedSigner(journal.certificate)], territory: 'IT' },
    { fetch, now: new Date() },
  )
const sequences = ({ lists }: RefreshOutcome): unknown =>
  lists === null ? null : [lists.listOfLists.sequence, ...lists.lists.map(({ sequence }) => sequence)]
async function accepted(): Promise<TrustLists> {
  serve(listOfLists(5, journal, [journal]), italian(9))
  const { lists, trouble } = await refresh()
  if (lists === null || trouble !== null) throw new Error(`not accepted: ${trouble?.reason ?? ''}`)
  return lists
}

test('the first refresh takes the list of lists and the Italian list; the next only looks whether they are the same', async () => {
  const lists = await accepted()
  expect(lists.lists[0]).toMatchObject({ territory: 'IT', sequence: 9, url: `${base}/IT.xml` })
  expect(lists.lists[0]?.services[0]?.name).toBe('Firma')
  asked = []
  expect(await refresh(lists)).toMatchObject({ trouble: null, lists: { lists: [{ sequence: 9 }] } })
  // No digest beside them here: the lists themselves, under their condition.
  expect(asked).toEqual(['/lotl.sha2', '/lotl.xml', '/IT.sha2', '/IT.xml'])
  const digest = (path: string): Buffer =>
    createHash('sha256')
      .update(files.get(path) ?? '')
      .digest()
  files.set('/lotl.sha2', digest('/lotl.xml'))
  files.set('/IT.sha2', Buffer.from(digest('/IT.xml').toString('hex').toUpperCase() + '\n'))
  asked = []
  expect(await refresh(lists)).toMatchObject({ trouble: null })
  expect(asked).toEqual(['/lotl.sha2', '/IT.sha2'])
})

test('a newer list is taken; an older one, another of the same number, or of another signer or country is not', async () => {
  const lists = await accepted()
  const lotl = listOfLists(5, journal, [journal])
  for (const [it, outcome, reason] of [
    [italian(10), [5, 10], null],
    [italian(8), [5, 9], 'older_sequence'],
    [italian(9, agid, { issued: day(0) }), [5, 9], 'older_sequence'],
    [italian(10, stranger), [5, 9], 'signer_unexpected'],
    [italian(10, agid, { territory: 'DE' }), [5, 9], 'content_unexpected'],
    [Buffer.from('<html>accedere alla rete</html>'), [5, 9], 'signature_missing'],
  ] as const) {
    serve(files.get('/lotl.xml') ?? lotl, it)
    const found = await refresh(lists)
    expect([sequences(found), found.trouble?.reason ?? null]).toEqual([outcome, reason])
  }
  serve(listOfLists(4, journal, [journal]), italian(10))
  // What went wrong with one does not hold up the other.
  const older = await refresh(lists)
  expect([sequences(older), older.trouble]).toEqual([[5, 10], { list: 'EU', reason: 'older_sequence' }])
})

test('pivots lead from the Official Journal to the signers of today, in order and without gaps', async () => {
  const uris = [`${base}/pivot-2.xml`, `${base}/pivot-1.xml`, 'https://eur-lex.europa.eu/oj']
  const pivots = {
    '/pivot-1.xml': listOfLists(2, journal, [second]),
    '/pivot-2.xml': listOfLists(3, second, [third], { informationUris: uris }),
  }
  serve(listOfLists(5, third, [third], { informationUris: uris }), italian(9), pivots)
  const first = await refresh()
  expect([sequences(first), first.trouble]).toEqual([[5, 9], null])
  // Who may sign after the list that was accepted last is known without them.
  serve(listOfLists(6, third, [third]), italian(9))
  expect(sequences(await refresh(first.lists))).toEqual([6, 9])

  serve(listOfLists(5, stranger, [stranger], { informationUris: uris }), italian(9), pivots)
  expect(await refresh()).toEqual({ lists: null, trouble: { list: 'EU', reason: 'signer_unexpected' } })
  serve(listOfLists(5, third, [third], { informationUris: uris }), italian(9), {
    ...pivots,
    '/pivot-2.xml': listOfLists(3, stranger, [third]),
  })
  expect((await refresh()).trouble?.reason).toBe('signer_unexpected')
  serve(listOfLists(5, third, [third], { informationUris: uris }), italian(9), {
    '/pivot-2.xml': pivots['/pivot-2.xml'],
  })
  expect((await refresh()).trouble?.reason).toBe('answer_wrong')
  serve(listOfLists(5, third, [third], { informationUris: ['http://127.0.0.2/pivot-1.xml'] }), italian(9), pivots)
  expect((await refresh()).trouble?.reason).toBe('signer_unexpected')
})

/** A clock of which the test says what time it is. */
function testClock(): Clock & { pass(ms: number): void } {
  let now = Date.now()
  let tasks: { at: number; task: () => void }[] = []
  return {
    now: () => now,
    steady: () => now,
    after: (ms, task) => {
      const entry = { at: now + ms, task }
      tasks.push(entry)
      return () => {
        tasks = tasks.filter((one) => one !== entry)
      }
    },
    pass: (ms) => {
      now += ms
      const due = tasks.filter(({ at }) => at <= now)
      tasks = tasks.filter(({ at }) => at > now)
      for (const { task } of due) task()
    },
  }
}

test('the keeper starts without waiting, renews each day, keeps what it has without a network and says its age', async () => {
  const lists = await accepted()
  const clock = testClock()
  let outcome: RefreshOutcome = { lists, trouble: null }
  let times = 0
  const data = join(folder, 'custode')
  const keep = () =>
    trustKeeper({
      folder: trustFolder(data),
      clock,
      log: silentLog,
      refresh: () => {
        times++
        return Promise.resolve(outcome)
      },
      onChange: () => undefined,
      scheduled: true,
    })
  const keeper = keep()
  expect(keeper.state()).toMatchObject({ state: 'none', lists: [], checkedAt: null, trouble: null })
  expect(times).toBe(0)
  clock.pass(15_000)
  await keeper.refresh()
  expect(times).toBe(1)
  expect(keeper.state()).toMatchObject({
    state: 'current',
    services: 1,
    trouble: null,
    lists: [{ territory: 'EU' }, { territory: 'IT', sequence: 9 }],
  })
  outcome = { lists, trouble: { list: 'EU', reason: 'offline' } }
  clock.pass(DAY)
  await keeper.refresh()
  expect(keeper.state()).toMatchObject({ state: 'current', checkedAt: lists.checkedAt, trouble: { reason: 'offline' } })
  clock.pass(100 * DAY)
  await keeper.refresh()
  expect(keeper.state()).toMatchObject({ state: 'outdated', lists: [{ outdated: true }, { outdated: true }] })
  await keeper.close()

  // The next start has them; a file that is damaged is as none.
  expect(keep().state()).toMatchObject({ services: 1 })
  const file = join(data, 'fiducia', 'elenchi.json')
  writeFileSync(file, readFileSync(file, 'utf8').slice(0, -9))
  expect(keep().state()).toMatchObject({ state: 'none' })
  const off = trustKeeper({
    folder: trustFolder(data),
    clock,
    log: silentLog,
    refresh: null,
    onChange: () => undefined,
    scheduled: true,
  })
  await off.refresh()
  expect(off.state()).toMatchObject({ state: 'off' })
})

test('the thread that renews the lists answers that nobody can be reached, and is switched off by the environment', async () => {
  const script = new URL('../../src-main/trust/refresh-worker.ts', import.meta.url)
  expect(refreshInThread(script, { SPORTELLO_LRA_ELENCHI: 'off' })).toBeNull()
  const proxy = process.env['https_proxy']
  // Nobody listens there.
  process.env['https_proxy'] = 'http://127.0.0.1:9'
  try {
    const outcome = await refreshInThread(script, {})?.(null, new Date(), new AbortController().signal)
    expect(outcome).toEqual({ lists: null, trouble: { list: 'EU', reason: 'offline' } })
  } finally {
    if (proxy === undefined) delete process.env['https_proxy']
    else process.env['https_proxy'] = proxy
  }
  expect(new Set(journalSigners.map(({ spkiSha256 }) => spkiSha256)).size).toBe(6)
  for (const { spkiSha256 } of journalSigners) expect(spkiSha256).toMatch(/^[0-9a-f]{64}$/)
})

test('a document that is verified in a thread is judged by the lists of the data folder', async () => {
  const data = join(folder, 'dati')
  mkdirSync(data, { recursive: true })
  const ada = identity({ name: 'PROVA ADA', issuer: ca, qualified: 'device', ocsp: 'http://127.0.0.1:9/' })
  const [key, certificate, signed] = ['ada.key', 'ada.pem', 'contratto.p7m'].map((name) => join(data, name)) as [
    string,
    string,
    string,
  ]
  writeFileSync(key, ada.key.export({ type: 'pkcs8', format: 'pem' }))
  writeFileSync(certificate, pemOf(ada))
  writeFileSync(signed, signCms({ key, certificate }, Buffer.from('Contratto'), '-nodetach', '-cades'))
  const pool = verificationPool(new URL('../../src-main/signatures/verification-worker.ts', import.meta.url), {
    threads: 1,
    dataDir: data,
  })
  try {
    const trustOf = async (trust: 'on' | 'online' | 'off'): Promise<unknown> => {
      const { state, revocation } = (await pool.verify({ path: signed, trust })).signatures[0]?.trust ?? {}
      return [state, revocation]
    }
    expect(await trustOf('on')).toEqual(['not_checked', 'not_checked'])
    trustFolder(data).writeLists(await accepted())
    expect(await trustOf('on')).toEqual(['qualified', 'not_checked'])
    expect(await trustOf('off')).toEqual(['not_checked', 'not_checked'])
    // The thread asks public addresses only: the issuer's is none, and nothing is claimed of its answer.
    expect(await trustOf('online')).toEqual(['qualified', 'unknown'])
  } finally {
    await pool.close()
  }
})
