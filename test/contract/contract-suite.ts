import { randomBytes } from 'node:crypto'
import { expect, onTestFinished, test } from 'vitest'
import { z } from 'zod'
import { channels, DepositoResponse, type ChannelName, type ChannelRequest } from '../../src-main/contract/channels.ts'
import { ENVELOPE_VERSION, ResponseEnvelope } from '../../src-main/contract/envelope.ts'
import type { ErrorCode } from '../../src-main/contract/error.ts'
import { CoreEvent } from '../../src-main/contract/event.ts'

/** The page's end of a transport. Answers are as they came: the suite parses them. */
export interface TransportClient {
  request(envelope: unknown): Promise<unknown>
  deposit(nomeFile: string, bytes: Buffer): Promise<unknown>
  /** Calls `listener` with each event as it came. */
  onEvent(listener: (event: unknown) => void): void
}

export interface Connected {
  client: TransportClient
  /** A sandbox for the sign-in. */
  provider: { url: string; user: string; password: string }
}

/** The contract between the screens and the core, whatever carries it: `connect` gives a signed-out core. */
export function contractSuite(connect: () => Promise<Connected>): void {
  let connected: Promise<Connected> | null = null
  const client = async (): Promise<TransportClient> => (await (connected ??= connect())).client
  const events: CoreEvent[] = []

  const answerTo = async (envelope: unknown): Promise<z.infer<typeof ResponseEnvelope>> => {
    const answer = await (await client()).request(envelope)
    expect(answer).not.toBeUndefined()
    return ResponseEnvelope.parse(answer)
  }
  const codeOf = async (envelope: unknown): Promise<ErrorCode | 'ok'> => {
    const answer = await answerTo(envelope)
    return answer.ok ? 'ok' : answer.error.code
  }
  const ask = (channel: string, body: unknown): unknown => ({ v: ENVELOPE_VERSION, id: 'a', channel, body })
  const call = async <C extends ChannelName>(channel: C, body: ChannelRequest<C>) => {
    const answer = await answerTo(ask(channel, body))
    if (!answer.ok) throw new Error(`${channel}: ${answer.error.code}`)
    const data: unknown = channels[channel].response.parse(answer.data)
    // Parsed by this channel's own schema.
    return data as z.output<(typeof channels)[C]['response']>
  }
  const deposit = async (nomeFile: string, bytes: Buffer) =>
    ResponseEnvelope.parse(await (await client()).deposit(nomeFile, bytes))

  test('a channel that does not exist answers unknown_channel', async () => {
    expect(await codeOf(ask('caselle.deleteAll', {}))).toBe('unknown_channel')
    expect(await codeOf(ask('__proto__', {}))).toBe('unknown_channel')
    expect(await codeOf(ask('constructor', {}))).toBe('unknown_channel')
  })

  test('what is not an envelope answers invalid_body', async () => {
    const malformed = [null, 'text', 7, [], {}, { v: 2, id: 'a', channel: 'app.status', body: {} }]
    for (const envelope of [...malformed, { v: 1, channel: 'app.status', body: {} }, { v: 1, id: 'a', channel: 1 }])
      expect([envelope, await codeOf(envelope)]).toEqual([envelope, 'invalid_body'])
    const more = { v: 1, id: 'a', channel: 'app.status', body: {}, more: true }
    expect(await codeOf(more)).toBe('invalid_body')
  })

  test('a body that does not fit its channel answers invalid_body', async () => {
    expect(await codeOf(ask('caselle.list', { offset: -1, limit: 50 }))).toBe('invalid_body')
    expect(await codeOf(ask('caselle.list', { offset: 0, limit: 5000 }))).toBe('invalid_body')
    expect(await codeOf(ask('caselle.get', {}))).toBe('invalid_body')
    expect(await codeOf(ask('session.login', null))).toBe('invalid_body')
  })

  test('before anyone has signed in the data answer not_signed_in, and the state is told', async () => {
    expect((await call('app.status', {})).phase).toBe('first_run')
    expect(await codeOf(ask('caselle.list', { offset: 0, limit: 10 }))).toBe('not_signed_in')
    const refused = await deposit('a.pdf', Buffer.from('%PDF-1.7\n%%EOF'))
    expect(refused.ok ? 'ok' : refused.error.code).toBe('not_signed_in')
  })

  test('wrong credentials answer their own code', async () => {
    const { provider } = await (connected ??= connect())
    expect(await codeOf(ask('session.login', { ...provider, password: 'sbagliata' }))).toBe('invalid_credentials')
  })

  test('signing in aligns the archive, and the events tell of it', async () => {
    const { provider } = await (connected ??= connect())
    ;(await client()).onEvent((event) => events.push(CoreEvent.parse(event)))
    expect((await call('session.login', provider)).phase).toBe('ready')
    await expect.poll(async () => (await call('app.status', {})).connection).toBe('aligned')
    await expect.poll(() => events.some((event) => event.type === 'changed')).toBe(true)
    await expect
      .poll(() => events.some((event) => event.type === 'status' && event.status.connection === 'aligned'))
      .toBe(true)
  })

  test('every channel that reads answers its schema', async () => {
    const caselle = await call('caselle.list', { offset: 0, limit: 50 })
    expect(caselle.total).toBeGreaterThan(0)
    const casella = await call('caselle.get', { id: caselle.rows[0]?.id ?? '' })
    await call('caselle.suggest', { search: casella.indirizzo.slice(0, 3) })
    const titolari = await call('titolari.list', { offset: 0, limit: 50 })
    const titolare = await call('titolari.get', { id: titolari.rows[0]?.id ?? '' })
    const found = await call('titolari.findByCodiceFiscale', { codiceFiscale: titolare.titolare.codiceFiscale })
    expect(found.rows.map(({ id }) => id)).toContain(titolare.titolare.id)
    expect((await call('domini.list', {})).rows.length).toBeGreaterThan(0)
    await call('assistenti.list', {})
    await call('documenti.list', { casellaId: casella.id })
    await call('provider.capabilities', {})
    for (const view of ['open', 'needs_you', 'done'] as const) await call('outbox.list', { view, offset: 0, limit: 10 })
    expect(await codeOf(ask('caselle.get', { id: 'nessuna' }))).toBe('not_found')
    expect(await codeOf(ask('outbox.get', { id: 'nessuna' }))).toBe('not_found')
  })

  test('a change is queued, sent and settled', async () => {
    const { rows } = await call('caselle.list', { offset: 0, limit: 1, stato: 'attiva' })
    const { id, values } = await call('caselle.get', { id: rows[0]?.id ?? '' })
    const { operationId } = await call('caselle.update', {
      id,
      changes: { quotaMb: values.quotaMb + 1024 },
      seen: { quotaMb: values.quotaMb },
    })
    await expect.poll(async () => (await call('outbox.get', { id: operationId })).state).toBe('settled')
    expect(await codeOf(ask('outbox.cancel', { id: operationId }))).toBe('operation_not_cancellable')
    expect(await codeOf(ask('outbox.retry', { id: operationId }))).toBe('operation_not_retryable')
    expect(await codeOf(ask('outbox.resolve', { id: operationId, choice: 'mine' }))).toBe('operation_not_in_conflict')
  })

  test('a deposited file is attached and arrives', async () => {
    const { rows } = await call('caselle.list', { offset: 0, limit: 1, stato: 'attiva' })
    const casellaId = rows[0]?.id ?? ''
    const bytes = Buffer.concat([Buffer.from('%PDF-1.7\n'), randomBytes(400_000), Buffer.from('\n%%EOF')])
    const answer = await deposit('modulo firmato è.pdf', bytes)
    if (!answer.ok) throw new Error(answer.error.code)
    const deposito = DepositoResponse.parse(answer.data)
    expect(deposito).toMatchObject({ nomeFile: 'modulo firmato è.pdf', bytes: bytes.length, formato: 'pdf' })
    const { operationIds } = await call('documenti.attach', { casellaId, tipo: 'altro', depositoIds: [deposito.id] })
    await expect.poll(async () => (await call('outbox.get', { id: operationIds[0] ?? '' })).state).toBe('settled')
    expect((await call('documenti.list', { casellaId })).rows.map(({ sha256 }) => sha256)).toContain(deposito.sha256)
  })

  test('a file that cannot be a document is refused, and a deposit can be dropped', async () => {
    const empty = await deposit('vuoto.pdf', Buffer.alloc(0))
    expect(empty.ok ? 'ok' : empty.error.code).toBe('file_empty')
    const text = await deposit('nota.txt', Buffer.from('testo'))
    expect(text.ok ? 'ok' : text.error.code).toBe('file_not_pdf_or_p7m')
    const kept = await deposit('a.pdf', Buffer.from('%PDF-1.7\nprova\n%%EOF'))
    if (!kept.ok) throw new Error(kept.error.code)
    expect(await call('documenti.discard', { id: DepositoResponse.parse(kept.data).id })).toEqual({})
  })

  test('signing out keeps the rows and closes the data', async () => {
    await expect.poll(async () => (await call('app.status', {})).pending).toBe(0)
    expect((await call('session.logout', { confirmed: true })).phase).toBe('signed_out')
    expect(await codeOf(ask('caselle.list', { offset: 0, limit: 10 }))).toBe('not_signed_in')
    onTestFinished(() => {
      connected = null
    })
  })
}
