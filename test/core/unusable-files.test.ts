// What cannot be read, or is no document: what each way in says of it. No way calls it valid, nor invalid without a cause.
import { createReadStream, mkdirSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { DepositoResponse } from '../../src-main/contract/channels.ts'
import { avvisiInOrdine, type Verifica } from '../../src-main/contract/verifica.ts'
import { uploadFolder } from '../../src-main/hosts/cli/upload-folder.ts'
import { verifyText } from '../../src-main/hosts/cli/verify-text.ts'
import { verificationPool } from '../../src-main/signatures/verification-pool.ts'
import { makeIdentity, openssl, signCms } from '../signatures/openssl.ts'
import { plainPdf, signedPdf } from '../signatures/signed-pdf.ts'
import { makeSigner } from '../signatures/small-cms.ts'
import { lockedPdf } from '../support/locked-pdf.ts'
import { readRighe, takeIn } from '../support/lotto-intake.ts'
import { startOffice, type Office } from '../support/office.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const folder = temporaryFolder()
const pool = verificationPool(new URL('../../src-main/signatures/verification-worker.ts', import.meta.url))
const files = join(folder, 'file')
const GIB = 1024 ** 3
let office: Office
const made: Record<string, Buffer> = {}

beforeAll(async () => {
  const anna = makeSigner('Anna Prova')
  const plain = await plainPdf()
  const signed = signedPdf(plain, anna)
  const user = lockedPdf(plain, { user: 'segreta', owner: 'padrone' })
  const identity = makeIdentity(folder, 'firma', ['EC', '-pkeyopt', 'ec_paramgen_curve:P-256'])
  writeFileSync(join(folder, 'testo'), 'riservato')
  Object.assign(made, {
    'con password.pdf': user,
    'con limiti.pdf': lockedPdf(plain, { user: '', owner: 'padrone' }),
    'con limiti, poi firmato.pdf': signedPdf(lockedPdf(plain, { user: '', owner: 'padrone' }), anna),
    'con password, poi firmato.pdf': signedPdf(user, anna),
    'firmato, poi con password.pdf': lockedPdf(signed, { user: 'segreta', owner: 'padrone' }),
    'busta di un protetto.pdf.p7m': signCms(identity, user, '-nodetach', '-cades'),
    'cifrato per uno.p7m': openssl(
      ...['cms', '-encrypt', '-binary', '-outform', 'DER', '-in', join(folder, 'testo'), identity.certificate],
    ),
    'vuoto.pdf': Buffer.alloc(0),
    'vuoto.p7m': Buffer.alloc(0),
    'troncato.pdf': plain.subarray(0, plain.length - 60),
    'fattura.pdf': Buffer.from('4d5a90000300000004000000ffff0000', 'hex'),
    'contratto.p7m': Buffer.from('7f454c4602010100', 'hex'),
    'testo.pdf': Buffer.from('Solo testo, con un nome che promette altro.\n'),
  })
  mkdirSync(files)
  for (const [nome, bytes] of Object.entries(made)) writeFileSync(join(files, nome), bytes)
  writeFileSync(join(folder, 'enorme.pdf'), '%PDF-1.7\n')
  truncateSync(join(folder, 'enorme.pdf'), 2 * GIB)
  office = await startOffice(folder)
})
afterAll(async () => {
  await pool.close()
  await office.close()
})

const verified = (nome: string): Promise<Verifica> => pool.verify({ path: join(files, nome), trust: 'off' })
const short = ({ integrity, warnings }: Verifica) => [integrity, warnings]

describe('verify', () => {
  test.each([
    // Neither is signed; only one of them is closed.
    ['con password.pdf', 'not_signed', ['encrypted_document', 'password_required']],
    ['con limiti.pdf', 'not_signed', ['encrypted_document']],
    ['con limiti, poi firmato.pdf', 'valid', ['encrypted_document']],
    ['con password, poi firmato.pdf', 'valid', ['encrypted_document', 'password_required']],
    // The bytes that were signed are no longer there.
    ['firmato, poi con password.pdf', 'invalid', ['encrypted_document', 'password_required']],
    // Of the envelope, which anybody can read; what is in it, nobody.
    ['busta di un protetto.pdf.p7m', 'valid', ['encrypted_document', 'password_required']],
    ['cifrato per uno.p7m', 'unverifiable', ['encrypted_for_recipient']],
    ['vuoto.pdf', 'not_signed', ['file_empty']],
    ['vuoto.p7m', 'unverifiable', ['file_empty']],
    ['troncato.pdf', 'unverifiable', ['file_truncated']],
    ['fattura.pdf', 'not_signed', ['file_is_program']],
    ['contratto.p7m', 'unverifiable', ['file_is_program']],
    ['testo.pdf', 'not_signed', ['file_not_what_named']],
  ])('of %s: %s, %j', async (nome, integrity, warnings) => {
    const verifica = await verified(nome)
    expect(short(verifica)).toEqual([integrity, warnings])
    const words = verifyText(nome, verifica)
    if (warnings.includes('password_required')) expect(words).toContain('chiedere il file senza password')
    if (avvisiInOrdine(verifica.warnings).primi.length > 0) expect(words).toContain('  ATTENZIONE: ')
  })

  test('a large file is read without holding it, and is no document', async () => {
    writeFileSync(join(folder, 'grande.pdf'), '%PDF-1.7\n')
    truncateSync(join(folder, 'grande.pdf'), GIB / 4)
    const before = process.memoryUsage().rss
    expect(short(await pool.verify({ path: join(folder, 'grande.pdf'), trust: 'off' }))).toEqual([
      'unverifiable',
      ['file_truncated'],
    ])
    expect(process.memoryUsage().rss - before).toBeLessThan(GIB / 8)
  })
})

async function deposited(nome: string, path: string): Promise<string> {
  const answer = await office.client.core.deposit(nome, createReadStream(path))
  return answer.ok ? DepositoResponse.parse(answer.data).id : answer.error.code
}

/** The same words for the page that verifies one document and for the one that sends a few. */
test('choosing a file refuses what is none, by the code of its sentence, and tells of a password', async () => {
  const code = (nome: string): Promise<string> => deposited(nome, join(files, nome))
  expect(await code('vuoto.pdf')).toBe('file_empty')
  expect(await code('vuoto.p7m')).toBe('file_empty')
  expect(await code('troncato.pdf')).toBe('file_truncated')
  expect(await code('fattura.pdf')).toBe('file_is_program')
  expect(await code('contratto.p7m')).toBe('file_is_program')
  expect(await code('testo.pdf')).toBe('file_not_pdf_or_p7m')
  expect(await code('cifrato per uno.p7m')).toBe('file_not_pdf_or_p7m')
  // It is given up at the limit of the provider, long before its end.
  expect(await deposited('enorme.pdf', join(folder, 'enorme.pdf'))).toBe('file_too_large')

  const inspected = async (nome: string) =>
    office.client.call('documenti.inspect', { depositoId: await code(nome), casellaId: null })
  expect(await inspected('con password.pdf')).toMatchObject({ protetto: true, giudizio: 'not_signed' })
  expect(await inspected('con limiti.pdf')).toMatchObject({ protetto: false, giudizio: 'not_signed', pagine: 2 })
  expect(await inspected('firmato, poi con password.pdf')).toMatchObject({ protetto: true, giudizio: 'invalid' })
  expect(await inspected('busta di un protetto.pdf.p7m')).toMatchObject({
    protetto: true,
    verifica: { warnings: ['encrypted_document', 'password_required'] },
  })
})

test('among many, each has its own state and code; a password asks for a consent, also where the signature holds', async () => {
  const { id } = await office.client.call('lotti.create', { nome: 'Inservibili' })
  await takeIn(
    office.client,
    id,
    Object.entries(made).map(([nome, bytes]) => ({ nome, bytes })),
  )
  const { righe } = await office.client.call('lotti.addFiles', {
    lottoId: id,
    files: [{ nome: 'enorme.pdf', bytes: 2 * GIB }],
  })
  // Refused by its size alone: its bytes are not asked for.
  expect(righe).toEqual([null])
  const found = await readRighe(office.client, id)
  const codes = [...found].flatMap(([nome, { problema }]) => (problema === null ? [] : [[nome, problema.code]]))
  expect(Object.fromEntries(codes)).toEqual({
    'vuoto.pdf': 'file_empty',
    'vuoto.p7m': 'file_empty',
    'troncato.pdf': 'file_truncated',
    'fattura.pdf': 'file_is_program',
    'contratto.p7m': 'file_is_program',
    'testo.pdf': 'file_not_pdf_or_p7m',
    'cifrato per uno.p7m': 'file_not_pdf_or_p7m',
    'enorme.pdf': 'file_too_large',
  })
  const missing = (nome: string) => found.get(nome)?.mancanze.filter((each) => each === 'firma' || each === 'protetto')
  expect(missing('con password.pdf')).toEqual(['firma', 'protetto'])
  expect(missing('con limiti.pdf')).toEqual(['firma'])
  expect(missing('con limiti, poi firmato.pdf')).toEqual([])
  expect(missing('busta di un protetto.pdf.p7m')).toEqual(['protetto'])
  expect([...found.values()].filter(({ stato }) => stato === 'pronta')).toEqual([])
})

test('a folder with an empty, a cut and a huge file is taken in whole, and nothing of it is sent', async () => {
  const mixed = join(folder, 'misti')
  mkdirSync(mixed)
  for (const nome of ['vuoto.pdf', 'troncato.pdf', 'con password.pdf'])
    writeFileSync(join(mixed, nome), made[nome] ?? Buffer.alloc(0))
  writeFileSync(join(mixed, 'enorme.pdf'), '')
  truncateSync(join(mixed, 'enorme.pdf'), 2 * GIB)
  const { files: told } = await uploadFolder(
    office.client.core,
    { folder: mixed, dryRun: true, minConfidence: 0 },
    60_000,
  )
  expect(told.map(({ file, outcome, missing }) => [file, outcome, missing[0]])).toEqual([
    ['con password.pdf', 'invalid', 'firma'],
    ['enorme.pdf', 'invalid', 'file_too_large'],
    ['troncato.pdf', 'invalid', 'file_truncated'],
    ['vuoto.pdf', 'invalid', 'file_empty'],
  ])
})
