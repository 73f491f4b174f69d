import { join } from 'node:path'
import { afterAll } from 'vitest'
import { silentLog } from '../../src-main/diagnostics/log.ts'
import { startBrowserHost } from '../../src-main/hosts/browser/server.ts'
import { openSocket, rawRequest, signInWith } from '../support/browser-client.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { startTestCore, startTestSandbox } from '../support/test-core.ts'
import { contractSuite } from './contract-suite.ts'

const folder = temporaryFolder()
const closing: (() => Promise<unknown>)[] = []
afterAll(async () => {
  for (const close of closing) await close()
})

contractSuite(async () => {
  const sandbox = await startTestSandbox(folder)
  const core = await startTestCore(folder)
  const host = await startBrowserHost({
    core,
    log: silentLog,
    rendererDir: join(folder, 'renderer'),
    port: 0,
    onAddress: () => undefined,
  })
  closing.push(host.close, core.close, sandbox.close)
  const cookie = await signInWith(host.address())
  const origin = `http://127.0.0.1:${host.port}`
  const send = async (method: string, path: string, type: string, body: string | Buffer): Promise<unknown> => {
    const answer = await rawRequest(host.port, {
      method,
      path,
      headers: { cookie, origin, 'content-type': type },
      body,
    })
    return JSON.parse(answer.text)
  }
  const socket = await openSocket(host.port, { cookie, origin })
  return {
    provider: { url: sandbox.url, ...sandbox.demo },
    client: {
      request: (envelope) => send('POST', '/api', 'application/json', JSON.stringify(envelope)),
      deposit: (nomeFile, bytes) =>
        send('PUT', `/deposito?nome=${encodeURIComponent(nomeFile)}`, 'application/octet-stream', bytes),
      onEvent: (listener) => {
        socket?.on('message', (data: Buffer) => {
          listener(JSON.parse(data.toString('utf8')))
        })
        socket?.resume()
      },
    },
  }
})
