import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { PDFDocument } from 'pdf-lib'
import { afterAll, expect, test } from 'vitest'
import { depositCipher, newIv } from '../../src-main/documenti/deposit-cipher.ts'
import { inspectionPool } from '../../src-main/documenti/inspection-pool.ts'
import { renderForm } from '../../src-main/moduli/render-form.ts'
import { aForm } from '../moduli/a-form.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const folder = temporaryFolder()
const key = Buffer.alloc(32, 7)
const iv = newIv()
const path = join(folder, 'copia.bin')
const pool = inspectionPool(
  {
    worker: new URL('../../src-main/documenti/inspection-worker.ts', import.meta.url),
    pdfReader: new URL('../../src-main/signatures/pdf-reader-worker.ts', import.meta.url),
    dataDir: folder,
    network: () => ({ authorities: [], port: null }),
  },
  { sealed: () => ({ path, key: key.toString('hex'), iv: Buffer.from(iv).toString('hex') }) },
)
afterAll(() => pool.close())

test('the scan of a form that was printed here is recognised from its sealed copy, and another copy is refused', async () => {
  const form = aForm('nuove_credenziali')
  const printed = join(folder, 'modulo.pdf')
  writeFileSync(printed, await renderForm(form, new Date(0)))
  execFileSync('pdftoppm', ['-r', '100', '-singlefile', '-png', printed, join(folder, 'scansione')])
  const document = await PDFDocument.create()
  const image = await document.embedPng(readFileSync(join(folder, 'scansione.png')))
  document.addPage([595, 842]).drawImage(image, { x: 0, y: 0, width: 595, height: 842 })
  const bytes = Buffer.from(await document.save())
  writeFileSync(path, depositCipher(key, iv).update(bytes))
  const file = {
    id: 'x',
    nomeFile: 'scansione.pdf',
    bytes: bytes.length,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    formato: 'pdf' as const,
    iv,
    tags: null,
    createdAt: '2026-01-01T00:00:00.000Z',
    casellaId: null,
  }
  const found = await pool.inspect(file, new AbortController().signal)
  expect(found).toMatchObject({ codiciModulo: [form.code], pagine: 1, verifica: { integrity: 'not_signed' } })
  await expect(pool.inspect({ ...file, sha256: '0'.repeat(64) }, new AbortController().signal)).rejects.toMatchObject({
    code: 'file_changed',
  })
})
