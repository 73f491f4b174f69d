import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import type { ResponseEnvelope } from '../../src-main/contract/envelope.ts'
import { repository } from '../support/child-program.ts'
import { electron, opened, preventable, processes, state, trays, windows } from '../support/electron-double.ts'
import { officeProxy } from '../support/office-proxy.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { PATIENCE } from '../support/patience.ts'

// The built window's process, over a stand-in of Electron and the real core.
vi.mock('electron', () => electron)

const folder = temporaryFolder()
const data = join(folder, 'dati')
const PAGE = 'app://sportello/'
/** It need not be built yet when types are checked. */
const PROGRAM = join(repository, 'dist', 'main', 'electron-main.js')

beforeAll(async () => {
  process.argv = ['electron', '.', '--data', data]
  await import(/* @vite-ignore */ PROGRAM)
  await vi.waitFor(() => {
    expect(windows.length).toBe(1)
  }, PATIENCE)
})
afterAll(async () => {
  electron.app.quit()
  await vi.waitFor(() => {
    expect(state.ended).toBe(true)
  }, PATIENCE)
})

const contents = () => {
  const [window] = windows
  if (window === undefined) throw new Error('no window')
  return window.webContents
}
const own = () => ({ sender: contents(), senderFrame: contents().mainFrame })
const invoke = async (message: unknown, event: unknown = own()): Promise<ResponseEnvelope> =>
  (await state.invoke?.(event, structuredClone(message))) as ResponseEnvelope
const ask = (channel: string, body: unknown = {}) =>
  invoke({ kind: 'request', envelope: { v: 1, id: 'a', channel, body } })
const shell = (request: unknown) => invoke({ kind: 'shell', request })
const handler = (name: string) => contents().handlers[name] as (...given: unknown[]) => unknown

test('the window is a sandboxed, isolated page without Node', () => {
  expect(windows[0]?.options.webPreferences).toMatchObject({
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    webSecurity: true,
    webviewTag: false,
  })
})

test('the page is served with its policy, and nothing beside it', async () => {
  const get = async (address: string, method = 'GET') => state.serve?.(new Request(address, { method }))
  const page = await get(PAGE)
  expect(page?.status).toBe(200)
  expect(page?.headers.get('content-security-policy')).toMatch(/default-src 'none'/)
  for (const address of ['app://altro/', `${PAGE}..%2f..%2fpackage.json`, `${PAGE}.env`, `${PAGE}assets/`])
    expect((await get(address))?.status).toBe(404)
  expect((await get(PAGE, 'POST'))?.status).toBe(404)
})

test('no window is opened, no address left for, nothing embedded', () => {
  for (const url of ['https://evil.example/', 'file:///etc/passwd', 'about:blank', `${PAGE}assets/x.html`]) {
    expect(
      contents().openHandler?.({
        url,
        frameName: '',
        features: '',
        disposition: 'foreground-tab',
        referrer: { url: PAGE, policy: 'default' },
      }),
    ).toEqual({ action: 'deny' })
    for (const name of ['will-navigate', 'will-frame-navigate', 'will-redirect', 'will-attach-webview']) {
      const event = preventable(url)
      contents().emit(name, event)
      expect([url, name, event.prevented]).toEqual([url, name, true])
    }
  }
  const allowed = preventable(`${PAGE}#/caselle`)
  contents().emit('will-navigate', allowed)
  expect(allowed.prevented).toBe(false)
  expect(opened).toEqual([])
})

test('few permissions, no device, no request beyond the application', () => {
  const asked: boolean[] = []
  for (const permission of ['notifications', 'media', 'geolocation', 'openExternal'])
    handler('permission')(null, permission, (answer: boolean) => asked.push(answer), {
      requestingUrl: PAGE,
      isMainFrame: true,
    })
  expect(asked).toEqual([true, false, false, false])
  expect(handler('device')()).toBe(false)
  const cancelled: boolean[] = []
  for (const url of [`${PAGE}assets/a.js`, 'https://evil.example/a.js', 'http://127.0.0.1:9/', 'file:///c:/a'])
    handler('request')({ url }, ({ cancel }: { cancel: boolean }) => cancelled.push(cancel))
  expect(cancelled).toEqual([false, true, true, true])
})

