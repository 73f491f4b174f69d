import { randomBytes } from 'node:crypto'
import { readdirSync } from 'node:fs'
import { request } from 'node:http'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Casella } from '../../src-main/provider-contract/casella.ts'
import { Documento, SingleUpload } from '../../src-main/provider-contract/documento.ts'
import { pageOf } from '../../src-main/provider-contract/page.ts'
import { profiles } from '../../src-main/sandbox/profiles.ts'
import {
  type Answer,
  type Client,
  type TestSandbox,
  read,
  readProblem,
  sha256,
  startTestSandbox,
  uploadMetadata,
} from './sandbox-client.ts'

let sandbox: TestSandbox
let client: Client
let casella: Casella
beforeAll(async () => {
  sandbox = await startTestSandbox({ caselle: 120 })
  client = await sandbox.as('demo')
  const [found] = read(await client.get('/caselle?filter=ciclo%20eq%20%22attiva%22&limit=1'), pageOf(Casella)).items
  if (found === undefined) throw new Error('no casella')
  casella = found
})
afterAll(() => sandbox.remove())

const TUS = { 'tus-resumable': '1.0.0' }
const create = (length: number, metadata: string, who = client) =>
  who.send('POST', '/uploads', { headers: { ...TUS, 'upload-length': String(length), 'upload-metadata': metadata } })
const head = (path: string, who = client) => who.send('HEAD', path, { headers: TUS })
const append = (path: string, offset: number, bytes: Uint8Array<ArrayBuffer>, who = client) =>
  who.send('PATCH', path, {
    raw: bytes,
    headers: { ...TUS, 'upload-offset': String(offset), 'content-type': 'application/offset+octet-stream' },
  })
const single = (bytes: Uint8Array<ArrayBuffer>, metadata: string, who = client) =>
  who.send('POST', '/uploads/single', {
    raw: bytes,
    headers: { 'content-type': 'application/octet-stream', 'upload-metadata': metadata },
  })
const locationOf = (answer: Answer) => {
  expect(answer.status).toBe(201)
  return answer.headers.get('location') ?? ''
}
const storedFiles = () => readdirSync(join(sandbox.folder, 'uploads'))
const some = (length: number) => new Uint8Array(randomBytes(length))

/** Sends half of the declared bytes and breaks the connection. */
function interrupt(path: string, bytes: Uint8Array, declared: number): Promise<void> {
  return new Promise((resolve) => {
    const headers = {
      ...TUS,
      authorization: `Bearer ${client.session.accessToken}`,
      'upload-offset': '0',
      'content-type': 'application/offset+octet-stream',
      'content-length': String(declared),
    }
    const sending = request(sandbox.url + path, { method: 'PATCH', headers })
    sending.on('error', () => undefined)
    sending.on('close', resolve)
    sending.write(bytes, () => sending.destroy())
  })
}

