import { spawn } from 'node:child_process'
import { createServer, type AddressInfo } from 'node:net'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { startApplication } from '../support/application.ts'
import { rawRequest, signInWith } from '../support/browser-client.ts'
import { repository, startProgram } from '../support/child-program.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

test('the application starts in the browser host, serves its page, and ends on Ctrl+C with code 0', async () => {
  const data = join(temporaryFolder(), 'dati')
  const application = await startApplication({ data })
  const port = Number(new URL(application.origin).port)
  const used = application.address()
  const cookie = await signInWith(used)
  const page = await rawRequest(port, { headers: { cookie } })
  expect(page.text).toContain('<html lang="it">')
  expect(page.text).not.toContain('__CSP_NONCE__')
  await expect.poll(() => application.address()).not.toBe(used)
  expect(existsSync(data)).toBe(true)
  expect(await application.stop()).toBe(0)
  await expect(rawRequest(port, {})).rejects.toMatchObject({ code: 'ECONNREFUSED' })
})

test('SIGTERM ends it too, and the folder can be used again at once', async () => {
  const data = join(temporaryFolder(), 'dati')
  const first = await startApplication({ data })
  expect(await first.program.stop('SIGTERM')).toBe(0)
  const second = await startApplication({ data })
  expect(await second.stop()).toBe(0)
})

test('the trial runs inside the application, and ends with it', async () => {
  const application = await startApplication({ data: join(temporaryFolder(), 'dati') })
  onTestFinished(() => void application.stop())
  const cookie = await signInWith(application.address())
  const headers = { cookie, origin: application.origin, 'content-type': 'application/json' }
  const body = JSON.stringify({ v: 1, id: 'a', channel: 'demo.start', body: {} })
  const port = Number(new URL(application.origin).port)
  const { text } = await rawRequest(port, { method: 'POST', path: '/api', headers, body })
  const answer = JSON.parse(text) as { ok: boolean; data: { url: string } }
  expect(answer.ok).toBe(true)
  expect((await fetch(new URL('/health', answer.data.url))).status).toBe(200)
  // Who trains others acts as the Gestore from there.
  await application.program.line(/^Console del gestore di prova: \S+\/console \(utente gestore, password \S+\)$/m)
  expect(await application.stop()).toBe(0)
  await expect(fetch(new URL('/health', answer.data.url))).rejects.toThrow()
})

test('a second copy on the same folder says so on its screen and in words, and begins when the first has ended', async () => {
  const data = join(temporaryFolder(), 'dati')
  const first = await startApplication({ data })
  const second = await startApplication({ data })
  onTestFinished(() => void second.stop())
  expect(second.program.stderr()).toContain('è già aperta')
  const cookie = await signInWith(second.address())
  const ask = async (channel: string) => {
    const { text } = await rawRequest(Number(new URL(second.origin).port), {
      method: 'POST',
      path: '/api',
      headers: { cookie, origin: second.origin, 'content-type': 'application/json' },
      body: JSON.stringify({ v: 1, id: 'a', channel, body: {} }),
    })
    return JSON.parse(text) as { data?: { phase: string; trouble: { code: string } | null }; error?: { code: string } }
  }
  expect((await ask('app.status')).data).toMatchObject({ phase: 'blocked', trouble: { code: 'archive_in_use' } })
  expect((await ask('caselle.list')).error?.code).toBe('archive_in_use')
  expect((await ask('archive.retry')).data?.phase).toBe('blocked')
  expect(await first.stop()).toBe(0)
  expect((await ask('archive.retry')).data?.phase).toBe('first_run')
})

test('a port that is taken is told, with code 1', async () => {
  const server = createServer().listen(0, '127.0.0.1')
  onTestFinished(() => void server.close())
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address() as AddressInfo
  const data = join(temporaryFolder(), 'dati')
  const program = startProgram('scripts/start.ts', ['--browser', '--no-open', '--data', data, '--port', String(port)])
  expect(await program.ended).toBe(1)
  expect(program.stderr()).toContain(`La porta ${port} è già in uso`)
})

test('a wrong flag is told, with code 2', async () => {
  const program = startProgram('scripts/start.ts', ['--broswer'])
  expect(await program.ended).toBe(2)
  expect(program.stderr()).toContain('Opzioni non riconosciute')
})

test.skipIf(process.platform === 'win32')('the application does not outlive the npm that started it', async () => {
  const data = join(temporaryFolder(), 'dati')
  // Like npm: a shell in between, which ends at the signal and passes nothing on.
  const args = ['scripts/start.ts', '--browser', '--no-open', '--data', data]
  const script = [process.execPath, ...args].map((part) => `'${part}'`).join(' ')
  const shell = spawn('sh', ['-c', `${script}; true`], {
    cwd: repository,
    env: { ...process.env, npm_lifecycle_event: 'start' },
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const port = await new Promise<number>((resolve) => {
    let text = ''
    shell.stdout.setEncoding('utf8').on('data', (part: string) => {
      text += part
      const found = /127\.0\.0\.1:(\d+)/.exec(text)
      if (found !== null) resolve(Number(found[1]))
    })
  })
  shell.kill('SIGTERM')
  const reached = () =>
    rawRequest(port, {}).then(
      () => 'answers',
      () => 'ended',
    )
  await expect.poll(reached).toBe('ended')
})