test('only the own page is answered, by the core', async () => {
  expect(await ask('app.status')).toMatchObject({ ok: true, data: { phase: 'first_run', host: 'electron' } })
  const request = { kind: 'request', envelope: { v: 1, id: 'a', channel: 'app.status', body: {} } }
  const foreign = [
    { sender: contents(), senderFrame: null },
    { sender: contents(), senderFrame: { url: PAGE } },
    { sender: {}, senderFrame: contents().mainFrame },
  ]
  for (const event of foreign) await expect(invoke(request, event)).rejects.toThrow(/may not ask/)
})

test('an address of another program opens its screen, once the page is there', async () => {
  const second = (...args: string[]) => electron.app.emit('second-instance', {}, ['electron', '.', ...args], folder)
  second('sportello-lra://casella/c-7')
  expect(await shell({ type: 'ready' })).toEqual({
    ok: true,
    data: { open: '/caselle/c-7', aggiornamenti: { stato: 'spento', motivo: 'non_installato' } },
  })
  second('sportello-lra://coda', '--data', '/altrove')
  second('sportello-lra://impostazioni')
  second('--no-sandbox')
  expect(contents().sent.filter((message) => (message as { kind: string }).kind === 'shell')).toEqual([
    { kind: 'shell', message: { type: 'open', path: '/coda' } },
  ])
  // A page that is loaded anew asks again.
  contents().reload()
  second('sportello-lra://novita')
  expect(await shell({ type: 'ready' })).toMatchObject({ data: { open: '/novita' } })
})

test('a document is verified from its private copy, which waits for somebody to sign in', async () => {
  const path = join(folder, 'atto.pdf')
  writeFileSync(path, '%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n')
  expect(await shell({ type: 'takeFile' })).toMatchObject({ ok: false, error: { code: 'not_found' } })
  electron.app.emit('second-instance', {}, ['electron', '.', 'atto.pdf'], folder)
  expect(contents().sent.at(-1)).toEqual({
    kind: 'shell',
    message: { type: 'open', path: '/documenti/verifica?aperto=1' },
  })
  expect(await shell({ type: 'takeFile' })).toMatchObject({ ok: false, error: { code: 'not_signed_in' } })
  const demo = await ask('demo.start')
  expect(demo.ok).toBe(true)
  expect(await ask('session.login', demo.ok ? demo.data : {})).toMatchObject({ ok: true, data: { phase: 'ready' } })
  const taken = await shell({ type: 'takeFile' })
  expect(taken).toMatchObject({ ok: true, data: { nomeFile: 'atto.pdf', formato: 'pdf' } })
  expect(JSON.stringify(taken)).not.toContain(folder)
  expect(await shell({ type: 'takeFile' })).toMatchObject({ ok: false, error: { code: 'not_found' } })

  // What is opened while one is verified waits for its turn, each once; one that cannot be read holds up nobody.
  for (const name of ['secondo.pdf', 'terzo.pdf']) writeFileSync(join(folder, name), '%PDF-1.4\n%%EOF\n')
  electron.app.emit('second-instance', {}, ['electron', '.', 'secondo.pdf', 'mancante.pdf'], folder)
  electron.app.emit('second-instance', {}, ['electron', '.', 'terzo.pdf', 'secondo.pdf'], folder)
  expect(await shell({ type: 'waitingFiles' })).toEqual({ ok: true, data: { count: 3 } })
  expect(await shell({ type: 'takeFile' })).toMatchObject({ ok: true, data: { nomeFile: 'secondo.pdf' } })
  expect(await shell({ type: 'takeFile' })).toMatchObject({ ok: false, error: { code: 'file_unreadable' } })
  expect(await shell({ type: 'takeFile' })).toMatchObject({ ok: true, data: { nomeFile: 'terzo.pdf' } })
  expect(await shell({ type: 'waitingFiles' })).toEqual({ ok: true, data: { count: 0 } })
})

