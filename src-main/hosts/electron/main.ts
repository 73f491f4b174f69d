// The Electron host: one window over the core's own process.
import { join } from 'node:path'
import { app, dialog, ipcMain, Menu, powerMonitor, protocol, safeStorage, session } from 'electron'
import finestra from '../../../src-renderer/locales/it/finestra.json' with { type: 'json' }
import { ENVELOPE_VERSION } from '../../contract/envelope.ts'
import type { ShellMessage } from '../../contract/shell.ts'
import { Status } from '../../contract/status.ts'
import { rendererFile } from '../renderer-files.ts'
import { applicationFiles } from '../node/application-files.ts'
import { dataDirOf } from '../node/data-dir.ts'
import { machinePolicy } from '../node/policy-file.ts'
import { parseStartOptions } from '../node/start-options.ts'
import { APP_SCHEME, appProtocolPath } from './app-protocol-path.ts'
import { superviseCore } from './core-supervisor.ts'
import { LINK_SCHEME } from './deep-link.ts'
import { ASK_CHANNEL, routeIpc, TELL_CHANNEL, type TellMessage } from './ipc-router.ts'
import { readLaunch } from './launch-arguments.ts'
import { menuTemplate } from './menu.ts'
import type { CoreClient } from './port-transport.ts'
import { safeStorageCustody } from './safe-storage-custody.ts'
import { shellRequests } from './shell-requests.ts'
import { openTray, type TrayIcon } from './tray.ts'
import { systemProxy } from './system-proxy.ts'
import { watchSystemSession } from './system-session.ts'
import { startUpdates } from './updates.ts'
import { bringForward, closeEveryContents, closeSession, openWindow, type AppWindow } from './window.ts'
import { readWindowState, writeWindowState } from './window-state-file.ts'

const files = applicationFiles(join(import.meta.dirname, '..', '..'))
/** Without the program's own name, and in development without the folder that it is started from. */
const ownArguments = (argv: readonly string[]): readonly string[] => argv.slice(app.isPackaged ? 1 : 2)
const launch = readLaunch(ownArguments(process.argv), process.cwd(), process.platform)
const parsed = parseStartOptions(launch.options)
const options = parsed.kind === 'options' ? parsed.options : null
const dataDir = dataDirOf(options?.dataDir ?? null)

// Before the lock: it is one instance for each data folder.
app.setPath('userData', join(dataDir, 'finestra'))
app.enableSandbox()
// Windows shows notices only of programs that it knows by this name, the installer's.
app.setAppUserModelId('it.sportello-lra')
protocol.registerSchemesAsPrivileged([
  { scheme: APP_SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
])

if (app.requestSingleInstanceLock()) void app.whenReady().then(run)
else app.quit()

function run(): void {
  protocol.handle(APP_SCHEME, async (request) => {
    const path = request.method === 'GET' ? appProtocolPath(request.url) : null
    const file = path === null ? null : await rendererFile(files.renderer, path)
    return file === null ? new Response(null, { status: 404 }) : new Response(file.body, { headers: file.headers })
  })
  // The installer registers the packed program for every user of the machine; a start from the sources registers nothing.
  if (app.isPackaged) app.setAsDefaultProtocolClient(LINK_SCHEME)

  let own: AppWindow | null = null
  let tray: TrayIcon | null = null
  let status: Status | null = null
  const tell = (message: TellMessage): void => {
    if (own !== null && !own.window.isDestroyed()) own.window.webContents.send(TELL_CHANNEL, message)
  }
  const take = (next: Status): void => {
    status = next
    tray?.show(status, false)
    updates.workChanged(next)
  }
  async function askStatus(): Promise<void> {
    const answer = await (await client()).request({ v: ENVELOPE_VERSION, id: 'tray', channel: 'app.status', body: {} })
    const parsed = answer.ok ? Status.safeParse(answer.data) : null
    if (parsed?.success === true) take(parsed.data)
  }
  const custody = safeStorageCustody(safeStorage, join(dataDir, 'custodia'), process.platform)
  const core = superviseCore(
    join(files.main, 'core-process.js'),
    { dataDir, providerUrl: options?.providerUrl ?? null },
    { custody, systemProxy: (url) => systemProxy(session.defaultSession, url) },
    (message) => {
      tell(message)
      if (message.kind === 'lost') tray?.show(status, true)
      if (message.kind === 'back') void askStatus().catch(() => undefined)
      if (message.kind === 'event' && message.event.type === 'status') take(message.event.status)
    },
    () => {
      dialog.showErrorBox(
        finestra.arresto.titolo,
        finestra.arresto.testo.replace('{dati}', dataDir).replace('{registro}', join(dataDir, 'log')),
      )
      app.exit(1)
    },
  )
  const client = (): Promise<CoreClient> => core.client()
  const updates = startUpdates({
    policy: machinePolicy(),
    distribution: files.updates,
    custody,
    told: (aggiornamenti) => {
      tell({ kind: 'shell', message: { type: 'updates', aggiornamenti } })
    },
  })
  const show = (): void => {
    if (own !== null && !own.window.isDestroyed()) bringForward(own.window)
  }
  const tellShell = (message: ShellMessage): void => {
    tell({ kind: 'shell', message })
  }
  const requests = shellRequests(launch, client, updates, tellShell, show)

  app.on('second-instance', (_event, argv, folder) => {
    show()
    requests.open(readLaunch(ownArguments(argv), folder, process.platform))
  })
  ipcMain.handle(ASK_CHANNEL, (event, message: unknown) =>
    routeIpc(
      {
        frameUrl: event.senderFrame?.url ?? null,
        topFrame: event.senderFrame !== null && event.senderFrame === event.sender.mainFrame,
        ownWindow: own !== null && event.sender === own.window.webContents,
      },
      message,
      client,
      requests.answer,
    ),
  )

  closeEveryContents(client)
  const statePath = join(dataDir, 'finestra.json')
  own = openWindow({
    preload: files.preload,
    icon: files.icon,
    saved: readWindowState(statePath),
    remember: (state) => {
      writeWindowState(statePath, state)
    },
    pageGone: requests.pageGone,
  })
  const { window, zoom } = own
  closeSession(window.webContents.session)
  Menu.setApplicationMenu(
    Menu.buildFromTemplate(
      menuTemplate({
        zoom,
        print: () => {
          window.webContents.print({ printBackground: false })
        },
      }),
    ),
  )
  // A core that is being started again begins locked.
  watchSystemSession(powerMonitor, (told) => {
    void client()
      .then((running) => running.systemSession(told))
      .catch(() => undefined)
  })
  const icon = openTray(files.icon, show)
  tray = icon
  void askStatus().catch(() => undefined)

  app.on('window-all-closed', () => {
    app.quit()
  })
  let closed = false
  app.on('will-quit', (event) => {
    if (closed) return
    event.preventDefault()
    icon.close()
    void core.close().finally(() => {
      closed = true
      // What was written has been asked about when the window closed.
      if (!updates.installAtEnd()) app.quit()
    })
  })
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.on(signal, () => {
      app.quit()
    })
}
