import { expect, test } from 'vitest'
import { APP_PAGE, appProtocolPath } from '../../src-main/hosts/electron/app-protocol-path.ts'
import { ForeignSenderError, routeIpc } from '../../src-main/hosts/electron/ipc-router.ts'
import { mayAsk } from '../../src-main/hosts/electron/ipc-sender-guard.ts'
import {
  mayLoad,
  mayNavigate,
  mayOpenOutside,
  mayUse,
  mayWriteMail,
} from '../../src-main/hosts/electron/navigation-guard.ts'

test('the window shows its own page and nothing else', () => {
  expect([APP_PAGE, `${APP_PAGE}#/caselle?stato=attiva`].map(mayNavigate)).toEqual([true, true])
  const foreign = [
    'https://evil.example/',
    'file:///etc/passwd',
    'app://sportello.evil.example/',
    'app://sportello@evil.example/',
    'app://sportello/assets/x.html',
    'app://sportell/',
    'APP://sportello/',
    'javascript:alert(1)',
    'data:text/html,x',
    'about:blank',
    '',
  ]
  expect(foreign.filter(mayNavigate)).toEqual([])
})

test('the page may copy and tell of answers; nothing else, no frame in it and no other page', () => {
  for (const permission of ['clipboard-sanitized-write', 'notifications']) {
    expect(mayUse(permission, `${APP_PAGE}#/supporto`, true)).toBe(true)
    expect(mayUse(permission, APP_PAGE, false)).toBe(false)
    for (const page of ['https://evil.example/', 'app://sportello.evil.example/', `blob:${APP_PAGE}1`, ''])
      expect(mayUse(permission, page, true)).toBe(false)
  }
  for (const permission of ['clipboard-read', 'media', 'geolocation', 'openExternal', 'fileSystem', 'hid', 'usb', ''])
    expect(mayUse(permission, APP_PAGE, true)).toBe(false)
})

test('the page loads its own files and what it made itself', () => {
  expect([`${APP_PAGE}assets/a.js`, `blob:${APP_PAGE}1-2`, 'data:,'].filter((url) => !mayLoad(url))).toEqual([])
  const foreign = ['https://evil.example/a.js', 'http://127.0.0.1:8790/', 'file:///c:/a', 'blob:https://evil.example/1']
  expect(foreign.filter(mayLoad)).toEqual([])
})

test('only https links to the host of the declared support page leave the application', () => {
  const support = 'https://assistenza.example/basilicata'
  expect(mayOpenOutside('https://assistenza.example/faq?x=1', support)).toBe(true)
  const refused = [
    'http://assistenza.example/',
    'https://assistenza.example.evil.example/',
    'https://assistenza.example:8443/',
    'https://user:password@assistenza.example/',
    'https://assistenza.example@evil.example/',
    'file:///assistenza.example/',
    'ms-settings:assistenza.example',
    'javascript:alert(1)',
    'not an address',
  ]
  expect(refused.filter((address) => mayOpenOutside(address, support))).toEqual([])
  expect(mayOpenOutside('https://assistenza.example/', null)).toBe(false)
  expect(mayOpenOutside('http://assistenza.example/', 'http://assistenza.example/')).toBe(false)
})

test('the mail program is opened for one recipient with a subject and a text, and for nothing else', () => {
  expect(mayWriteMail('mailto:ada%40ente.example?subject=Parametri&body=POP3%0D%0Aporta%20995')).toBe(true)
  expect(mayWriteMail('mailto:?subject=Parametri')).toBe(true)
  const refused = [
    'mailto:ada@ente.example?attach=c:/segreti.txt',
    'mailto:ada@ente.example?cc=altri@ente.example',
    'mailto:ada@ente.example,altri@ente.example',
    'mailto:ada@ente.example%0D%0ABcc:altri@ente.example',
    'mailto:ada@ente.example?subject=a&subject=b',
    'mailto:%E0%A4%A',
    `mailto:?body=${'x'.repeat(5000)}`,
    'https://ente.example/?subject=a',
  ]
  expect(refused.filter(mayWriteMail)).toEqual([])
})

test('an app:// address names a file below the folder of the page, or nothing', () => {
  expect(appProtocolPath(APP_PAGE)).toBe('/')
  expect(appProtocolPath(`${APP_PAGE}assets/index-a1.js?x#y`)).toBe('/assets/index-a1.js')
  const escapes = [
    'app://altro/index.html',
    'app://user@sportello/index.html',
    'app://sportello:81/index.html',
    'file:///etc/passwd',
    `${APP_PAGE}..%2f..%2fetc/passwd`,
    `${APP_PAGE}%252e%252e/x.json`,
    `${APP_PAGE}..%5c..%5cx.json`,
    `${APP_PAGE}C:/x.json`,
    `${APP_PAGE}assets/%00.js`,
    `${APP_PAGE}%zz`,
    `${APP_PAGE}.env`,
    'not an address',
  ]
  expect(escapes.filter((address) => appProtocolPath(address) !== null)).toEqual([])
})

test('dots that the address itself resolves stay inside', () => {
  expect(appProtocolPath(`${APP_PAGE}../../assets/a.js`)).toBe('/assets/a.js')
})

const own = { frameUrl: `${APP_PAGE}#/caselle`, topFrame: true, ownWindow: true }

test('only the top frame of the own window may ask', () => {
  expect(mayAsk(own)).toBe(true)
  const foreign = [
    { ...own, topFrame: false },
    { ...own, ownWindow: false },
    { ...own, frameUrl: null },
    { ...own, frameUrl: 'https://evil.example/' },
    { ...own, frameUrl: 'about:blank' },
  ]
  expect(foreign.filter(mayAsk)).toEqual([])
})

test('a foreign sender is refused before its message is read', async () => {
  const never = () => Promise.reject(new Error('the core was asked'))
  const asked = routeIpc({ ...own, topFrame: false }, { kind: 'request', envelope: {} }, never, never)
  await expect(asked).rejects.toBeInstanceOf(ForeignSenderError)
})

test('a message of another shape does not reach the core', async () => {
  const never = () => Promise.reject(new Error('the core was asked'))
  const messages = [
    null,
    'x',
    { kind: 'other' },
    { kind: 'deposit' },
    { kind: 'request', envelope: {}, more: 1 },
    { kind: 'shell' },
    { kind: 'shell', request: { type: 'quit' } },
    // The page never names the file that is to be verified.
    { kind: 'shell', request: { type: 'takeFile', path: '/etc/passwd' } },
    { kind: 'shell', request: { type: 'installUpdate' } },
  ]
  for (const message of messages)
    expect(await routeIpc(own, message, never, never)).toMatchObject({ ok: false, error: { code: 'invalid_body' } })
})
