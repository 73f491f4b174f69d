import { MessageChannel, type MessagePort } from 'node:worker_threads'
import type { CorePort } from '../../src-main/hosts/electron/message-port.ts'

function corePort(port: MessagePort): CorePort {
  return {
    post: (message) => {
      port.postMessage(message)
    },
    listen: (onMessage, onClose) => {
      port.on('close', onClose)
      // Listening starts the port, as `start` does in Electron.
      port.on('message', onMessage)
    },
    close: () => {
      port.close()
    },
  }
}

/** Two ports that copy what they carry, as Electron's do between its processes. */
export function portPair(): [CorePort, CorePort] {
  const { port1, port2 } = new MessageChannel()
  return [corePort(port1), corePort(port2)]
}