describe('tus uploads', () => {
  test('an interrupted upload goes on from the offset that the server tells', async () => {
    const bytes = some(600_000)
    const path = locationOf(await create(bytes.length, uploadMetadata('atto.pdf', sha256(bytes))))
    expect((await head(path)).headers.get('upload-offset')).toBe('0')
    await interrupt(path, bytes.subarray(0, 300_000), bytes.length)

    const resumed = await head(path)
    const offset = Number(resumed.headers.get('upload-offset'))
    expect(offset).toBeLessThanOrEqual(300_000)
    expect(resumed.headers.get('upload-length')).toBe('600000')
    const middle = offset + 1000
    expect((await append(path, offset, bytes.slice(offset, middle))).headers.get('upload-offset')).toBe(String(middle))
    const uploadId = path.split('/').at(-1)
    const body = { ...documentoNew(bytes), uploadId }
    expect(readProblem(await client.post('/documenti', body), 409).code).toBe('upload_incomplete')
    expect((await append(path, middle, bytes.slice(middle))).status).toBe(204)

    const documento = read(await client.post('/documenti', body), Documento, 201)
    expect(documento).toMatchObject({ bytes: 600_000, sha256: sha256(bytes), stato: 'ricevuto' })
  })

  test('bytes that do not have the declared sha256 are refused and dropped', async () => {
    const bytes = some(1000)
    const path = locationOf(await create(bytes.length, uploadMetadata('atto.pdf', sha256(some(10)))))
    expect(readProblem(await append(path, 0, bytes), 460).code).toBe('checksum_mismatch')
    readProblem(await append(path, 1000, some(0)), 404)
    expect(storedFiles()).not.toContain(path.split('/').at(-1))
  })

  test('a wrong offset, a wrong version, missing metadata and too large a file are refused as problems', async () => {
    const metadata = uploadMetadata('atto.pdf', sha256(some(1)))
    const path = locationOf(await create(10, metadata))
    readProblem(await append(path, 5, some(5)), 409)
    readProblem(
      await client.send('POST', '/uploads', { headers: { 'upload-length': '5', 'upload-metadata': metadata } }),
      412,
    )
    readProblem(await client.send('POST', '/uploads', { headers: { ...TUS, 'upload-length': '5' } }), 400)
    readProblem(await create(0, metadata), 400)
    readProblem(await create(5, uploadMetadata('atto.pdf', 'ABC')), 400)
    expect(readProblem(await create(profiles.toscana.documents.maxBytes + 1, metadata), 413).code).toBe('too_large')
  })

  test('an upload belongs to who made it', async () => {
    const bytes = some(10)
    const path = locationOf(await create(10, uploadMetadata('atto.pdf', sha256(bytes))))
    const collega = await sandbox.as('collega')
    expect((await head(path, collega)).status).toBe(404)
    readProblem(await append(path, 0, bytes, collega), 404)
    readProblem(await collega.send('DELETE', path, { headers: TUS }), 404)
    expect((await append(path, 0, bytes)).status).toBe(204)
    const uploadId = path.split('/').at(-1)
    const problem = readProblem(await collega.post('/documenti', { ...documentoNew(bytes), uploadId }), 422)
    expect(problem.errors).toEqual([{ pointer: '/uploadId', code: 'not_found' }])
  })

  test('a terminated upload is gone', async () => {
    const path = locationOf(await create(10, uploadMetadata('atto.pdf', sha256(some(10)))))
    expect((await client.send('DELETE', path, { headers: TUS })).status).toBe(204)
    expect((await head(path)).status).toBe(404)
  })

  test('the name of the file is never a path', async () => {
    const bytes = some(10)
    const before = storedFiles()
    locationOf(await create(10, uploadMetadata('../../fuori.pdf', sha256(bytes))))
    read(await single(bytes, uploadMetadata('..\\..\\fuori.pdf', sha256(bytes))), SingleUpload, 201)
    const made = storedFiles().filter((name) => !before.includes(name))
    expect(made.length).toBeGreaterThan(0)
    for (const name of made) expect(name).toMatch(/^[0-9a-f]{32}(\.json)?$/)
    expect(readdirSync(sandbox.folder).join()).not.toContain('fuori')
  })
})

const documentoNew = (bytes: Uint8Array) => ({
  uploadId: '',
  casellaId: casella.id,
  tipo: 'altro',
  formato: 'pdf',
  nomeFile: 'atto d’ufficio (1).pdf',
  sha256: sha256(bytes),
})
const upload = async (bytes: Uint8Array<ArrayBuffer>) =>
  read(await single(bytes, uploadMetadata('atto.pdf', sha256(bytes))), SingleUpload, 201).uploadId

describe('single uploads', () => {
  test('a small file comes in one request, with the same checks', async () => {
    const bytes = some(5000)
    const made = read(await single(bytes, uploadMetadata('atto.pdf', sha256(bytes))), SingleUpload, 201)
    expect(made).toMatchObject({ bytes: 5000, sha256: sha256(bytes) })
    const wrong = await single(bytes, uploadMetadata('atto.pdf', sha256(some(1))))
    expect(readProblem(wrong, 460).code).toBe('checksum_mismatch')
    readProblem(await single(bytes, ''), 400)
    const large = some(2_000_001)
    expect(readProblem(await single(large, uploadMetadata('a.pdf', sha256(large))), 413).code).toBe('too_large')
    const json = await client.send('POST', '/uploads/single', { body: {} })
    expect(readProblem(json, 415).code).toBe('unsupported_media_type')
  })

  test('nothing stays of a file that is cut short, is not the declared one, or turns out too large on its way', async () => {
    const before = storedFiles()
    const bytes = some(300_000)
    const headers = {
      authorization: `Bearer ${client.session.accessToken}`,
      'content-type': 'application/octet-stream',
      'upload-metadata': uploadMetadata('atto.pdf', sha256(bytes)),
    }
    await new Promise<void>((resolve) => {
      const sending = request(`${sandbox.url}/uploads/single`, {
        method: 'POST',
        headers: { ...headers, 'content-length': String(bytes.length) },
      })
      sending.on('error', () => undefined).on('close', resolve)
      sending.write(bytes.subarray(0, 200_000), () => sending.destroy())
    })
    readProblem(await single(bytes, uploadMetadata('atto.pdf', sha256(some(1)))), 460)
    // Of a length that nobody told.
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const sending = request(`${sandbox.url}/uploads/single`, { method: 'POST', headers })
      sending.on('response', (answer) => {
        answer.resume()
        resolve(answer.statusCode)
      })
      sending.on('error', reject)
      sending.end(some(2_000_001))
    })
    expect(status).toBe(413)
    await expect.poll(() => storedFiles()).toEqual(before)
  })
})

