import type { FastifyReply } from 'fastify'
import type { Readable } from 'node:stream'

export interface StoredFile {
  nomeFile: string
  bytes: number
  sha256: string
  mediaType: string
  etag: string
}

/** The bytes of a file that somebody sent, never to be shown by a browser as a page. */
export function sendFile(reply: FastifyReply, file: StoredFile, content: Readable | Buffer): FastifyReply {
  const name = encodeURIComponent(file.nomeFile.toWellFormed()).replaceAll("'", '%27')
  return reply
    .headers({
      'content-type': file.mediaType,
      'content-length': file.bytes,
      'content-disposition': `attachment; filename*=UTF-8''${name}`,
      'repr-digest': `sha-256=:${Buffer.from(file.sha256, 'hex').toString('base64')}:`,
      'x-content-type-options': 'nosniff',
      etag: file.etag,
    })
    .serializer((payload: string) => payload)
    .send(content)
}
