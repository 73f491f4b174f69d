import type { IncomingMessage } from 'node:http'
import { PassThrough, type Readable } from 'node:stream'

/**
 * The body of a request as a stream of its own: a reader that gives up early does not tear the connection down, so that
 * the answer still arrives. An upload that is cut short ends the stream with an error.
 */
export function requestBody(request: IncomingMessage): Readable {
  const body = new PassThrough()
  body.on('close', () => {
    request.unpipe(body)
    // What was not wanted is read away: a browser listens to the answer only after it has sent everything.
    request.resume()
  })
  request.on('error', (cause) => {
    body.destroy(cause)
  })
  request.on('close', () => {
    if (!request.complete) body.destroy(new Error('the upload was cut short'))
  })
  return request.pipe(body)
}
