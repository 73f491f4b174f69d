import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test, vi } from 'vitest'
import { demoUsers } from '../../src-main/sandbox/demo-users.ts'
import { runApplication } from '../kill/running-application.ts'
import { certificateAuthority } from '../support/certificates.ts'
import { officeProxy, httpsBefore } from '../support/office-proxy.ts'
import { startSandboxProcess } from '../support/sandbox-process.ts'
import { PATIENCE } from '../support/patience.ts'

const HOST = 'gestore.ufficio.example'
const folder = mkdtempSync(join(tmpdir(), 'lra-ufficio-'))
afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
})

test('the program works behind a proxy that wants a name and a password, with a provider that the office vouches for', async () => {
  const authority = certificateAuthority(folder)
  const provider = await startSandboxProcess({ data: join(folder, 'gestore'), caselle: 60 })
  const front = await httpsBefore(provider.port, authority.issue(HOST))
  const proxy = await officeProxy('utente', 'p@sso segreto', () => front.port)
  const env = {
    HTTPS_PROXY: `http://utente:${encodeURIComponent('p@sso segreto')}@127.0.0.1:${proxy.port}`,
    NODE_EXTRA_CA_CERTS: authority.path,
    SPORTELLO_LRA_ELENCHI: 'off',
  }
  const app = runApplication(join(folder, 'dati'), 0, env)
  await app.ready
  const { user, password } = demoUsers.demo
  expect(await app.ask('session.login', { url: `https://${HOST}`, user, password })).toEqual({
    kind: 'done',
    data: expect.anything() as unknown,
  })
  await vi.waitFor(async () => {
    const status = await app.ask('app.status', {})
    expect(status).toMatchObject({ kind: 'done', data: { connection: 'aligned', counts: { caselle: 60 } } })
  }, PATIENCE)
  expect(new Set(proxy.asked.map(({ target }) => target))).toEqual(new Set([`${HOST}:443`]))
  await app.stop()

  // The same without the credentials: nothing is lost, and it is said who asks for what.
  const without = runApplication(join(folder, 'dati'), 0, { ...env, HTTPS_PROXY: `http://127.0.0.1:${proxy.port}` })
  await without.ready
  await vi.waitFor(async () => {
    const status = await without.ask('app.status', {})
    expect(status).toMatchObject({
      kind: 'done',
      data: { connection: 'offline', lastError: 'proxy_credentials', counts: { caselle: 60 } },
    })
  }, PATIENCE)
  await without.stop()
  proxy.close()
  front.close()
  await provider.stop()
})
