// What verification costs: large envelopes in a process of their own, many small ones beside one openssl each, and PDFs beside
// one pdfsig each. Prints its figures as JSON; it needs openssl, and skips pdfsig by name where it is not installed.
import { spawnSync } from 'node:child_process'
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { verificationPool } from '../../src-main/signatures/verification-pool.ts'
import { verifyDocument } from '../../src-main/signatures/verify-document.ts'
import { makeIdentity, signCms } from '../signatures/openssl.ts'
import { plainPdf, signedPdf } from '../signatures/signed-pdf.ts'
import { makeSigner } from '../signatures/small-cms.ts'
import { hasTool, timedProgram } from './bench-tools.ts'
import type { Figure } from './figure.ts'
import { forgetPeak, peakMegabytes } from './resident-memory.ts'

const MEGABYTE = 1024 * 1024
const PDFS = 50
/** Of many pages: a lotto of them, beside the one that comes alone to threads which have seen a single one before. */
const LONG_PDFS = 10
const { values } = parseArgs({
  options: {
    one: { type: 'string' },
    megabytes: { type: 'string', default: '200' },
    pages: { type: 'string', default: '1500' },
    files: { type: 'string', default: '300' },
    rounds: { type: 'string', default: '5' },
  },
})
const megabytes = Number(values.megabytes)
const pages = Number(values.pages)
const count = Number(values.files)
const rounds = Number(values.rounds)
const eachRound = <T>(work: () => T): T[] => Array.from({ length: rounds }, work)

/** This process verifies one file and says what it took. */
async function measureOne(path: string): Promise<void> {
  forgetPeak('self')
  const started = performance.now()
  const { integrity } = await verifyDocument(path)
  const ms = performance.now() - started
  process.stdout.write(JSON.stringify({ integrity, ms, peak: peakMegabytes('self') }))
}
const Measured = z.object({ integrity: z.literal('valid'), ms: z.number(), peak: z.number() })

function inOwnProcess(path: string): z.infer<typeof Measured> {
  const { status, stdout, stderr } = spawnSync(process.execPath, [import.meta.filename, '--one', path])
  if (status !== 0) throw new Error(stderr.toString())
  return Measured.parse(JSON.parse(stdout.toString()))
}

function writeLarge(path: string): void {
  const piece = Buffer.alloc(MEGABYTE, 'Documento firmato. ')
  const descriptor = openSync(path, 'w')
  for (let index = 0; index < megabytes; index++) writeSync(descriptor, piece)
  closeSync(descriptor)
}

/**
 * Through the pool of threads of the application, as a lotto does, its threads being there already; each time beside one
 * process of `peer` for each file. Milliseconds.
 */
async function throughThreads(
  paths: readonly string[],
  peer: (path: string) => number,
): Promise<[own: number[], peer: number[]]> {
  const pool = verificationPool(new URL('../../src-main/signatures/verification-worker.ts', import.meta.url))
  const all = async (): Promise<number> => {
    const started = performance.now()
    const found = await Promise.all(paths.map((path) => pool.verify({ path, trust: 'off' })))
    if (found.some(({ integrity }) => integrity !== 'valid')) throw new Error('not valid')
    return performance.now() - started
  }
  try {
    await all()
    const took: number[] = []
    const others: number[] = []
    for (let round = 0; round < rounds; round += 1) {
      took.push(await all())
      others.push(paths.reduce((sum, path) => sum + peer(path), 0))
    }
    return [took, others]
  } finally {
    await pool.close()
  }
}

