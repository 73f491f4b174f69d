// A copy of the archive is put back while documents are being sorted: nobody starts over.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import type { CasellaRow } from '../../src-main/contract/casella.ts'
import { archiveOnDisk } from '../support/archive-on-disk.ts'
import { readRighe, righeByName, takeIn } from '../support/lotto-intake.ts'
import { startOffice, type Office } from '../support/office.ts'
import { sha256Of, signedDocuments } from '../support/signed-documents.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { PATIENCE } from '../support/patience.ts'

const folder = temporaryFolder()
const { p7m } = signedDocuments(folder)
let office: Office
let caselle: CasellaRow[]
let lottoId = ''
let copy = ''
const sent = { nome: '', bytes: Buffer.alloc(0) }
const open = { nome: '', bytes: Buffer.alloc(0) }

const arrived = async (n: number): Promise<void> => {
  await vi.waitFor(async () => {
    const { conteggi } = await office.client.call('lotti.get', { id: lottoId })
    expect(conteggi.arrivate).toBe(n)
  }, PATIENCE)
}

beforeAll(async () => {
  office = await startOffice(folder)
  const { rows } = await office.client.call('caselle.list', { stato: 'attiva', offset: 0, limit: 200 })
  caselle = rows.filter(({ codiceFiscale }) => /^[A-Z]{6}/.test(codiceFiscale))
  const [one, two] = caselle
  if (one === undefined || two === undefined) throw new Error('too few caselle')
  const { call } = office.client
  lottoId = (await call('lotti.create', { nome: 'Da salvare' })).id
  Object.assign(sent, {
    nome: `attivazione ${one.indirizzo}.p7m`,
    bytes: await p7m('primo', one.codiceFiscale),
  })
  await takeIn(office.client, lottoId, [sent])
  await readRighe(office.client, lottoId)
  await call('archive.copy', {})
  copy = await vi.waitFor(async () => {
    const { copies, copying } = await call('archive.state', {})
    expect([copying, copies.length]).toEqual([null, 1])
    return copies[0]?.id ?? ''
  }, PATIENCE)

  // Since the copy: the first one was sent and has arrived, a second one was added and is for a person to settle.
  await call('lotti.send', { id: lottoId })
  await arrived(1)
  Object.assign(open, { nome: 'scansione.p7m', bytes: await p7m('secondo', 'PRVDAA80A41H501W') })
  await takeIn(office.client, lottoId, [open])
  await readRighe(office.client, lottoId)
})
afterAll(() => office.close())

test('what was added, decided and sent since stands in the restored archive, with the files', async () => {
  const { call } = office.client
  expect((await call('archive.restore', { id: copy })).phase).toBe('ready')
  await arrived(1)
  const righe = await righeByName(office.client, lottoId)
  expect(righe.get(sent.nome)).toMatchObject({ stato: 'inviata', operationState: 'settled' })
  const riga = righe.get(open.nome)
  expect(riga).toMatchObject({ stato: 'da_decidere', giudizio: 'valid_trust_unknown' })
  expect((await call('lotti.row', { id: riga?.id ?? '' })).verifica?.sha256).toBe(sha256Of(open.bytes))
  const [, two] = caselle
  const decisions = [
    { kind: 'casella' as const, casellaId: two?.id ?? '' },
    { kind: 'tipo' as const, tipo: 'altro' as const },
    { kind: 'firmatario' as const, titolo: 'delegato' as const },
  ]
  for (const decisione of decisions) await call('lotti.decide', { lottoId, righe: [riga?.id ?? ''], decisione })
  await call('lotti.send', { id: lottoId })
  await arrived(2)
  const there = await office.other.list('/documenti?limit=500')
  const times = (bytes: Buffer) =>
    there.filter((each) => (each as { sha256: string }).sha256 === sha256Of(bytes)).length
  expect([times(sent.bytes), times(open.bytes)]).toEqual([1, 1])
})

test('where the database cannot be read, the copy of the queue brings the lotti, and their documents are read again', async () => {
  const [, , three] = caselle
  const late = {
    nome: `attivazione ${three?.indirizzo ?? ''}.p7m`,
    bytes: await p7m('terzo', three?.codiceFiscale ?? ''),
  }
  await takeIn(office.client, lottoId, [late])
  await readRighe(office.client, lottoId)
  await office.client.core.close()
  writeFileSync(archiveOnDisk(join(folder, 'dati')).database, Buffer.alloc(65_536, 7))
  await office.restart()
  const { call } = office.client
  expect((await office.client.status()).phase).toBe('blocked')
  expect((await call('archive.restore', { id: copy })).phase).toBe('ready')
  const riga = (await righeByName(office.client, lottoId)).get(late.nome)
  expect(riga).toMatchObject({ stato: 'pronta', casellaId: three?.id })
  await call('lotti.decide', { lottoId, righe: [riga?.id ?? ''], decisione: { kind: 'rileggi' } })
  await readRighe(office.client, lottoId)
  expect((await call('lotti.row', { id: riga?.id ?? '' })).verifica?.sha256).toBe(sha256Of(late.bytes))
})
