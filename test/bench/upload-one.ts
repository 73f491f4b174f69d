// One file into the enciphered deposit, and from there to a server by the client's own parts, as the queue does it:
// `upload-one.ts FILE FOLDER URL` says what the second took and how much memory. A process of its own.
import { createReadStream } from 'node:fs'
import { join } from 'node:path'
import { deposit } from '../../src-main/documenti/deposit.ts'
import { documentoStore } from '../../src-main/documenti/documento-store.ts'
import { openDatabase } from '../../src-main/db/database.ts'
import { systemClock } from '../../src-main/environment.ts'
import { documentUpload } from '../../src-main/outbox/document-upload.ts'
import { httpClient } from '../../src-main/provider/http-client.ts'
import { anOperation } from '../support/an-operation.ts'
import { forgetPeak, peakMegabytes } from './resident-memory.ts'

const KEY = 'ab'.repeat(32)
const [path = '', folder = '', url = ''] = process.argv.slice(2)
const db = openDatabase(`${folder}.db`, KEY)
const documenti = documentoStore(db)
const copies = deposit(join(folder, 'deposito'), KEY, documenti)
const limits = { types: [], formats: ['pdf' as const], maxFiles: 1, maxBytes: 2 ** 40 }
const file = await copies.put('grande.pdf', createReadStream(path), limits, new Date().toISOString())
const http = httpClient({ url }, { clock: systemClock, version: '0.0.0' })
const session = { send: http.send, stream: http.stream, close: () => Promise.resolve() }
const uploads = documentUpload(session, { url }, copies, documenti, () => 0, systemClock)
const { nomeFile, bytes, sha256 } = file
const args = {
  type: 'documento.attach' as const,
  casellaId: 'C1',
  depositoId: file.id,
  tipo: 'altro' as const,
  formato: 'pdf' as const,
  nomeFile,
  bytes,
  sha256,
  consenso: null,
  titoloFirmatario: null,
}
forgetPeak('self')
const started = performance.now()
const result = await uploads.run(
  anOperation({ type: args.type, args }),
  { url: () => undefined, progress: () => undefined },
  new AbortController().signal,
)
const ms = performance.now() - started
if (result.kind !== 'complete') throw new Error(`the upload stopped: ${JSON.stringify(result.result)}`)
db.close()
process.stdout.write(JSON.stringify({ ms, peak: peakMegabytes('self') }))
process.exit(0)
