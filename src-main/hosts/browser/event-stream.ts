import type { WebSocket } from 'ws'
import { ENVELOPE_VERSION } from '../../contract/envelope.ts'
import type { CoreEvent } from '../../contract/event.ts'
import type { Status } from '../../contract/status.ts'
import type { Core } from '../../core.ts'

const KEEPALIVE_MS = 20_000
/** A page that reads slower than this is cut off: it connects again and reads what it shows anew. */
const MAX_WAITING_BYTES = 4_000_000

/** Sends the present status, then every event, until the socket closes. */
export function streamEvents(core: Core, socket: WebSocket): void {
  let alive = true
  const send = (event: CoreEvent): void => {
    if (socket.readyState !== socket.OPEN) return
    if (socket.bufferedAmount > MAX_WAITING_BYTES) socket.terminate()
    else socket.send(JSON.stringify(event))
  }
  const unsubscribe = core.onEvent(send)
  const keepalive = setInterval(() => {
    if (!alive) socket.terminate()
    alive = false
    if (socket.readyState === socket.OPEN) socket.ping()
  }, KEEPALIVE_MS)
  socket.on('pong', () => {
    alive = true
  })
  socket.on('error', () => {
    socket.terminate()
  })
  socket.on('close', () => {
    clearInterval(keepalive)
    unsubscribe()
  })
  void core.request({ v: ENVELOPE_VERSION, id: 'events', channel: 'app.status', body: {} }).then((answer) => {
    // The core parsed its answer with the channel's own schema.
    if (answer.ok) send({ type: 'status', status: answer.data as Status })
  })
}
