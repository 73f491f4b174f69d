// A stand-in for the parts of Electron that the window's process uses, after electron.d.ts: what is asked of it is
// recorded, and its events come in Electron's order. The core's process is real: the built program, in a thread.
import { EventEmitter } from 'node:events'
import { MessageChannel, Worker, type MessagePort } from 'node:worker_threads'
import type * as Electron from 'electron'

/**
 * What Electron declares, as far as a stand-in has to keep to it: each function takes what Electron's takes, and answers
 * as it does where that is a plain value; of an object, only what is used stands here.
 */
type Plain = string | number | boolean | undefined | null
type Faithful<T> = {
  [K in keyof T]?: T[K] extends (...given: infer Given) => infer Answer
    ? (...given: Given) => Answer extends Plain | Promise<Plain> ? Answer : unknown
    : unknown
}

type Handler = ((...given: never[]) => unknown) | null

/** Of a menu that the stand-in has made. */
const templateOf = (menu: unknown): Electron.MenuItemConstructorOptions[] =>
  (menu as { template: Electron.MenuItemConstructorOptions[] }).template

interface WrappedPort {
  raw: MessagePort
  postMessage(message: unknown): void
  on(event: string, listener: (...given: never[]) => void): void
  start(): void
  close(): void
}

function wrapped(raw: MessagePort): WrappedPort {
  return {
    raw,
    postMessage: (message) => {
      raw.postMessage(message)
    },
    on: (event, listener) => {
      const call = listener as (given?: unknown) => void
      if (event === 'message')
        raw.on('message', (data: unknown) => {
          call({ data })
        })
      else raw.on(event, call)
    },
    start: () => {
      raw.start()
    },
    close: () => {
      raw.close()
    },
  }
}

class MessageChannelMain {
  readonly port1: WrappedPort
  readonly port2: WrappedPort
  constructor() {
    const { port1, port2 } = new MessageChannel()
    this.port1 = wrapped(port1)
    this.port2 = wrapped(port2)
  }
}

/** Gives the built core's process what Electron gives it: `process.parentPort`, and ports that speak as Electron's do. */
const SHIM = `
const { parentPort, workerData } = require('node:worker_threads')
const wrapped = (port) => ({
  postMessage: (message) => port.postMessage(message),
  on: (event, listener) => port.on(event, event === 'message' ? (data) => listener({ data }) : listener),
  start: () => port.start(),
  close: () => port.close(),
})
process.parentPort = {
  once: (event, listener) =>
    parentPort.once(event, ({ message, ports }) => listener({ data: message, ports: ports.map(wrapped) })),
}
import(workerData)
`

class UtilityProcess extends EventEmitter implements Pick<Faithful<Electron.UtilityProcess>, 'postMessage'> {
  readonly worker: Worker
  constructor(script: string) {
    super()
    this.worker = new Worker(SHIM, {
      eval: true,
      workerData: script,
      env: { ...process.env, SPORTELLO_LRA_ELENCHI: 'off' },
    })
    this.worker.on('exit', (code) => this.emit('exit', code))
  }
  // What is handed over was made by the stand-in above.
  postMessage(message: unknown, ports: readonly unknown[] = []): void {
    const raw = ports.map((port) => (port as WrappedPort).raw)
    this.worker.postMessage({ message, ports: raw }, raw)
  }
}

/** An event whose default can be prevented, with the address that some carry. */
export function preventable(url = ''): {
  url: string
  isMainFrame: boolean
  prevented: boolean
  preventDefault(): void
} {
  return {
    url,
    isMainFrame: true,
    prevented: false,
    preventDefault() {
      this.prevented = true
    },
  }
}

class WebContents
  extends EventEmitter
  implements
    Pick<
      Faithful<Electron.WebContents>,
      'setWindowOpenHandler' | 'send' | 'getZoomFactor' | 'setZoomFactor' | 'print' | 'reload'
    >
{
  readonly sent: unknown[] = []
  readonly mainFrame = { url: 'app://sportello/' }
  zoom = 1
  prints = 0
  openHandler: ((details: Electron.HandlerDetails) => Electron.WindowOpenHandlerResponse) | null = null
  readonly handlers: Record<string, Handler> = {}
  readonly session = {
    setPermissionRequestHandler: (handler: Handler) => {
      this.handlers['permission'] = handler
    },
    setPermissionCheckHandler: (handler: Handler) => {
      this.handlers['permissionCheck'] = handler
    },
    setDevicePermissionHandler: (handler: Handler) => {
      this.handlers['device'] = handler
    },
    webRequest: {
      onBeforeRequest: (handler: Handler) => {
        this.handlers['request'] = handler
      },
    },
  } satisfies Faithful<Electron.Session>
  setWindowOpenHandler(handler: (details: Electron.HandlerDetails) => Electron.WindowOpenHandlerResponse): void {
    this.openHandler = handler
  }
  send(_channel: string, message: unknown): void {
    this.sent.push(structuredClone(message))
  }
  getZoomFactor(): number {
    return this.zoom
  }
  setZoomFactor(zoom: number): void {
    this.zoom = zoom
  }
  print(): void {
    this.prints += 1
  }
  reload(): void {
    this.emit('did-start-navigation', { isMainFrame: true, isSameDocument: false })
  }
}

