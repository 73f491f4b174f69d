import { readdir } from 'node:fs/promises'
import { request as httpRequest } from 'node:http'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { Casella } from '../../src-main/provider-contract/casella.ts'
import { pageOf } from '../../src-main/provider-contract/page.ts'
import { type FaultKind, FaultPlan, FaultRule, faultKinds, matches } from '../../src-main/sandbox/faults/fault-rule.ts'
import { createFaults } from '../../src-main/sandbox/faults/faults.ts'
import { type Client, type TestSandbox, read, readProblem, sha256, startTestSandbox } from './sandbox-client.ts'

describe('rules', () => {
  const rule = (route: string, rest: object = {}) => FaultRule.parse({ kind: 'reset_after', route, ...rest })

  test.each([
    ['/caselle', '/caselle', true],
    ['/caselle', '/caselle/C1', false],
    ['/caselle/:id', '/caselle/C1', true],
    ['/caselle/:id', '/caselle/', false],
    ['/caselle/:id', '/caselle/C1/note', false],
    ['/caselle/:id/note', '/caselle/C1/note', true],
    ['/caselle*', '/caselle/C1', true],
    ['/caselle/*', '/caselle/C1/note', true],
    ['/caselle/*', '/titolari/T1', false],
    ['*', '/sessions', true],
    ['/*', '/sessions', true],
  ])('the route %s meets %s: %s', (route, path, expected) => {
    expect(matches(rule(route), { method: 'PATCH', path })).toBe(expected)
  })

  test('a method is met alone, a safe request is never processed twice, and the switches are always reachable', () => {
    const patch = rule('/caselle/:id', { method: 'PATCH' })
    expect(matches(patch, { method: 'PATCH', path: '/caselle/C1' })).toBe(true)
    expect(matches(patch, { method: 'GET', path: '/caselle/C1' })).toBe(false)
    expect(matches(rule('*', { kind: 'duplicate' }), { method: 'GET', path: '/caselle' })).toBe(false)
    expect(matches(rule('*'), { method: 'POST', path: '/console/faults' })).toBe(false)
    expect(matches(rule('*'), { method: 'GET', path: '/console' })).toBe(false)
  })

  test('what is no rule is refused', () => {
    for (const wrong of [
      { kind: 'altro', route: '*' },
      { kind: 'gone', route: 'caselle' },
      { kind: 'gone', route: '/a?b' },
      { kind: 'gone', route: '*', probability: 2 },
      { kind: 'gone', route: '*', count: 0 },
      { kind: 'gone', route: '*', more: 1 },
      { kind: 'gone' },
    ]) {
      expect(FaultPlan.safeParse({ rules: [wrong] }).success, JSON.stringify(wrong)).toBe(false)
    }
  })

  const strikesOf = (seed: number, requests = 400) => {
    const faults = createFaults()
    faults.set(
      [
        { kind: 'reset_after', route: '/caselle/:id', probability: 0.3 },
        { kind: 'gone', route: '/changes', probability: 0.5 },
      ],
      seed,
    )
    return Array.from({ length: requests }, (_none, index) =>
      index % 2 === 0 ? faults.strike('PATCH', '/caselle/C1').fault : faults.strike('GET', '/changes').fault,
    ).map((fault) => fault?.kind ?? '-')
  }

  test('the same seed strikes the same requests again, another seed others, each as often as it should', () => {
    expect(strikesOf(5)).toEqual(strikesOf(5))
    expect(strikesOf(6)).not.toEqual(strikesOf(5))
    const struck = strikesOf(5, 4000)
    expect(struck.filter((kind) => kind === 'reset_after').length / 2000).toBeCloseTo(0.3, 1)
    expect(struck.filter((kind) => kind === 'gone').length / 2000).toBeCloseTo(0.5, 1)
  })

  test('a rule lets pass what it skips, is spent after its count, and waits add up to another fault', () => {
    const faults = createFaults()
    faults.set([
      { kind: 'latency', route: '*', ms: 20 },
      { kind: 'latency', route: '/changes', ms: 5 },
      { kind: 'unauthorized', route: '*', skip: 1, count: 2 },
    ])
    const seen = [1, 2, 3, 4].map(() => faults.strike('GET', '/changes'))
    expect(seen.map(({ fault }) => fault?.kind)).toEqual([undefined, 'unauthorized', 'unauthorized', undefined])
    expect(seen.map(({ latencyMs }) => latencyMs)).toEqual([25, 25, 25, 25])
    expect(faults.report().rules.map(({ met, struck }) => [met, struck])).toEqual([
      [4, 4],
      [4, 4],
      [4, 2],
    ])
    faults.clear()
    expect(faults.strike('GET', '/changes')).toEqual({ latencyMs: 0, fault: null })
  })
})

