import { EventEmitter } from 'node:events'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { coreClientOverPort, CoreLostError, serveCoreOverPort } from '../../src-main/hosts/electron/port-transport.ts'
import { restartDelay } from '../../src-main/hosts/electron/restart-policy.ts'
import { watchSystemSession } from '../../src-main/hosts/electron/system-session.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { startTestCore, startTestSandbox } from '../support/test-core.ts'
import { portPair } from '../support/thread-port.ts'

const status = { v: 1, id: 'a', channel: 'app.status', body: {} }

test('answers come back to their own questions', async () => {
  const [client, server] = portPair()
  serveCoreOverPort(await startTestCore(temporaryFolder()), server)
  const core = coreClientOverPort(client)
  onTestFinished(core.close)
  const [first, second] = await Promise.all([core.request(status), core.request({ ...status, channel: 'none' })])
  expect([first.ok, second.ok]).toEqual([true, false])
})

test('only an ordinary file is taken from a path', async () => {
  const [client, server] = portPair()
  const folder = temporaryFolder()
  serveCoreOverPort(await startTestCore(folder), server)
  const core = coreClientOverPort(client)
  onTestFinished(core.close)
  for (const path of [folder, join(folder, 'missing.pdf'), '/dev/zero'])
    expect(await core.deposit(path)).toMatchObject({ ok: false, error: { code: 'file_unreadable' } })
})

test('a core that goes away rejects what waits for it and tells of it once', async () => {
  const [client, server] = portPair()
  // Nobody serves: the questions stay open.
  let lost = 0
  const core = coreClientOverPort(client, () => {
    lost += 1
  })
  const waiting = core.request(status)
  server.close()
  await expect(waiting).rejects.toBeInstanceOf(CoreLostError)
  await expect(core.request(status)).rejects.toBeInstanceOf(CoreLostError)
  expect(lost).toBe(1)
})

test('closing through the port closes the core: its folder is free again', async () => {
  const folder = temporaryFolder()
  const [client, server] = portPair()
  serveCoreOverPort(await startTestCore(folder), server)
  await coreClientOverPort(client).close()
  const next = await startTestCore(folder)
  await next.close()
})

test('what the system does with its session reaches the lock of the screen', async () => {
  const [client, server] = portPair()
  const folder = temporaryFolder()
  const sandbox = await startTestSandbox(folder)
  const core = coreClientOverPort(client)
  serveCoreOverPort(await startTestCore(folder, { host: 'electron' }), server)
  onTestFinished(async () => {
    await core.close()
    await sandbox.close()
  })
  const ask = (channel: string, body: unknown) => core.request({ v: 1, id: 'a', channel, body })
  const phase = async () => (await ask('app.status', {})) as { data?: { phase: string } }
  await ask('session.login', { url: sandbox.url, ...sandbox.demo })
  await ask('lock.setPin', { pin: '408152', current: null })
  const power = new EventEmitter()
  const told: string[] = []
  watchSystemSession(power, (session) => {
    told.push(session)
    void core.systemSession(session)
  })
  power.emit('lock-screen')
  expect((await phase()).data?.phase).toBe('screen_locked')
  power.emit('unlock-screen')
  expect((await phase()).data?.phase).toBe('ready')
  power.emit('suspend')
  power.emit('resume')
  expect((await phase()).data?.phase).toBe('screen_locked')
  expect(told).toEqual(['locked', 'unlocked', 'suspended'])
})

test('a core that ends is started again, later each time, and not for ever', () => {
  const now = 1_000_000
  expect(restartDelay([now], now)).toBe(500)
  expect(restartDelay([now - 10, now], now)).toBe(1000)
  expect(restartDelay([now - 3, now - 2, now - 1, now], now)).toBeNull()
  expect(restartDelay([1, 2, 3, now], now)).toBe(500)
})