class BrowserWindow
  extends EventEmitter
  implements
    Pick<
      Faithful<Electron.BrowserWindow>,
      | 'loadURL'
      | 'show'
      | 'focus'
      | 'restore'
      | 'maximize'
      | 'isMinimized'
      | 'isMaximized'
      | 'isDestroyed'
      | 'getNormalBounds'
      | 'close'
    >
{
  readonly webContents = new WebContents()
  destroyed = false
  minimized = false
  shown = 0
  readonly options: Electron.BrowserWindowConstructorOptions
  constructor(options: Electron.BrowserWindowConstructorOptions) {
    super()
    this.options = options
    windows.push(this)
    app.emit('web-contents-created', {}, this.webContents)
  }
  loadURL(): Promise<void> {
    return Promise.resolve()
  }
  show(): void {
    this.shown += 1
  }
  focus(): void {
    this.shown += 1
  }
  restore(): void {
    this.minimized = false
  }
  maximize(): void {
    this.shown += 1
  }
  isMinimized(): boolean {
    return this.minimized
  }
  isMaximized(): boolean {
    return false
  }
  isDestroyed(): boolean {
    return this.destroyed
  }
  getNormalBounds(): Electron.Rectangle {
    const { x = 0, y = 0, width = 0, height = 0 } = this.options
    return { x, y, width, height }
  }
  close(): void {
    if (this.destroyed) return
    this.emit('close', preventable())
    this.destroyed = true
    this.emit('closed')
    if (windows.every((each) => each.destroyed)) app.emit('window-all-closed')
  }
}

class Tray extends EventEmitter implements Pick<Faithful<Electron.Tray>, 'setToolTip' | 'setContextMenu' | 'destroy'> {
  tooltip = ''
  labels: (string | undefined)[] = []
  destroyed = false
  constructor() {
    super()
    trays.push(this)
  }
  setToolTip(text: string): void {
    this.tooltip = text
  }
  setContextMenu(menu: unknown): void {
    this.labels = templateOf(menu).map(({ label }) => label)
  }
  destroy(): void {
    this.destroyed = true
  }
}

export const windows: BrowserWindow[] = []
export const trays: Tray[] = []
export const processes: UtilityProcess[] = []
export const opened: string[] = []
export const state = {
  firstInstance: true,
  ended: false,
  menu: [] as Electron.MenuItemConstructorOptions[],
  errors: [] as string[],
  /** What Chromium says of the way to an address, and for which it was asked. */
  resolution: 'DIRECT',
  resolved: [] as string[],
  /** What the system's password manager does, by Chromium's name for it. */
  passwords: 'basic_text' as ReturnType<Electron.SafeStorage['getSelectedStorageBackend']>,
  invoke: null as ((event: unknown, message: unknown) => Promise<unknown>) | null,
  serve: null as ((request: Request) => Promise<Response>) | null,
}

const app = Object.assign(new EventEmitter(), {
  isPackaged: false,
  setPath: () => undefined,
  enableSandbox: () => undefined,
  setAppUserModelId: () => undefined,
  setAsDefaultProtocolClient: () => true,
  setBadgeCount: () => true,
  requestSingleInstanceLock: () => state.firstInstance,
  whenReady: () => Promise.resolve(),
  exit: () => {
    state.ended = true
  },
  /** Windows first, then `will-quit`, which may be held up and asked for again. */
  quit: () => {
    for (const window of windows) window.close()
    const event = preventable()
    app.emit('will-quit', event)
    if (!event.prevented) state.ended = true
  },
} satisfies Faithful<Electron.App>)

const display = { workArea: { x: 0, y: 0, width: 1366, height: 728 } }

/** What `import … from 'electron'` gets. */
export const electron = {
  app,
  BrowserWindow,
  Tray,
  MessageChannelMain,
  utilityProcess: {
    fork: (script: string) => {
      const started = new UtilityProcess(script)
      processes.push(started)
      return started
    },
  },
  ipcMain: {
    handle: (_channel: string, handler: (event: Electron.IpcMainInvokeEvent, message: unknown) => unknown) => {
      // Tests send what a real page could not.
      state.invoke = (event, message) =>
        // As Electron does: what the handler throws rejects.
        new Promise((resolve) => {
          resolve(handler(event as Electron.IpcMainInvokeEvent, message))
        })
    },
  },
  protocol: {
    registerSchemesAsPrivileged: () => undefined,
    handle: (_scheme: string, handler: (request: Request) => Promise<Response> | Response) => {
      state.serve = (request) => Promise.resolve(handler(request))
    },
  },
  Menu: {
    buildFromTemplate: (template: Electron.MenuItemConstructorOptions[]) => ({ template }),
    setApplicationMenu: (menu: unknown) => {
      state.menu = templateOf(menu)
    },
  },
  nativeImage: { createFromPath: () => ({ resize: () => ({}) }) },
  screen: { getPrimaryDisplay: () => display, getAllDisplays: () => [display] },
  shell: {
    openExternal: (address: string) => {
      opened.push(address)
      return Promise.resolve()
    },
  },
  powerMonitor: new EventEmitter(),
  session: {
    defaultSession: {
      resolveProxy: (url: string) => {
        state.resolved.push(url)
        return Promise.resolve(state.resolution)
      },
    } satisfies Faithful<Electron.Session>,
  },
  dialog: {
    showErrorBox: (title: string) => {
      state.errors.push(title)
    },
    showMessageBoxSync: () => 0,
  },
  safeStorage: {
    isAsyncEncryptionAvailable: () => Promise.resolve(state.passwords !== 'basic_text'),
    getSelectedStorageBackend: () => state.passwords,
    encryptStringAsync: (plain: string) =>
      Promise.resolve(Buffer.concat([Buffer.from('v11'), Buffer.from(plain).map((byte) => byte ^ 0x5a)])),
    decryptStringAsync: (encrypted: Buffer) =>
      Promise.resolve({
        shouldReEncrypt: false,
        result: Buffer.from(encrypted.subarray(3).map((byte) => byte ^ 0x5a)).toString(),
      }),
  },
} satisfies {
  [K in keyof typeof Electron]?: (typeof Electron)[K] extends abstract new (...given: never[]) => unknown
    ? unknown
    : Faithful<(typeof Electron)[K]>
}
