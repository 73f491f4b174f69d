// What uploads are compared with: a bare server that writes each PUT into a file, and beside it the tus server of the
// gestore di prova, without its limit of size. A process of its own, for the folder that is named.
import { createWriteStream } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { Principal } from '../../src-main/sandbox/auth/sessions.ts'
import { openDatabase } from '../../src-main/sandbox/store/database.ts'
import { createUploadStore } from '../../src-main/sandbox/store/upload-store.ts'
import { createTusUploads } from '../../src-main/sandbox/uploads/tus.ts'

const folder = process.argv[2] ?? ''
const tus = createTusUploads({
  store: { uploads: createUploadStore(openDatabase(join(folder, 'gestore.db'))) },
  capabilities: { documents: { maxBytes: 2 ** 40 } },
  uploadFolder: folder,
  clock: () => new Date(),
})
const anybody: Principal = {
  ...{ userId: 'U1', user: 'misura', ruolo: 'ente', sessionId: 'S1' },
  ...{ enteId: 'E1', assistenteId: null },
}
let files = 0

async function keep(request: IncomingMessage, response: ServerResponse): Promise<void> {
  files += 1
  await pipeline(request, createWriteStream(join(folder, `put-${files}`)))
  response.writeHead(204).end()
}

async function upload(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { status, headers } = await tus.handle(request, anybody)
  response.writeHead(status, Object.fromEntries(headers)).end()
}

const server = createServer((request, response) => {
  const done = request.method === 'PUT' ? keep(request, response) : upload(request, response)
  done.catch((error: unknown) => {
    process.stderr.write(`${String(error)}\n`)
    response.destroy()
  })
})
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`PUT: http://127.0.0.1:${(server.address() as AddressInfo).port}\n`)
})
process.once('SIGINT', () => process.exit(0))
