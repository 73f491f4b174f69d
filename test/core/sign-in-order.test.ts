import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Log } from '../../src-main/diagnostics/log.ts'
import type { Sandbox } from '../../src-main/sandbox/sandbox.ts'
import { coreClient } from '../support/core-client.ts'
import { hurriedClock } from '../support/hurried-clock.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { startTestCore, startTestSandbox } from '../support/test-core.ts'

const folder = temporaryFolder()
let sandbox: Sandbox
beforeAll(async () => {
  sandbox = await startTestSandbox(folder)
})
afterAll(() => sandbox.close())
const login = () => ({ url: sandbox.url, ...sandbox.demo })

test('two sign-ins at once open one archive, and both are told that they are in', async () => {
  const opened: string[] = []
  const log: Log = (event) => opened.push(event)
  const core = await startTestCore(join(folder, 'due'), { clock: hurriedClock(), log })
  const client = coreClient(core)
  expect(await Promise.all([client.codeOf('session.login', login()), client.codeOf('session.login', login())])).toEqual(
    ['ok', 'ok'],
  )
  expect(opened.filter((event) => event === 'archive.opened')).toHaveLength(1)
  await client.aligned()
  await core.close()
})

test('a sign-in that was stopped before its key was kept leaves no archive that nobody can open', async () => {
  const at = join(folder, 'interrotto')
  const core = await startTestCore(at, { clock: hurriedClock() })
  const client = coreClient(core)
  // The configuration cannot be written: as at a kill before it.
  mkdirSync(join(at, 'dati', 'configurazione.json.tmp'))
  expect(await client.codeOf('session.login', login())).not.toBe('ok')
  rmSync(join(at, 'dati', 'configurazione.json.tmp'), { recursive: true })
  await core.close()
  const again = await startTestCore(at, { clock: hurriedClock() })
  expect(await coreClient(again).codeOf('session.login', login())).toBe('ok')
  await again.close()
})

test('closing during a sign-in leaves nothing open behind it', async () => {
  const events: string[] = []
  const core = await startTestCore(join(folder, 'chiuso'), {
    clock: hurriedClock(),
    log: (event) => events.push(event),
  })
  const signingIn = coreClient(core).codeOf('session.login', login())
  await core.close()
  expect(await signingIn).toBe('cancelled')
  expect(events).not.toContain('archive.opened')
})
