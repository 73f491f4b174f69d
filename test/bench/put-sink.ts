// What uploads are compared with: a bare server that writes each PUT into a file, and beside it a tus server that the
// gestore's own is made of, without its limit of size. A process of its own, for the folder that is named.
import { FileStore } from '@tus/file-store'
import { Server as TusServer } from '@tus/server'
import { createWriteStream } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'

const folder = process.argv[2] ?? ''
const tus = new TusServer({
  path: '/uploads',
  relativeLocation: true,
  datastore: new FileStore({ directory: folder }),
})
let files = 0

async function keep(request: IncomingMessage, response: ServerResponse): Promise<void> {
  files += 1
  await pipeline(request, createWriteStream(join(folder, `put-${files}`)))
  response.writeHead(204).end()
}

const server = createServer((request, response) => {
  const done = request.method === 'PUT' ? keep(request, response) : tus.handle(request, response)
  done.catch((error: unknown) => {
    process.stderr.write(`${String(error)}\n`)
    response.destroy()
  })
})
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`PUT: http://127.0.0.1:${(server.address() as AddressInfo).port}\n`)
})
process.once('SIGINT', () => process.exit(0))