/** Signed once and of two pages, as a form that came back; and signed twice and of many pages. */
async function measurePdfs(folder: string): Promise<Figure[]> {
  if (!hasTool('pdfsig')) return []
  const identity = makeIdentity(folder, 'firma', ['RSA', '-pkeyopt', 'rsa_keygen_bits:2048'])
  const unused = makeSigner('Nessuno')
  const contents = (signed: Buffer): Uint8Array => signCms(identity, signed, '-cades')
  const form = signedPdf(await plainPdf(), unused, { contents })
  const long = signedPdf(signedPdf(await plainPdf({ pages }), unused, { contents }), unused, {
    contents,
    field: 'Firma2',
  })
  const figures: Figure[] = []
  for (const [what, bytes, copies] of [
    [`${PDFS} PDFs of two pages`, form, PDFS],
    [`a PDF of ${pages} pages with two signatures`, long, 1],
    [`${LONG_PDFS} PDFs of ${pages} pages with two signatures`, long, LONG_PDFS],
  ] as const) {
    const paths = Array.from({ length: copies }, (_, at) => join(folder, `${copies}-${at}.pdf`))
    for (const path of paths) writeFileSync(path, bytes)
    const [own, others] = await throughThreads(paths, (path) => timedProgram('pdfsig', '-nocert', path))
    figures.push({
      what,
      unit: 'ms',
      rounds: own,
      against: { name: 'one pdfsig each', rounds: others },
      goal: { kind: 'times_as_fast', value: 2 },
    })
  }
  return figures
}

async function measureAll(folder: string): Promise<Figure[]> {
  if (!hasTool('openssl')) throw new Error('nothing can be signed without openssl')
  const [key, certificate] = [join(folder, 'key'), join(folder, 'certificate')]
  const request = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-subj', '/C=IT/CN=PROVA']
  timedProgram('openssl', ...request, '-keyout', key, '-out', certificate)
  const signing = ['cms', '-sign', '-binary', '-nodetach', '-cades', '-signer', certificate, '-inkey', key]
  const sign = (content: string, out: string, ...more: string[]): void => {
    timedProgram('openssl', ...signing, '-in', content, '-outform', 'DER', '-out', out, ...more)
  }
  const verifying = ['cms', '-verify', '-binary', '-noverify', '-inform', 'DER']
  const content = join(folder, 'contenuto')
  writeLarge(content)
  const named = (name: string): string => join(folder, name)
  sign(content, named('der.p7m'))
  sign(content, named('ber.p7m'), '-stream')
  writeFileSync(named('base64.p7m'), readFileSync(named('der.p7m')).toString('base64').replace(/.{76}/g, '$&\n'))
  const figures: Figure[] = []
  for (const name of ['der.p7m', 'ber.p7m', 'base64.p7m']) {
    const own = eachRound(() => inOwnProcess(named(name)))
    figures.push(
      {
        what: `${megabytes} MB ${name}`,
        unit: 'ms',
        rounds: own.map(({ ms }) => ms),
        against: null,
        goal: { kind: 'at_most', value: 600 },
      },
      {
        what: `${megabytes} MB ${name}: memory of its process`,
        unit: 'MB',
        rounds: own.map(({ peak }) => peak),
        against: null,
        goal: { kind: 'at_most', value: 150 },
      },
    )
  }
  const files = Array.from({ length: count }, (_, index) => named(`${index}.p7m`))
  writeFileSync(content, Buffer.alloc(40_000, 'Modulo firmato. '))
  const [first = ''] = files
  sign(content, first)
  const bytes = readFileSync(first)
  for (const file of files) writeFileSync(file, bytes)
  const [own, others] = await throughThreads(files, (path) =>
    timedProgram('openssl', ...verifying, '-in', path, '-out', content),
  )
  figures.push({
    what: `${count} p7m of 40 KB`,
    unit: 'ms',
    rounds: own,
    against: { name: 'one openssl each', rounds: others },
    goal: { kind: 'times_as_fast', value: 2 },
  })
  return [...figures, ...(await measurePdfs(folder))]
}

if (values.one !== undefined) await measureOne(values.one)
else {
  const folder = mkdtempSync(join(tmpdir(), 'sportello-bench-'))
  try {
    process.stdout.write(`${JSON.stringify(await measureAll(folder))}\n`)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
