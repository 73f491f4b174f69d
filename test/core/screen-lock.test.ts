import { join } from 'node:path'
import { Readable } from 'node:stream'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { channels, type ChannelName } from '../../src-main/contract/channels.ts'
import { ENVELOPE_VERSION } from '../../src-main/contract/envelope.ts'
import type { CoreEvent } from '../../src-main/contract/event.ts'
import { pinProblem } from '../../src-main/contract/rules/pin.ts'
import { recoveryLines } from '../../src-main/contract/rules/recovery-key.ts'
import type { Clock } from '../../src-main/environment.ts'
import { demoUsers } from '../../src-main/sandbox/demo-users.ts'
import { delayAfter } from '../../src-main/screen-lock/attempt-delay.ts'
import { whileLocked } from '../../src-main/screen-lock/lock-gate.ts'
import { hashPin, isPin } from '../../src-main/screen-lock/pin-hash.ts'
import { demoKeyOf } from '../support/archive-on-disk.ts'
import { hurriedClock } from '../support/hurried-clock.ts'
import { startOffice, type Office } from '../support/office.ts'
import { startTestSandbox } from '../support/test-core.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const PIN = '408152'
const WRONG = '998877'
const MINUTE = 60_000

/** How far the person's clock and the steady one were moved, beside the time that passes. */
let moved = { now: 0, steady: 0 }
const clock = (): Clock => {
  // Slow enough that looking at a PIN takes no wait with it.
  const { now, steady, after } = hurriedClock(3)
  return { now: () => now() + moved.now, steady: () => steady() + moved.steady, after }
}
const pass = (ms: number): void => {
  moved = { now: moved.now + ms, steady: moved.steady + ms }
}

const folder = temporaryFolder()
let office: Office
beforeAll(async () => {
  office = await startOffice(folder, { host: 'electron' }, clock)
})
afterAll(() => office.close())
/** Whatever a test left: open, and without a PIN. */
afterEach(async () => {
  await office.network.heal()
  pass(20 * MINUTE)
  if ((await office.client.status()).phase === 'screen_locked') await office.signIn('demo')
  if ((await office.client.call('lock.state', {})).pinSet) await office.client.call('lock.removePin', { current: PIN })
})

const choose = () => office.client.call('lock.setPin', { pin: PIN, current: null })
const phase = async () => (await office.client.status()).phase
const open = (pin: string) => office.client.codeOf('lock.open', { pin })

test('a PIN is six to twelve digits that are not guessed at once', () => {
  expect([PIN, '135790', '204681012', '998877'].map(pinProblem)).toEqual([null, null, null, null])
  for (const simple of ['111111', '121212', '123123', '123456', '987654', '890123', '432109'])
    expect([simple, pinProblem(simple)]).toEqual([simple, 'too_simple'])
  expect(['12 456', '12345', '1234567890123', 'segreto', ''].map(pinProblem)).toEqual([
    'not_digits',
    'too_short',
    'too_long',
    'not_digits',
    'too_short',
  ])
})

test('it is kept as a salted hash, and only itself fits', async () => {
  const [one, two] = await Promise.all([hashPin(PIN), hashPin(PIN)])
  expect(one.hash).not.toBe(two.hash)
  expect(JSON.stringify(one)).not.toContain(PIN)
  expect([await isPin(PIN, one), await isPin(WRONG, one), await isPin('', one)]).toEqual([true, false, false])
})

test('the wait after wrong PINs grows, and ends growing', () => {
  const waits = Array.from({ length: 12 }, (_, failures) => delayAfter(failures))
  expect(waits.slice(0, 4)).toEqual([0, 0, 0, 5000])
  expect(waits).toEqual([...waits].sort((a, b) => a - b))
  expect(delayAfter(500)).toBe(15 * MINUTE)
})

