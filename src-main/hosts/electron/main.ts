// The Electron host: one window over the core's own process.
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { app, dialog, ipcMain, Menu, protocol, safeStorage, type BrowserWindow } from 'electron'
import { rendererFile } from '../renderer-files.ts'
import { applicationFiles } from '../node/application-files.ts'
import { defaultDataDir } from '../node/data-dir.ts'
import { parseStartOptions } from '../node/start-options.ts'
import { APP_SCHEME, appProtocolPath } from './app-protocol-path.ts'
import { superviseCore } from './core-supervisor.ts'
import { ASK_CHANNEL, routeIpc, TELL_CHANNEL, type TellMessage } from './ipc-router.ts'
import { menuTemplate } from './menu.ts'
import { safeStorageCustody } from './safe-storage-custody.ts'
import { closeSession, openWindow } from './window.ts'

const files = applicationFiles(join(import.meta.dirname, '..', '..'))
// A packed application is started by its icon, and Chromium may add switches of its own: what is not ours is left alone.
const parsed = parseStartOptions(process.argv.slice(app.isPackaged ? 1 : 2))
const options = parsed.kind === 'options' ? parsed.options : null
const dataDir =
  options?.dataDir == null
    ? defaultDataDir(process.platform, process.env, homedir())
    : resolve(process.env['INIT_CWD'] ?? process.cwd(), options.dataDir)

// Before the lock: it is one instance for each data folder.
app.setPath('userData', join(dataDir, 'finestra'))
app.enableSandbox()
protocol.registerSchemesAsPrivileged([
  { scheme: APP_SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
])

let window: BrowserWindow | null = null

if (app.requestSingleInstanceLock()) {
  app.on('second-instance', () => {
    if (window?.isMinimized() === true) window.restore()
    window?.focus()
  })
  void app.whenReady().then(run)
} else {
  app.quit()
}

function run(): void {
  Menu.setApplicationMenu(Menu.buildFromTemplate(menuTemplate))
  protocol.handle(APP_SCHEME, async (request) => {
    const path = request.method === 'GET' ? appProtocolPath(request.url) : null
    const file = path === null ? null : await rendererFile(files.renderer, path)
    return file === null ? new Response(null, { status: 404 }) : new Response(file.body, { headers: file.headers })
  })

  const tell = (message: TellMessage): void => {
    if (window !== null && !window.isDestroyed()) window.webContents.send(TELL_CHANNEL, message)
  }
  const core = superviseCore(
    join(files.main, 'core-process.js'),
    { dataDir, providerUrl: options?.providerUrl ?? null },
    safeStorageCustody(safeStorage, join(dataDir, 'custodia'), process.platform),
    tell,
    () => {
      dialog.showErrorBox(
        'Sportello LRA si chiude',
        `Il programma si è fermato più volte di seguito. I dati restano nella cartella ${dataDir}; il registro è in ${join(dataDir, 'log')}.`,
      )
      app.exit(1)
    },
  )

  ipcMain.handle(ASK_CHANNEL, (event, message: unknown) =>
    routeIpc(
      {
        frameUrl: event.senderFrame?.url ?? null,
        topFrame: event.senderFrame !== null && event.senderFrame === event.sender.mainFrame,
        ownWindow: window !== null && event.sender === window.webContents,
      },
      message,
      () => core.client(),
    ),
  )

  window = openWindow(files.preload, () => core.client())
  closeSession(window.webContents.session)

  app.on('window-all-closed', () => {
    app.quit()
  })
  let closed = false
  app.on('will-quit', (event) => {
    if (closed) return
    event.preventDefault()
    void core.close().finally(() => {
      closed = true
      app.quit()
    })
  })
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.on(signal, () => {
      app.quit()
    })
}
