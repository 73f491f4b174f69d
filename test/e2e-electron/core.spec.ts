import { spawn } from 'node:child_process'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { demoUsers } from '../../src-main/sandbox/demo-users.ts'
import { providerInEarnest } from '../support/provider-in-earnest.ts'
import { startSandboxProcess } from '../support/sandbox-process.ts'
import { argumentsOf, ask, expect, runtime, test } from './fixtures.ts'

/** A second start of the program over the same folder; fulfils with its exit code. */
function secondStart(folder: string, ...args: string[]): Promise<number | null> {
  return new Promise((resolve) => {
    spawn(runtime(), argumentsOf(folder, args), { cwd: folder, stdio: 'ignore' }).on('close', resolve)
  })
}

test('the page asks the core over IPC; what is no envelope is refused', async ({ desk: { page } }) => {
  expect(await ask(page, 'app.status')).toMatchObject({ ok: true, data: { phase: 'first_run', host: 'electron' } })
  expect(await ask(page, 'nessun.canale')).toMatchObject({ ok: false, error: { code: 'unknown_channel' } })
  expect(await page.evaluate(() => window.sportello?.request('x'))).toMatchObject({ error: { code: 'invalid_body' } })
})

test('where the system keeps secrets, the archive opens again without asking; elsewhere a passphrase is asked for', async ({
  folder,
  launch,
}) => {
  const sandbox = await startSandboxProcess({ data: join(folder, 'gestore') })
  const provider = await providerInEarnest(sandbox.url)
  try {
    const first = await launch()
    const kept = await first.app.evaluate(async ({ safeStorage }) => {
      if (!(await safeStorage.isAsyncEncryptionAvailable())) return false
      if (process.platform !== 'linux') return true
      if (['basic_text', 'unknown'].includes(safeStorage.getSelectedStorageBackend())) return false
      // A password manager that is shut: Chromium falls back to a key that everybody knows, and marks it.
      return (await safeStorage.encryptStringAsync('prova')).subarray(0, 3).toString() !== 'v10'
    })
    const { user, password } = demoUsers.demo
    const answer = await ask(first.page, 'session.login', { url: provider.url, user, password })
    if (!kept) {
      expect(answer).toMatchObject({ ok: false, error: { code: 'passphrase_required' } })
      return
    }
    expect(answer).toMatchObject({ ok: true, data: { custody: 'system' } })
    await first.app.close()
    const second = await launch()
    await expect.poll(() => ask(second.page, 'app.status')).toMatchObject({ ok: true, data: { phase: 'ready' } })
  } finally {
    await provider.close()
    await sandbox.stop()
  }
})

test('a key that the system does not give back is not replaced: the archive says what it waits for', async ({
  folder,
  launch,
}) => {
  const sandbox = await startSandboxProcess({ data: join(folder, 'gestore') })
  const provider = await providerInEarnest(sandbox.url)
  try {
    const first = await launch()
    const { user, password } = demoUsers.demo
    const answer = await ask(first.page, 'session.login', { url: provider.url, user, password })
    // Where the system keeps nothing there is nothing to be spoilt: the test above has said so.
    if (!answer.ok) return
    await first.app.close()
    const custody = join(folder, 'dati', 'custodia')
    const [name = ''] = readdirSync(custody)
    const spoilt = Buffer.concat([
      readFileSync(join(custody, name)).subarray(0, 3),
      Buffer.from('di un altro computer'),
    ])
    writeFileSync(join(custody, name), spoilt)
    const second = await launch()
    await expect
      .poll(() => ask(second.page, 'app.status'))
      .toMatchObject({ ok: true, data: { phase: 'blocked', trouble: { code: 'archive_key_lost' } } })
    expect(readFileSync(join(custody, name))).toEqual(spoilt)
  } finally {
    await provider.close()
    await sandbox.stop()
  }
})

test('the system is asked its proxy for the very address', async ({ desk: { page } }) => {
  const answer = await ask(page, 'rete.get', { url: 'https://gestore.example' })
  expect(answer).toMatchObject({ ok: true, data: { url: 'https://gestore.example', unreadable: false } })
})

test('a second start brings the first one forward and opens what it was given', async ({
  folder,
  desk: { app, page },
}) => {
  await expect(page.getByRole('heading', { name: 'Da dove iniziare' })).toBeVisible()
  const demo = await ask(page, 'demo.start')
  await ask(page, 'session.login', demo.ok ? demo.data : {})
  await app.evaluate(({ BrowserWindow }) => {
    BrowserWindow.getAllWindows()[0]?.minimize()
  })
  expect(await secondStart(folder, 'sportello-lra://coda')).toBe(0)
  await expect(page).toHaveURL(/#\/coda$/)
  expect(await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.isMinimized())).toBe(false)
  expect(await secondStart(folder, 'sportello-lra://impostazioni/../..')).toBe(0)
  await expect(page).toHaveURL(/#\/coda$/)
  writeFileSync(join(folder, 'atto.pdf'), '%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n')
  expect(await secondStart(folder, 'atto.pdf')).toBe(0)
  await expect(page).toHaveURL(/#\/documenti\/verifica/)
  await expect(page.getByRole('heading', { name: 'atto.pdf' })).toBeVisible()
})

test('an address that starts the program waits until somebody has signed in', async ({ launch }) => {
  const { page } = await launch('sportello-lra://novita')
  await expect(page.getByRole('heading', { name: 'Da dove iniziare' })).toBeVisible()
  await page.getByRole('button', { name: 'Prova con il gestore di prova' }).click()
  await page.getByRole('button', { name: 'Accedi', exact: true }).click()
  await expect(page).toHaveURL(/#\/novita$/)
})

test('a core that is killed is started again, and the page goes on', async ({ desk: { app, page } }) => {
  await expect(page.getByRole('heading', { name: 'Da dove iniziare' })).toBeVisible()
  expect(await ask(page, 'app.status')).toMatchObject({ ok: true })
  const pid = await app.evaluate(({ app: own }) =>
    own.getAppMetrics().find(({ type, name }) => type === 'Utility' && name === 'Sportello LRA'),
  )
  expect(pid).toBeDefined()
  process.kill(pid?.pid ?? 0, 'SIGKILL')
  await expect
    .poll(() => ask(page, 'app.status').catch(() => null))
    .toMatchObject({ ok: true, data: { phase: 'first_run' } })
})