test('without a PIN nothing is ever locked', async () => {
  expect(await office.client.codeOf('lock.now', {})).toBe('pin_not_set')
  pass(24 * 60 * MINUTE)
  office.client.core.systemSession('locked')
  expect(await office.client.status()).toMatchObject({ phase: 'ready', lock: null })
  await office.restart()
  expect(await phase()).toBe('ready')
})

test('while it is locked the core answers nothing that tells of anybody, whatever asks', async () => {
  await choose()
  const id = await office.fresh()
  await office.client.call('lock.now', {})
  const answers = await Promise.all(
    (Object.keys(channels) as ChannelName[])
      .filter((channel) => !whileLocked.has(channel))
      .map(async (channel) => {
        const body = { id, limit: 1, offset: 0, search: '', casellaId: id, view: 'all' }
        const answer = await office.client.core.request({ v: ENVELOPE_VERSION, id: 'ostile', channel, body })
        return { channel, code: answer.ok ? 'ok' : answer.error.code }
      }),
  )
  expect(answers.filter(({ code }) => code !== 'screen_locked' && code !== 'invalid_body')).toEqual([])
  expect(answers.filter(({ code }) => code === 'screen_locked').length).toBeGreaterThan(40)
  const deposited = await office.client.core.deposit('contratto.pdf', Readable.from([Buffer.from('%PDF-1.7')]))
  expect(deposited).toMatchObject({ ok: false, error: { code: 'screen_locked' } })
  for (const channel of ['app.status', 'policy.get', 'app.focused', 'lock.active'] as const) {
    const answer = await office.client.core.request({ v: ENVELOPE_VERSION, id: 'ostile', channel, body: {} })
    expect(JSON.stringify(answer)).not.toMatch(/Operatore di prova|Comune|@|[A-Z]{6}\d{2}[A-Z]\d{2}/)
  }
  expect(await office.client.status()).toMatchObject({ operatore: null, scope: null, counts: { caselle: 0 } })
})

test('events that name what changed stop at the lock, and all is read anew when it opens', async () => {
  await choose()
  const id = await office.fresh()
  const heard: CoreEvent[] = []
  await office.client.call('lock.now', {})
  const stop = office.client.core.onEvent((event) => heard.push(event))
  await office.other.patch(id, { quotaMb: 7300 })
  await office.client.call('app.focused', {})
  pass(MINUTE)
  // The alignment goes on behind the lock: the provider's value is there as soon as it opens.
  await office.client.aligned().catch(() => undefined)
  expect(heard.filter(({ type }) => type !== 'status')).toEqual([])
  expect(JSON.stringify(heard)).not.toMatch(/Operatore di prova|Comune/)
  expect(await open(PIN)).toBe('ok')
  expect(heard.filter(({ type }) => type === 'changed').length).toBeGreaterThan(10)
  expect(heard.every((event) => event.type !== 'changed' || event.ids === null)).toBe(true)
  stop()
})

test('what waits in the queue leaves behind the lock', async () => {
  await choose()
  await office.network.refuse()
  await office.client.goesOffline()
  const id = await office.fresh()
  const operationId = await office.setQuota(id, 6100)
  await office.client.call('lock.now', {})
  expect(await office.client.status()).toMatchObject({ phase: 'screen_locked', pending: 1 })
  await office.network.heal()
  await office.client.call('app.focused', {})
  await expect.poll(async () => (await office.other.casella(id)).quotaMb).toBe(6100)
  expect(await open(PIN)).toBe('ok')
  await office.client.reaches(operationId, 'settled')
})

test('it locks by itself when nobody is at the window, and a hand there puts it off', async () => {
  await choose()
  await office.client.call('lock.settings', { afterMinutes: 5, withSystem: true })
  pass(4 * MINUTE)
  await office.client.call('lock.active', {})
  pass(4 * MINUTE)
  // Asking for data is no hand: screens ask by themselves.
  expect(await office.client.codeOf('caselle.list', { offset: 0, limit: 1 })).toBe('ok')
  pass(2 * MINUTE)
  expect(await office.client.codeOf('caselle.list', { offset: 0, limit: 1 })).toBe('screen_locked')
  await office.client.call('lock.active', {})
  expect(await phase()).toBe('screen_locked')
})

