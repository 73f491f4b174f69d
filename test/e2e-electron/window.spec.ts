import { expect, test } from './fixtures.ts'

test('the window shows the page from app://, without Node', async ({ desk: { page } }) => {
  expect(page.url()).toMatch(/^app:\/\/sportello\//)
  await expect(page.getByRole('heading', { name: 'Da dove iniziare' })).toBeVisible()
  const reachable = await page.evaluate(() =>
    ['require', 'process', 'Buffer', 'electron', 'module'].filter((name) => name in globalThis),
  )
  expect(reachable).toEqual([])
})

test('the preload hands over its few functions and nothing else', async ({ desk: { page } }) => {
  const names = await page.evaluate(() => Object.keys(window.sportello ?? {}).sort())
  expect(names).toEqual(['deposit', 'onShell', 'request', 'shell', 'subscribe'])
})

test('the policy holds in the window: no eval, no other host, no frame', async ({ desk: { page } }) => {
  const outcomes = await page.evaluate(async () => {
    const tried: Record<string, boolean> = {}
    try {
      // The text is code on purpose: it must not run.
      Reflect.construct(Function, ['return 1'])
      tried['eval'] = true
    } catch {
      tried['eval'] = false
    }
    tried['fetch'] = await fetch('https://example.com/').then(
      () => true,
      () => false,
    )
    tried['loopback'] = await fetch('http://127.0.0.1:9/').then(
      () => true,
      () => false,
    )
    tried['file'] = await fetch('file:///etc/passwd').then(
      () => true,
      () => false,
    )
    return tried
  })
  expect(outcomes).toEqual({ eval: false, fetch: false, loopback: false, file: false })
})

test('nothing leads out of the window', async ({ desk: { app, page } }) => {
  const before = page.url()
  expect(await page.evaluate(() => window.open('https://example.com/') === null)).toBe(true)
  await page.evaluate(() => {
    location.href = 'https://example.com/'
  })
  await page.evaluate(() => {
    location.href = 'file:///etc/passwd'
  })
  await expect.poll(() => page.url()).toBe(before)
  expect(await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1)
})

test('place and zoom of the window are remembered', async ({ launch }) => {
  const first = await launch()
  await first.page.waitForLoadState()
  await first.app.evaluate(({ BrowserWindow, Menu }) => {
    BrowserWindow.getAllWindows()[0]?.setBounds({ x: 40, y: 50, width: 1000, height: 700 })
    const view = Menu.getApplicationMenu()?.items[2]
    view?.submenu?.items.find(({ accelerator }) => accelerator === 'CommandOrControl+Plus')?.click()
  })
  await first.app.close()
  const second = await launch()
  await second.page.waitForLoadState()
  const seen = await second.app.evaluate(({ BrowserWindow }) => {
    const [window] = BrowserWindow.getAllWindows()
    return { ...window?.getNormalBounds(), zoom: window?.webContents.getZoomFactor() }
  })
  expect(seen).toMatchObject({ width: 1000, height: 700 })
  expect(seen.zoom).toBeCloseTo(1.1)
})
