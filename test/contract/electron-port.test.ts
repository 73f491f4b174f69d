import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import { APP_PAGE } from '../../src-main/hosts/electron/app-protocol-path.ts'
import { routeIpc } from '../../src-main/hosts/electron/ipc-router.ts'
import { coreClientOverPort, serveCoreOverPort } from '../../src-main/hosts/electron/port-transport.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { startTestCore, startTestSandbox } from '../support/test-core.ts'
import { portPair } from '../support/thread-port.ts'
import { contractSuite } from './contract-suite.ts'

const folder = temporaryFolder()
const closing: (() => Promise<unknown>)[] = []
afterAll(async () => {
  for (const close of closing) await close()
})

// The window's process and the core's process in one: real ports between them, the real router before them.
contractSuite(async () => {
  const sandbox = await startTestSandbox(folder)
  const [mainSide, coreSide] = portPair()
  serveCoreOverPort(await startTestCore(folder, { host: 'electron' }), coreSide)
  const core = coreClientOverPort(mainSide)
  closing.push(core.close, sandbox.close)
  const sender = { frameUrl: `${APP_PAGE}#/caselle`, topFrame: true, ownWindow: true }
  // What passes from the page to the window's process is a copy.
  const invoke = (message: unknown): Promise<unknown> =>
    routeIpc(
      sender,
      structuredClone(message),
      () => Promise.resolve(core),
      () => Promise.reject(new Error('no desktop here')),
    )
  return {
    provider: { url: sandbox.url, ...sandbox.demo },
    client: {
      request: (envelope) => invoke({ kind: 'request', envelope }),
      deposit: (nomeFile, bytes) => {
        const chosen = join(folder, 'scelti')
        mkdirSync(chosen, { recursive: true })
        writeFileSync(join(chosen, nomeFile), bytes)
        return invoke({ kind: 'deposit', path: join(chosen, nomeFile) })
      },
      onEvent: (listener) => {
        core.onEvent(listener)
      },
    },
  }
})