test.each([
  ['the machine slept, and its steady clock with it', { now: 30 * MINUTE, steady: 0 }],
  ['somebody set the clock back', { now: -600 * MINUTE, steady: 30 * MINUTE }],
])('it locks also where %s', async (_, jump) => {
  await choose()
  moved = { now: moved.now + jump.now, steady: moved.steady + jump.steady }
  expect(await office.client.codeOf('caselle.list', { offset: 0, limit: 1 })).toBe('screen_locked')
})

test('never by itself means never', async () => {
  await choose()
  await office.client.call('lock.settings', { afterMinutes: null, withSystem: true })
  pass(24 * 60 * MINUTE)
  expect(await phase()).toBe('ready')
})

test('wrong PINs are slowed, tries side by side too, and the right one must wait like them', async () => {
  await choose()
  await office.client.call('lock.now', {})
  const codes = await Promise.all([WRONG, '', '1', PIN + '0', WRONG, PIN].map(open))
  expect(codes.slice(0, 3)).toEqual(['pin_wrong', 'pin_wrong', 'pin_wrong'])
  expect(codes.slice(3)).toEqual(['pin_wait', 'pin_wait', 'pin_wait'])
  const { lock } = await office.client.status()
  expect(lock?.waitUntil).not.toBeNull()
  pass(6000)
  expect(await open(WRONG)).toBe('pin_wrong')
  pass(6000)
  expect(await open(PIN)).toBe('pin_wait')
  pass(15_000)
  expect(await open(PIN)).toBe('ok')
  // The right one forgets the wrong ones.
  await office.client.call('lock.now', {})
  expect([await open(WRONG), await open(PIN)]).toEqual(['pin_wrong', 'ok'])
})

test('a restart is locked at once, has forgotten no wrong PIN, and no clock set in between shortens the wait', async () => {
  await choose()
  await office.restart()
  expect(await office.client.status()).toMatchObject({ phase: 'screen_locked', operatore: null })
  for (let tries = 0; tries < 3; tries += 1) expect(await open(WRONG)).toBe('pin_wrong')
  moved = { now: moved.now + 600 * MINUTE, steady: moved.steady + 600 * MINUTE }
  await office.restart()
  expect(await open(PIN)).toBe('pin_wait')
})

test('a program that is ended while it looks at a PIN has counted the try', async () => {
  await choose()
  for (let tries = 0; tries < 3; tries += 1) {
    await office.restart()
    void open(WRONG)
    await Promise.resolve()
  }
  await office.restart()
  expect(await open(PIN)).toBe('pin_wait')
})

test('the system that locks its session locks the screen, and its own unlocking opens it', async () => {
  await choose()
  const { core } = office.client
  core.systemSession('unlocked')
  core.systemSession('locked')
  expect(await office.client.status()).toMatchObject({ phase: 'screen_locked', lock: { withSystem: true } })
  core.systemSession('unlocked')
  expect(await phase()).toBe('ready')
  core.systemSession('suspended')
  expect(await phase()).toBe('screen_locked')
  // Waking is no proof of who is there, and an unlocking without a locking neither.
  core.systemSession('unlocked')
  expect(await phase()).toBe('screen_locked')
  expect(await open(PIN)).toBe('ok')
  await office.client.call('lock.settings', { afterMinutes: 10, withSystem: false })
  core.systemSession('locked')
  expect(await phase()).toBe('ready')
  await office.client.call('lock.now', {})
  core.systemSession('unlocked')
  expect(await phase()).toBe('screen_locked')
})