test("the system's proxy is asked for the very provider; what it wants to know goes into the system's custody", async () => {
  const proxy = await officeProxy('utente.proxy', 'segreto del proxy', () => 9, { status: () => 502 })
  try {
    state.resolution = `PROXY 127.0.0.1:${proxy.port}; DIRECT`
    state.passwords = 'gnome_libsecret'
    const url = 'https://gestore.example/lra'
    const address = `http://127.0.0.1:${proxy.port}`
    expect(await ask('rete.get', { url })).toMatchObject({ data: { proxy: { address, from: 'system' }, given: null } })
    expect(state.resolved.at(-1)).toBe('https://gestore.example')
    const kept = await ask('rete.keep', { url, proxy: address, user: 'utente.proxy', password: 'segreto del proxy' })
    expect(kept).toMatchObject({ ok: true, data: { given: { proxy: address, where: 'custody' } } })
    const [name = ''] = readdirSync(join(data, 'custodia'))
    expect(readFileSync(join(data, 'custodia', name), 'latin1')).not.toContain('segreto')
    expect(await ask('rete.forget')).toMatchObject({ ok: true, data: { given: null } })
    expect(readdirSync(join(data, 'custodia'))).toEqual([])
  } finally {
    state.resolution = 'DIRECT'
    state.passwords = 'basic_text'
    proxy.close()
  }
})

test('a notice that was chosen brings the window to the front', async () => {
  const [window] = windows
  if (window === undefined) throw new Error('no window')
  window.minimized = true
  expect(await shell({ type: 'show' })).toEqual({ ok: true, data: {} })
  expect(window.minimized).toBe(false)
})

test('the icon beside the clock follows the core', async () => {
  await expect.poll(() => trays[0]?.tooltip).toMatch(/^Sportello LRA\n(Allineato|Allineamento in corso)/)
  expect(trays[0]?.labels).toContain('Apri Sportello LRA')
})

test('a core that ends is started again, and the page is told', async () => {
  const before = contents().sent.length
  await processes[0]?.worker.terminate()
  const kinds = () =>
    contents()
      .sent.slice(before)
      .map((message) => (message as { kind: string }).kind)
  await expect.poll(kinds).toEqual(expect.arrayContaining(['lost', 'back']))
  expect(processes).toHaveLength(2)
  expect(await ask('app.status')).toMatchObject({ ok: true, data: { phase: 'ready' } })
})

test('the zoom of the menu is kept, and a page is printed', () => {
  const items = state.menu.flatMap(({ submenu }) => submenu as Electron.MenuItemConstructorOptions[])
  const click = (label: string): void => {
    const item = items.find((each) => each.label === label)
    item?.click?.(null as never, undefined, null as never)
  }
  click('Ingrandisci')
  expect(contents().getZoomFactor()).toBe(1.1)
  contents().zoom = 1
  contents().emit('did-finish-load')
  expect(contents().getZoomFactor()).toBe(1.1)
  click('Stampa…')
  expect(contents().prints).toBe(1)
  expect(JSON.parse(readFileSync(join(data, 'finestra.json'), 'utf8'))).toMatchObject({ zoom: 1.1, width: 1366 })
})

test('the program ends when the core has closed, and a second one in the same folder opens nothing', async () => {
  expect(state.ended).toBe(false)
  electron.app.quit()
  await expect.poll(() => state.ended).toBe(true)
  expect(trays[0]?.destroyed).toBe(true)
  expect(existsSync(join(data, 'finestra.json'))).toBe(true)
  vi.resetModules()
  state.firstInstance = false
  state.ended = false
  await import(/* @vite-ignore */ PROGRAM)
  expect([windows.length, state.ended]).toEqual([1, true])
})
