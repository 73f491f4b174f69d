import { BrowserWindow, dialog, shell, type Session } from 'electron'
import { ENVELOPE_VERSION } from '../../contract/envelope.ts'
import { channels } from '../../contract/channels.ts'
import { APP_PAGE } from './app-protocol-path.ts'
import { mayLoad, mayNavigate, mayOpenOutside, mayUse, mayWriteMail } from './navigation-guard.ts'
import type { CoreClient } from './port-transport.ts'

/** The only place that hands an address to the system. */
async function openOutside(address: string, client: () => Promise<CoreClient>): Promise<void> {
  if (mayWriteMail(address)) {
    await shell.openExternal(address)
    return
  }
  const core = await client()
  const answer = await core.request({ v: ENVELOPE_VERSION, id: 'support', channel: 'provider.capabilities', body: {} })
  const capabilities = answer.ok ? channels['provider.capabilities'].response.safeParse(answer.data) : null
  const supportUrl = capabilities?.success === true ? capabilities.data.supportUrl : null
  if (mayOpenOutside(address, supportUrl)) await shell.openExternal(address)
}

/** Few permissions, no device, no request that leaves the application's own files. */
export function closeSession(session: Session): void {
  session.setPermissionRequestHandler((_contents, permission, answer, { requestingUrl, isMainFrame }) => {
    answer(mayUse(permission, requestingUrl, isMainFrame))
  })
  session.setPermissionCheckHandler((_contents, permission, origin, { requestingUrl, isMainFrame }) =>
    mayUse(permission, requestingUrl ?? origin, isMainFrame),
  )
  session.setDevicePermissionHandler(() => false)
  session.webRequest.onBeforeRequest((details, answer) => {
    answer({ cancel: !mayLoad(details.url) && !details.url.startsWith('devtools://') })
  })
}

export function openWindow(preload: string, client: () => Promise<CoreClient>): BrowserWindow {
  const window = new BrowserWindow({
    width: 1366,
    height: 768,
    minWidth: 900,
    minHeight: 600,
    show: false,
    backgroundColor: '#F5F6F7',
    webPreferences: {
      preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webSecurity: true,
      webviewTag: false,
      spellcheck: false,
    },
  })
  const contents = window.webContents
  contents.setWindowOpenHandler(({ url }) => {
    void openOutside(url, client).catch(() => undefined)
    return { action: 'deny' }
  })
  contents.on('will-navigate', (event) => {
    if (mayNavigate(event.url)) return
    event.preventDefault()
    // A link to the mail program is followed where it stands, not in a window of its own.
    if (mayWriteMail(event.url)) void openOutside(event.url, client).catch(() => undefined)
  })
  contents.on('will-frame-navigate', (event) => {
    if (!mayNavigate(event.url)) event.preventDefault()
  })
  contents.on('will-redirect', (event) => {
    event.preventDefault()
  })
  contents.on('will-attach-webview', (event) => {
    event.preventDefault()
  })
  // The page holds back: something that is being written would be lost. Electron itself would ask nothing and stay open.
  contents.on('will-prevent-unload', (event) => {
    const answer = dialog.showMessageBoxSync(window, {
      type: 'question',
      message: 'Chiudere senza salvare?',
      detail: 'Quanto scritto e non ancora salvato viene scartato. Le modifiche in coda restano.',
      buttons: ['Continua a scrivere', 'Chiudi'],
      defaultId: 0,
      cancelId: 0,
      noLink: true,
    })
    if (answer === 1) event.preventDefault()
  })
  window.once('ready-to-show', () => {
    window.show()
  })
  void window.loadURL(APP_PAGE)
  return window
}
