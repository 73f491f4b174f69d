import type { IncomingMessage } from 'node:http'

/** The largest envelope: a hundred attachments with room to spare. */
const MAX_ENVELOPE_BYTES = 256 * 1024

/** The body of a request as text; null for one that is too long. Rejects when it is cut short. */
export async function envelopeText(request: IncomingMessage): Promise<string | null> {
  if (Number(request.headers['content-length'] ?? 0) > MAX_ENVELOPE_BYTES) return null
  const parts: Buffer[] = []
  let bytes = 0
  // Left with the stream as it is: the answer still has to go out on its connection.
  for await (const part of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    bytes += part.length
    if (bytes > MAX_ENVELOPE_BYTES) return null
    parts.push(part)
  }
  return Buffer.concat(parts).toString('utf8')
}
