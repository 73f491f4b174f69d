// The page's only way out: the Transport of src-renderer/bridge/bridge.ts, over two fixed channels.
import { contextBridge, ipcRenderer, webUtils } from 'electron'
import type { RequestEnvelope, ResponseEnvelope } from '../../contract/envelope.ts'
import type { CoreEvent } from '../../contract/event.ts'
import type { ShellMessage, ShellRequest } from '../../contract/shell.ts'
import type { AskMessage, TellMessage } from './ipc-router.ts'

// A sandboxed preload is one file: importing the router would bring its schemas along.
const askChannel = 'sportello:ask' satisfies typeof import('./ipc-router.ts').ASK_CHANNEL
const tellChannel = 'sportello:tell' satisfies typeof import('./ipc-router.ts').TELL_CHANNEL

function ask(message: AskMessage): Promise<ResponseEnvelope> {
  return ipcRenderer.invoke(askChannel, message) as Promise<ResponseEnvelope>
}

contextBridge.exposeInMainWorld('sportello', {
  request: (envelope: RequestEnvelope) => ask({ kind: 'request', envelope }),

  subscribe: (listeners: { event: (event: CoreEvent) => void; lost: () => void; back: () => void }) => {
    ipcRenderer.on(tellChannel, (_event, message: TellMessage) => {
      switch (message.kind) {
        case 'event':
          listeners.event(message.event)
          return
        case 'lost':
          listeners.lost()
          return
        case 'back':
          listeners.back()
          return
        case 'shell':
        // Of the other listener.
      }
    })
  },

  shell: (request: ShellRequest) => ask({ kind: 'shell', request }),

  onShell: (listener: (message: ShellMessage) => void) => {
    ipcRenderer.on(tellChannel, (_event, message: TellMessage) => {
      if (message.kind === 'shell') listener(message.message)
    })
  },

  deposit: async (file: File, progress: (sent: number, total: number) => void) => {
    const answer = await ask({ kind: 'deposit', path: webUtils.getPathForFile(file) })
    progress(file.size, file.size)
    return answer
  },
})
