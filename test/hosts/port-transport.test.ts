import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { coreClientOverPort, CoreLostError, serveCoreOverPort } from '../../src-main/hosts/electron/port-transport.ts'
import { restartDelay } from '../../src-main/hosts/electron/restart-policy.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { startTestCore } from '../support/test-core.ts'
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

test('a core that ends is started again, later each time, and not for ever', () => {
  const now = 1_000_000
  expect(restartDelay([now], now)).toBe(500)
  expect(restartDelay([now - 10, now], now)).toBe(1000)
  expect(restartDelay([now - 3, now - 2, now - 1, now], now)).toBeNull()
  expect(restartDelay([1, 2, 3, now], now)).toBe(500)
})