describe('what the client sees, and what took effect', () => {
  let sandbox: TestSandbox
  let client: Client
  let caselle: Casella[]
  beforeAll(async () => {
    sandbox = await startTestSandbox({ caselle: 60 })
    client = await sandbox.as('demo')
    const answer = await client.get('/caselle?limit=50&filter=ciclo%20eq%20%22attiva%22')
    caselle = read(answer, pageOf(Casella)).items
  })
  afterEach(() => {
    sandbox.faults.clear()
  })
  afterAll(() => sandbox.remove())

  interface Seen {
    /** `reset` when the connection ended before the whole answer came. */
    outcome: number | 'reset'
    html: boolean
    headers: Headers | null
    /** The body that came with a whole answer. */
    text: string
    /** By how many versions the casella rose. */
    effect: number
    ms: number
  }

  /** One change of a casella that no other test touches, under a fault. */
  async function changed(
    kind: FaultKind,
    given: { keyed?: boolean; path?: string; ms?: number; count?: number } = {},
  ): Promise<Seen> {
    const { keyed = true, ms = 40, count = 1 } = given
    const casella = caselle.pop()
    if (casella === undefined) throw new Error('no casella left')
    const path = `/caselle/${casella.id}`
    sandbox.faults.set([{ kind, route: '/caselle/:id', method: 'PATCH', count, ms }])
    const begun = performance.now()
    const seen = await fetch(sandbox.url + path, {
      method: 'PATCH',
      headers: {
        authorization: `Bearer ${client.session.accessToken}`,
        'content-type': 'application/merge-patch+json',
        'if-match': `"v${casella.version}"`,
        ...(keyed ? { 'idempotency-key': `fault-${kind}-${casella.id}` } : {}),
      },
      body: JSON.stringify({ disabilitata: !casella.disabilitata }),
    })
      .then(async (response) => ({ status: response.status, headers: response.headers, text: await response.text() }))
      .catch(() => null)
    const elapsed = performance.now() - begun
    expect(sandbox.faults.report().rules[0]?.struck).toBe(1)
    const now = read(await client.get(path), Casella)
    return {
      outcome: seen?.status ?? 'reset',
      html: seen?.headers.get('content-type')?.startsWith('text/html') ?? false,
      headers: seen?.headers ?? null,
      text: seen?.text ?? '',
      effect: now.version - casella.version,
      ms: elapsed,
    }
  }

  test('a latency is waited for, and the change takes effect once', async () => {
    const seen = await changed('latency', { ms: 150 })
    expect(seen).toMatchObject({ outcome: 200, effect: 1 })
    expect(seen.ms).toBeGreaterThan(140)
  })

  test('a reset before the commit leaves everything as it was', async () => {
    expect(await changed('reset_before')).toMatchObject({ outcome: 'reset', effect: 0 })
  })

  test('a reset after the commit hides a change that took effect', async () => {
    expect(await changed('reset_after')).toMatchObject({ outcome: 'reset', effect: 1 })
  })

  test("a 502 after the commit is a proxy's page over a change that took effect, without any header of it", async () => {
    const seen = await changed('bad_gateway_after')
    expect(seen).toMatchObject({ outcome: 502, html: true, effect: 1 })
    expect(seen.headers?.get('etag')).toBeNull()
    expect(seen.text).toContain('502 Bad Gateway')
  })

  test('a 401 asks for a new session, and nothing took effect', async () => {
    const seen = await changed('unauthorized')
    expect(seen).toMatchObject({ outcome: 401, effect: 0 })
    expect(JSON.parse(seen.text)).toMatchObject({ code: 'session_expired' })
    expect(seen.headers?.get('www-authenticate')).toBe('Bearer')
  })

  test('a 410 says that the cursor is too old, and nothing took effect', async () => {
    const seen = await changed('gone')
    expect(seen).toMatchObject({ outcome: 410, effect: 0 })
    sandbox.faults.set([{ kind: 'gone', route: '/changes', count: 1 }])
    expect(readProblem(await client.get('/changes'), 410).code).toBe('cursor_expired')
    expect((await client.get('/changes')).status).toBe(200)
  })

  test("a proxy's 404 is HTML, not the provider's problem, and nothing took effect", async () => {
    expect(await changed('proxy_not_found')).toMatchObject({ outcome: 404, html: true, effect: 0 })
  })

  test('a slow body comes whole, piece by piece, over a change that took effect', async () => {
    const seen = await changed('slow_body', { ms: 200 })
    expect(seen).toMatchObject({ outcome: 200, effect: 1 })
    expect(seen.ms).toBeGreaterThan(150)
    expect(Casella.parse(JSON.parse(seen.text)).version).toBe(2)
  })

  test('a truncated body ends in a reset, over a change that took effect', async () => {
    expect(await changed('truncated_body')).toMatchObject({ outcome: 'reset', effect: 1 })
  })

  test('a truncated body tells its whole length and gives half of it', async () => {
    const { accessToken } = client.session
    const whole = (await client.get('/caselle?limit=20')).text
    sandbox.faults.set([{ kind: 'truncated_body', route: '/caselle', count: 1 }])
    const got = await new Promise<{ told: number; bytes: number; complete: boolean }>((resolve, reject) => {
      const options = { headers: { authorization: `Bearer ${accessToken}` } }
      const sent = httpRequest(`${sandbox.url}/caselle?limit=20`, options, (response) => {
        let bytes = 0
        response.on('data', (chunk: Buffer) => (bytes += chunk.length))
        response.on('error', () => undefined)
        response.on('close', () => {
          resolve({ told: Number(response.headers['content-length']), bytes, complete: response.complete })
        })
      })
      sent.on('error', reject)
      sent.end()
    })
    const length = Buffer.byteLength(whole)
    expect(got).toEqual({ told: length, bytes: Math.floor(length / 2), complete: false })
  })

  test('a duplicate under one Idempotency-Key takes effect once, and is answered from the record', async () => {
    const seen = await changed('duplicate')
    expect(seen).toMatchObject({ outcome: 200, effect: 1 })
    expect(seen.headers?.get('idempotency-replayed')).toBe('true')
    expect(seen.headers?.get('etag')).toBe('"v2"')
  })

  test('a duplicate without a key takes effect once, and its second time is told that the row has changed', async () => {
    const seen = await changed('duplicate', { keyed: false })
    expect(seen).toMatchObject({ outcome: 412, effect: 1 })
  })

  test('a duplicate of something without a key or a version is processed twice indeed', async () => {
    sandbox.faults.set([{ kind: 'duplicate', route: '/uploads/single', count: 1 }])
    const bytes = Buffer.from('%PDF-1.4 prova')
    const encode = (text: string) => Buffer.from(text).toString('base64')
    const metadata = `filename ${encode('a.pdf')},filetype ${encode('application/pdf')},sha256 ${encode(sha256(bytes))}`
    const answer = await client.send('POST', '/uploads/single', {
      headers: { 'content-type': 'application/octet-stream', 'upload-metadata': metadata },
      raw: bytes,
    })
    expect(answer.status).toBe(201)
    expect(await readdir(`${sandbox.folder}/uploads`)).toHaveLength(2)
  })

  test('a file sent to the tus server twice is kept once: the second time its offset is no longer right', async () => {
    const bytes = Buffer.from('%PDF-1.4 contratto')
    const encode = (text: string) => Buffer.from(text).toString('base64')
    const made = await client.send('POST', '/uploads', {
      headers: {
        'tus-resumable': '1.0.0',
        'upload-length': String(bytes.length),
        'upload-metadata': `filename ${encode('a.pdf')},filetype ${encode('application/pdf')},sha256 ${encode(sha256(bytes))}`,
      },
    })
    const path = made.headers.get('location') ?? ''
    sandbox.faults.set([{ kind: 'duplicate', route: '/uploads/:id', method: 'PATCH', count: 1 }])
    const sent = await client.send('PATCH', path, {
      headers: { 'tus-resumable': '1.0.0', 'upload-offset': '0', 'content-type': 'application/offset+octet-stream' },
      raw: bytes,
    })
    expect(sent.status).toBe(409)
    const head = await client.send('HEAD', path, { headers: { 'tus-resumable': '1.0.0' } })
    expect(head.headers.get('upload-offset')).toBe(String(bytes.length))
  })

  test('a snapshot is cut, slowed and gzipped like any other answer', async () => {
    const whole = (await client.get('/snapshot', { 'accept-encoding': 'identity' })).text
    sandbox.faults.set([
      { kind: 'truncated_body', route: '/snapshot', count: 2 },
      { kind: 'slow_body', route: '/snapshot', ms: 8 },
    ])
    await expect(client.get('/snapshot', { 'accept-encoding': 'identity' })).rejects.toThrow()
    await expect(client.get('/snapshot', { 'accept-encoding': 'gzip' })).rejects.toThrow()
    const rows = (text: string) => text.split('\n').filter((line) => line.includes('"kind":"row"'))
    expect(rows((await client.get('/snapshot', { 'accept-encoding': 'identity' })).text)).toEqual(rows(whole))
    expect(rows((await client.get('/snapshot', { 'accept-encoding': 'gzip' })).text)).toEqual(rows(whole))
  })

  test('every kind works on every request: a page, a refusal, an answer without a body', async () => {
    for (const kind of faultKinds) {
      sandbox.faults.set([{ kind, route: '*', ms: 1 }])
      await client.get('/capabilities').catch(() => null)
      await client.get('/niente').catch(() => null)
      await client.post('/caselle', {}).catch(() => null)
      await client.send('DELETE', '/indirizzi/niente').catch(() => null)
      sandbox.faults.clear()
      expect((await client.get('/capabilities')).status).toBe(200)
    }
  })

  test('a sandbox that closes does not wait for a latency', async () => {
    const closing = await startTestSandbox({ caselle: 1 })
    expect((await closing.send('GET', '/health')).status).toBe(200)
    closing.faults.set([{ kind: 'latency', route: '*', ms: 600_000 }])
    const waiting = closing.send('GET', '/health').then(
      () => 'answered',
      () => 'reset',
    )
    await expect.poll(() => closing.faults.report().rules[0]?.struck).toBe(1)
    await closing.remove()
    expect(await waiting).toBe('reset')
  })
})

