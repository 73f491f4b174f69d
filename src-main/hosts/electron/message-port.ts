/** What the two sides of the core's port need of it: Electron's MessagePortMain and Node's MessagePort both give it. */
export interface CorePort {
  post(message: unknown): void
  /** To be called once: messages wait until then. */
  listen(onMessage: (message: unknown) => void, onClose: () => void): void
  close(): void
}

/** The part of Electron's MessagePortMain that is used. */
interface PortMain {
  postMessage(message: unknown): void
  on(event: 'message', listener: (message: { data: unknown }) => void): unknown
  on(event: 'close', listener: () => void): unknown
  start(): void
  close(): void
}

export function portOfElectron(port: PortMain): CorePort {
  return {
    post: (message) => {
      port.postMessage(message)
    },
    listen: (onMessage, onClose) => {
      port.on('message', ({ data }) => {
        onMessage(data)
      })
      port.on('close', onClose)
      port.start()
    },
    close: () => {
      port.close()
    },
  }
}
