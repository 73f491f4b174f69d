import { app, BrowserWindow, dialog, screen, shell, type Session, type WebContents } from 'electron'
import finestra from '../../../src-renderer/locales/it/finestra.json' with { type: 'json' }
import { ENVELOPE_VERSION } from '../../contract/envelope.ts'
import { channels } from '../../contract/channels.ts'
import { APP_PAGE } from './app-protocol-path.ts'
import { mayLoad, mayNavigate, mayOpenOutside, mayUse, mayWriteMail } from './navigation-guard.ts'
import type { CoreClient } from './port-transport.ts'
import { restartDelay } from './restart-policy.ts'
import { MIN_HEIGHT, MIN_WIDTH, nearestZoom, nextZoom, placeWindow, type WindowState } from './window-state.ts'

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

/** What holds for every page that this process makes, whoever makes it. */
function closeContents(contents: WebContents, client: () => Promise<CoreClient>): void {
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
}

export function closeEveryContents(client: () => Promise<CoreClient>): void {
  app.on('web-contents-created', (_event, contents) => {
    closeContents(contents, client)
  })
}

export interface AppWindow {
  window: BrowserWindow
  zoom(direction: 'in' | 'out' | 'reset'): void
}

export interface WindowOptions {
  preload: string
  icon: string
  saved: WindowState | null
  /** Called when it has changed, and when it closes. */
  remember: (state: WindowState) => void
  /** The page has gone, and is loaded anew. */
  pageGone: () => void
}

/** Opens the window where it was; its guards are those of `closeEveryContents`. */
export function openWindow({ preload, icon, saved, remember, pageGone }: WindowOptions): AppWindow {
  const displays = [screen.getPrimaryDisplay(), ...screen.getAllDisplays()]
  const { maximized, zoom, ...bounds } = placeWindow(
    saved,
    displays.map(({ workArea }) => workArea),
  )
  const window = new BrowserWindow({
    ...bounds,
    minWidth: MIN_WIDTH,
    minHeight: MIN_HEIGHT,
    show: false,
    icon,
    backgroundColor: '#F5F6F7',
    webPreferences: {
      preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webSecurity: true,
      webviewTag: false,
      spellcheck: false,
      zoomFactor: zoom,
    },
  })
  const contents = window.webContents
  const keep = (): void => {
    remember({
      ...window.getNormalBounds(),
      maximized: window.isMaximized(),
      zoom: nearestZoom(contents.getZoomFactor()),
    })
  }
  // The page holds back: something that is being written would be lost. Electron itself would ask nothing and stay open.
  contents.on('will-prevent-unload', (event) => {
    const answer = dialog.showMessageBoxSync(window, {
      type: 'question',
      message: finestra.chiusura.domanda,
      detail: finestra.chiusura.dettaglio,
      buttons: [finestra.chiusura.resta, finestra.chiusura.chiudi],
      defaultId: 0,
      cancelId: 0,
      noLink: true,
    })
    if (answer === 1) event.preventDefault()
  })
  const ends: number[] = []
  contents.on('render-process-gone', (_event, { reason }) => {
    pageGone()
    if (reason === 'clean-exit' || window.isDestroyed()) return
    ends.push(Date.now())
    // A page that ends again and again is left as it is: its menu still reloads it.
    const delay = restartDelay(ends, Date.now())
    if (delay !== null)
      setTimeout(() => {
        if (!window.isDestroyed()) contents.reload()
      }, delay)
  })
  contents.on('did-start-navigation', (event) => {
    if (event.isMainFrame && !event.isSameDocument) pageGone()
  })
  contents.on('zoom-changed', (_event, direction) => {
    setZoom(nextZoom(contents.getZoomFactor(), direction))
  })
  // Chromium keeps a zoom for each address, not for the window.
  contents.on('did-finish-load', () => {
    contents.setZoomFactor(wantedZoom)
  })
  let wantedZoom = zoom
  function setZoom(next: number): void {
    wantedZoom = next
    contents.setZoomFactor(next)
    keep()
  }
  window.on('close', keep)
  window.once('ready-to-show', () => {
    if (maximized) window.maximize()
    window.show()
  })
  void window.loadURL(APP_PAGE)
  return {
    window,
    zoom: (direction) => {
      setZoom(nextZoom(contents.getZoomFactor(), direction))
    },
  }
}

/** Brings the window to the front, as whoever starts the program a second time expects. */
export function bringForward(window: BrowserWindow): void {
  if (window.isMinimized()) window.restore()
  window.show()
  window.focus()
}