describe('the switches at /console/faults', () => {
  let sandbox: TestSandbox
  let cookie: string
  const post = (body: unknown, headers: Record<string, string> = { cookie }) =>
    sandbox.send('POST', '/console/faults', { body, headers })
  beforeAll(async () => {
    sandbox = await startTestSandbox({ caselle: 1 })
    const { user, password } = sandbox.console
    const entered = await fetch(`${sandbox.url}/console/accesso`, {
      method: 'POST',
      headers: { origin: sandbox.url },
      body: new URLSearchParams({ utente: user, password }),
      redirect: 'manual',
    })
    cookie = entered.headers.get('set-cookie')?.split(';')[0] ?? ''
  })
  afterAll(() => sandbox.remove())

  test('they are set, told and taken away as JSON', async () => {
    const set = await post({ seed: 3, rules: [{ kind: 'gone', route: '/niente' }] })
    expect(set.status).toBe(200)
    readProblem(await sandbox.send('GET', '/niente'), 410)
    const told = await sandbox.send('GET', '/console/faults', { headers: { cookie } })
    expect(JSON.parse(told.text)).toMatchObject({ seed: 3, rules: [{ kind: 'gone', met: 1, struck: 1 }] })
    await post({ rules: [] })
    readProblem(await sandbox.send('GET', '/niente'), 404)
  })

  test('what is no plan is refused and changes nothing', async () => {
    readProblem(await post({ rules: [{ kind: 'altro', route: '*' }] }), 400)
    expect(sandbox.faults.report().rules).toEqual([])
  })

  test('nobody without a session of the console reads or sets them, nor another site, nor another name', async () => {
    const body = { rules: [{ kind: 'gone', route: '*' }] }
    readProblem(await post(body, {}), 401)
    readProblem(await sandbox.send('GET', '/console/faults'), 401)
    readProblem(await post(body, { cookie, origin: 'https://altrove.example' }), 403)
    const status = await new Promise((resolve, reject) => {
      const headers = { host: 'gestore.example', cookie }
      const sent = httpRequest(`${sandbox.url}/console/faults`, { headers }, (response) => {
        response.resume()
        resolve(response.statusCode)
      })
      sent.on('error', reject)
      sent.end()
    })
    expect(status).toBe(403)
    expect(sandbox.faults.report().rules).toEqual([])
  })
})