test('no page can say that the system was unlocked', () => {
  expect(
    Object.keys(channels)
      .filter((channel) => /system|session/i.test(channel))
      .sort(),
  ).toEqual(['session.login', 'session.logout'])
})

test('who forgot the PIN signs in at the provider, which takes it away', async () => {
  await choose()
  await office.client.call('lock.now', {})
  const { user } = demoUsers.demo
  const asked = { url: office.network.url, user, password: 'sbagliata' }
  expect(await office.client.codeOf('session.login', asked)).toBe('invalid_credentials')
  expect(await phase()).toBe('screen_locked')
  await office.signIn('demo')
  expect(await office.client.call('lock.state', {})).toMatchObject({ pinSet: false })
})

test('a server that calls itself the provider opens nothing', async () => {
  await choose()
  await office.client.call('lock.now', {})
  const impostor = await startTestSandbox(temporaryFolder())
  try {
    expect(await office.client.codeOf('session.login', { url: impostor.url, ...impostor.demo })).toBe('screen_locked')
    expect(await phase()).toBe('screen_locked')
    expect(await open(PIN)).toBe('ok')
  } finally {
    await impostor.close()
  }
})

test("a colleague who signs in works with an own PIN or none, and leaves the other's alone", async () => {
  await choose()
  await office.client.call('lock.now', {})
  await office.signIn('collega')
  expect(await office.client.call('lock.state', {})).toMatchObject({ pinSet: false })
  await office.signIn('demo')
  expect(await office.client.call('lock.state', {})).toMatchObject({ pinSet: true })
  await office.client.call('lock.now', {})
  expect(await open(PIN)).toBe('ok')
})

test('the PIN is changed and taken away only by who knows it, and wrong ones count there too', async () => {
  await choose()
  expect(await office.client.codeOf('lock.setPin', { pin: '572914', current: null })).toBe('pin_wrong')
  expect(await office.client.codeOf('lock.removePin', { current: WRONG })).toBe('pin_wrong')
  expect(await office.client.codeOf('lock.setPin', { pin: '123456', current: PIN })).toBe('pin_refused')
  expect(await office.client.codeOf('lock.removePin', { current: '' })).toBe('pin_wrong')
  expect(await office.client.codeOf('lock.removePin', { current: PIN })).toBe('pin_wait')
  pass(6000)
  await office.client.call('lock.setPin', { pin: '572914', current: PIN })
  await office.client.call('lock.now', {})
  expect([await open(PIN), await open('572914')]).toEqual(['pin_wrong', 'ok'])
  await office.client.call('lock.setPin', { pin: PIN, current: '572914' })
})

test('without network the recovery key opens it, another key does not', async () => {
  await choose()
  await office.network.refuse()
  await office.client.call('lock.now', {})
  const lines = recoveryLines('a'.repeat(64))
  expect(await office.client.codeOf('lock.openWithKey', { lines })).toBe('recovery_key_wrong')
  expect(await office.client.codeOf('lock.openWithKey', { lines: ['x', 'y', 'z', ''] })).toBe('recovery_key_wrong')
  expect(await phase()).toBe('screen_locked')
  const own = recoveryLines(demoKeyOf(join(folder, 'dati')))
  await office.client.call('lock.openWithKey', { lines: own })
  expect(await office.client.status()).toMatchObject({ phase: 'ready', lock: null })
})

test('the command line has no screen to lock', async () => {
  await choose()
  await office.restart({ host: 'cli' })
  expect(await office.client.status()).toMatchObject({ phase: 'ready', lock: null })
  await office.restart({ host: 'electron' })
  expect(await phase()).toBe('screen_locked')
})

test('choosing and taking away a PIN stand in the register of operators', async () => {
  await choose()
  await office.client.call('lock.removePin', { current: PIN })
  const { rows } = await office.client.call('registroOperatori.list', { offset: 0, limit: 2 })
  expect(rows.map(({ atto }) => atto)).toEqual(['lock.removePin', 'lock.setPin'])
})