describe('documenti', () => {
  test('a documento gives back the bytes that were uploaded', async () => {
    const bytes = some(70_000)
    const made = await client.post('/documenti', { ...documentoNew(bytes), uploadId: await upload(bytes) })
    const documento = read(made, Documento, 201)
    const response = await fetch(`${sandbox.url}/documenti/${documento.id}/content`, {
      headers: { authorization: `Bearer ${client.session.accessToken}` },
    })
    expect(sha256(new Uint8Array(await response.arrayBuffer()))).toBe(sha256(bytes))
    expect(response.headers.get('content-type')).toBe('application/pdf')
    expect(response.headers.get('content-disposition')).toContain(encodeURIComponent('atto d’ufficio'))
    const filter = encodeURIComponent(`casellaId eq "${casella.id}" and sha256 eq "${sha256(bytes)}"`)
    expect(read(await client.get(`/documenti?filter=${filter}`), pageOf(Documento)).items).toEqual([documento])
  })

  test('a generated documento is a PDF with the sha256 that it declares', async () => {
    const [documento] = read(await client.get('/documenti?limit=1'), pageOf(Documento)).items
    if (documento === undefined) throw new Error('no documento')
    const { text } = await client.get(`/documenti/${documento.id}/content`)
    expect(text.startsWith('%PDF-')).toBe(true)
    expect(sha256(Buffer.from(text, 'latin1'))).toBe(documento.sha256)
    expect(text).toHaveLength(documento.bytes)
  })

  test('an upload is used once', async () => {
    const bytes = some(100)
    const body = { ...documentoNew(bytes), uploadId: await upload(bytes) }
    read(await client.post('/documenti', body), Documento, 201)
    expect(readProblem(await client.post('/documenti', body), 422).errors).toEqual([
      { pointer: '/uploadId', code: 'upload_used' },
    ])
    readProblem(await client.send('DELETE', `/uploads/${body.uploadId}`, { headers: TUS }), 422)
  })

  test('another sha256, an unknown casella and a deleted one are refused', async () => {
    const bytes = some(100)
    const body = { ...documentoNew(bytes), uploadId: await upload(bytes) }
    const other = await client.post('/documenti', { ...body, sha256: sha256(some(1)) })
    expect(readProblem(other, 422).code).toBe('checksum_mismatch')
    const unknown = readProblem(await client.post('/documenti', { ...body, casellaId: 'C99999999' }), 422)
    expect(unknown.errors).toEqual([{ pointer: '/casellaId', code: 'not_found' }])
    const filter = encodeURIComponent('ciclo eq "eliminata"')
    const [deleted] = read(await client.get(`/caselle?limit=1&filter=${filter}`), pageOf(Casella)).items
    const late = { ...body, casellaId: deleted?.id, tipo: 'cessazione' }
    const gone = readProblem(await client.post('/documenti', late), 422)
    expect(gone.errors).toEqual([{ pointer: '/casellaId', code: 'casella_eliminata' }])
    // The signed request for its logs (D119).
    read(await client.post('/documenti', { ...late, tipo: 'altro' }), Documento, 201)
  })

  test('a type that is off, or a format that the profile does not take, is refused (D83, D87)', async () => {
    const poste = await startTestSandbox({ caselle: 20, profile: 'poste' })
    const operator = await poste.as('demo')
    const [own] = read(await operator.get('/caselle?limit=1&filter=ciclo%20eq%20%22attiva%22'), pageOf(Casella)).items
    const bytes = some(100)
    const made = await single(bytes, uploadMetadata('a.p7m', sha256(bytes)), operator)
    const { uploadId } = read(made, SingleUpload, 201)
    const body = { ...documentoNew(bytes), uploadId, casellaId: own?.id, tipo: 'attivazione', formato: 'p7m' }
    const problem = readProblem(await operator.post('/documenti', body), 422)
    expect(problem).toMatchObject({
      code: 'document_refused',
      errors: [
        { pointer: '/tipo', code: 'tipo_off' },
        { pointer: '/formato', code: 'formato_not_allowed' },
      ],
    })
    await poste.remove()
  })
})
