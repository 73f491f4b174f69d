import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { unzipSync } from 'fflate'
import { PDFDocument } from 'pdf-lib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { CaselleFilter } from '../../src-main/contract/casella.ts'
import type { CaselleTarget } from '../../src-main/contract/casella-selection.ts'
import type { ModuliFormat, ModuloKind } from '../../src-main/contract/modulo.ts'
import { formCodesIn } from '../../src-main/moduli/form-code.ts'
import { startOffice, type Office } from '../support/office.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const folder = temporaryFolder()
let office: Office
beforeAll(async () => {
  office = await startOffice(folder, { graceMs: 60_000 })
})
afterAll(() => office.close())

const everything = CaselleFilter.parse({})
function textOf(bytes: Uint8Array): string {
  const path = join(folder, 'letto.pdf')
  writeFileSync(path, bytes)
  return execFileSync('pdftotext', [path, '-'], { encoding: 'utf8' })
}
async function together(kind: ModuloKind, target: CaselleTarget, format: ModuliFormat) {
  const { jobId } = await office.client.call('moduli.begin', { kind, target, format })
  const pieces: Buffer[] = []
  for (;;) {
    const part = await office.client.call('moduli.part', { jobId })
    pieces.push(Buffer.from(part.base64, 'base64'))
    if (part.ended) return { bytes: Buffer.concat(pieces), ...part }
  }
}

test('a printed form has the data of its casella and is recognised by its code however that is typed', async () => {
  const { client } = office
  const id = await office.fresh()
  const { indirizzo, titolareId } = await client.call('caselle.get', { id })
  const { titolare } = await client.call('titolari.get', { id: titolareId })
  const { kinds } = await client.call('moduli.offered', {})
  expect(kinds).toContain('nuove_credenziali')
  const file = await client.call('moduli.print', { kind: 'nuove_credenziali', casellaId: id })
  const text = textOf(Buffer.from(file.base64, 'base64'))
  for (const part of [indirizzo, titolare.cognome, titolare.codiceFiscale]) expect(text).toContain(part)
  const [code = ''] = formCodesIn(text)
  const { rows } = await client.call('moduli.list', { casellaId: id })
  expect(rows).toMatchObject([{ code, kind: 'nuove_credenziali', casellaId: id, returnedAt: null, comesBack: true }])
  const typed = code.toLowerCase().replaceAll('-', ' ')
  expect((await client.call('moduli.match', { code: typed })).modulo).toMatchObject({ code, indirizzo, titolareId })
  expect((await client.call('moduli.match', { code: 'LRA1-2222-2222-2222-2' })).modulo).toBeNull()
})

test('a form that the profile does not take, or of a deleted casella, is not printed', async () => {
  const id = await office.client.casella('eliminata')
  expect(await office.client.codeOf('moduli.print', { kind: 'delega', casellaId: id })).toBe('casella_deleted')
  const target = { ids: [id] }
  const { jobId } = await office.client.call('moduli.begin', { kind: 'delega', target, format: 'pdf' })
  expect(await office.client.codeOf('moduli.part', { jobId })).toBe('nothing_to_print')
})

test('the forms of many caselle come as one sound file, with those deleted left out and each recorded once', async () => {
  const { total } = await office.client.call('caselle.list', { ...everything, offset: 0, limit: 1 })
  const target = { filter: everything, except: [], expected: total }
  const deleted = (await office.client.call('caselle.list', { ...everything, stato: 'eliminata', offset: 0, limit: 1 }))
    .total

  const pdf = await together('cessazione', target, 'pdf')
  expect(pdf).toMatchObject({ total, done: total - deleted, skipped: deleted })
  const path = join(folder, 'tutti.pdf')
  writeFileSync(path, pdf.bytes)
  expect(execFileSync('qpdf', ['--check', path], { encoding: 'utf8' })).toContain('No syntax or stream encoding errors')
  // Each font is in the file once.
  expect(execFileSync('pdffonts', [path], { encoding: 'utf8' }).trim().split('\n').length - 2).toBeLessThanOrEqual(6)
  const codes = formCodesIn(textOf(pdf.bytes))
  expect(codes).toHaveLength(pdf.done)
  for (const code of codes.slice(0, 5))
    expect((await office.client.call('moduli.match', { code })).modulo?.kind).toBe('cessazione')

  const ids = await Promise.all([1, 2, 3].map((at) => office.client.casella('attiva', at)))
  const zip = await together('delega', { ids }, 'zip')
  const files = unzipSync(zip.bytes)
  expect(Object.keys(files)).toHaveLength(3)
  for (const [name, bytes] of Object.entries(files)) {
    expect(name).toMatch(/^delega-.*\.pdf$/)
    const [code = ''] = formCodesIn(textOf(bytes))
    expect((await office.client.call('moduli.match', { code })).modulo?.kind).toBe('delega')
    expect((await PDFDocument.load(bytes)).getTitle()).toContain(code)
  }
})

test('a file that nobody goes on with leaves nothing behind', async () => {
  const id = await office.fresh()
  const { rows } = await office.client.call('moduli.list', { casellaId: id })
  await office.client.call('moduli.begin', { kind: 'delega', target: { ids: [id] }, format: 'pdf' })
  expect((await office.client.call('moduli.list', { casellaId: id })).rows).toEqual(rows)
})

test('a casella that was only just made, and that the provider does not have yet, is offered the form that it waits for', async () => {
  const { call } = office.client
  const { casellaId } = await office.makeCasella('appena.fatta')
  expect(await call('moduli.wanted', { casellaId })).toEqual({ kinds: ['adesione'] })
  const printed = await call('moduli.print', { kind: 'adesione', casellaId })
  const text = textOf(Buffer.from(printed.base64, 'base64'))
  for (const part of ['appena.fatta@', 'Passeggera', 'PSSDAA80A41G942Z']) expect(text).toContain(part)
  // One that is active waits for nothing.
  expect(await call('moduli.wanted', { casellaId: await office.client.casella('attiva') })).toEqual({ kinds: [] })
})
