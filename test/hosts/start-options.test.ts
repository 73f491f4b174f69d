import { expect, test } from 'vitest'
import { browserCommand } from '../../src-main/hosts/browser/open-browser.ts'
import { defaultDataDir } from '../../src-main/hosts/node/data-dir.ts'
import { gracePeriod } from '../../src-main/hosts/node/grace-period.ts'
import { parseStartOptions } from '../../src-main/hosts/node/start-options.ts'
import { noWindowReason } from '../../scripts/electron-runtime.ts'

test('without flags the window is wanted, on any port, with the usual folder', () => {
  expect(parseStartOptions([])).toEqual({
    kind: 'options',
    options: { browser: false, open: true, port: 0, dataDir: null, providerUrl: null },
  })
})

test('every flag is read', () => {
  const flags = ['--browser', '--no-open', '--port', '8080', '--data', 'dati', '--provider', 'https://gestore.example']
  expect(parseStartOptions(flags)).toMatchObject({
    options: { browser: true, open: false, port: 8080, dataDir: 'dati', providerUrl: 'https://gestore.example' },
  })
})

test('wrong flags and values are told in one line', () => {
  const wrong = [
    ['--broswer'],
    ['x'],
    ['--port'],
    ['--port', '80'],
    ['--port', '70000'],
    ['--port', 'x'],
    ['--data', ''],
  ]
  for (const args of [...wrong, ['--provider', 'gestore'], ['--provider', 'file:///x']]) {
    const parsed = parseStartOptions(args)
    expect([args, parsed.kind]).toEqual([args, 'wrong'])
    if (parsed.kind === 'wrong') expect(parsed.message).not.toContain('\n')
  }
})

test('the data stand where the system keeps them', () => {
  expect(defaultDataDir('linux', { XDG_DATA_HOME: '/x' }, '/home/a')).toBe('/x/sportello-lra')
  expect(defaultDataDir('linux', { XDG_DATA_HOME: 'relative' }, '/home/a')).toBe('/home/a/.local/share/sportello-lra')
  expect(defaultDataDir('win32', { APPDATA: 'C:\\A' }, 'C:\\Users\\a')).toBe('C:\\A\\sportello-lra')
  expect(defaultDataDir('win32', {}, 'C:\\Users\\a')).toBe('C:\\Users\\a\\AppData\\Roaming\\sportello-lra')
  expect(defaultDataDir('darwin', {}, '/Users/a')).toBe('/Users/a/Library/Application Support/sportello-lra')
})

test('a browser is opened without a shell', () => {
  const url = 'http://127.0.0.1:1/?token=a&b'
  for (const platform of ['win32', 'darwin', 'linux'] as const)
    expect(browserCommand(platform, url)[1].at(-1)?.endsWith(url)).toBe(true)
})

test('the time to undo is what the operator has set unless a number says otherwise', () => {
  expect([
    gracePeriod({}),
    gracePeriod({ SPORTELLO_LRA_GRACE_MS: '50' }),
    gracePeriod({ SPORTELLO_LRA_GRACE_MS: '-1' }),
  ]).toEqual([null, 50, null])
})

test('no window without a screen, nor for root', () => {
  expect(noWindowReason({ platform: 'linux', env: {}, uid: 1000 })).toContain('schermo')
  expect(noWindowReason({ platform: 'linux', env: { DISPLAY: ':0' }, uid: 0 })).toContain('root')
  expect(noWindowReason({ platform: 'linux', env: { WAYLAND_DISPLAY: 'w' }, uid: 1000 })).toBeNull()
  expect(noWindowReason({ platform: 'win32', env: {}, uid: null })).toBeNull()
})
