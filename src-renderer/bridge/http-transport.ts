import type { ResponseEnvelope } from '../../src-main/contract/envelope.ts'
import { CoreEvent } from '../../src-main/contract/event.ts'
import type { Transport } from './bridge.ts'
import { takeEarly } from './early-answers.ts'
import { postEnvelope } from './post-envelope.ts'

const RECONNECT_MS = 1000

/** The browser host: `POST /api`, `PUT /deposito`, and a WebSocket at `/events`; the cookie does the rest. */
export const httpTransport: Transport = {
  request: (envelope) => takeEarly(envelope.channel) ?? postEnvelope(envelope),

  subscribe({ event, lost, back }) {
    let wasLost = false
    const connect = (): void => {
      const socket = new WebSocket(`ws://${location.host}/events`)
      socket.addEventListener('open', () => {
        if (wasLost) back()
        wasLost = false
      })
      socket.addEventListener('message', (message) => {
        const parsed = CoreEvent.safeParse(JSON.parse(String(message.data)))
        if (parsed.success) event(parsed.data)
      })
      socket.addEventListener('close', () => {
        if (!wasLost) lost()
        wasLost = true
        setTimeout(connect, RECONNECT_MS)
      })
    }
    connect()
  },

  // XMLHttpRequest, because fetch tells nothing of a request body's progress.
  deposit(file, progress) {
    return new Promise((resolve, reject) => {
      const request = new XMLHttpRequest()
      request.open('PUT', `/deposito?nome=${encodeURIComponent(file.name)}`)
      request.setRequestHeader('content-type', 'application/octet-stream')
      request.responseType = 'json'
      request.upload.addEventListener('progress', (sent) => {
        progress(sent.loaded, sent.total)
      })
      request.addEventListener('load', () => {
        if (request.status === 200) resolve(request.response as ResponseEnvelope)
        else reject(new Error(`the host answered ${request.status}`))
      })
      request.addEventListener('error', () => {
        reject(new Error('the host does not answer'))
      })
      request.send(file)
    })
  },
}
