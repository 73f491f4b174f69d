import { execFileSync, spawn } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { unzipSync } from 'fflate'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { demoUsers } from '../../src-main/sandbox/demo-users.ts'
import { repository } from '../support/child-program.ts'
import { startSandboxProcess, type SandboxProcess } from '../support/sandbox-process.ts'
import { signedDocuments } from '../support/signed-documents.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const folder = temporaryFolder()
const data = join(folder, 'dati')
let sandbox: SandboxProcess

beforeAll(async () => {
  sandbox = await startSandboxProcess({ data: join(folder, 'gestore'), caselle: 300 })
})
afterAll(() => sandbox.stop())

interface Ran {
  code: number | null
  out: string
  err: string
}

function cli(args: string[], { env = {}, input = '' }: { env?: NodeJS.ProcessEnv; input?: string } = {}): Promise<Ran> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [join(repository, 'dist', 'main', 'cli.js'), ...args], {
      cwd: repository,
      env: { ...process.env, INIT_CWD: folder, ...env },
    })
    let out = ''
    let err = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      out += text
    })
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      err += text
    })
    child.on('close', (code) => {
      resolve({ code, out, err })
    })
    child.stdin.end(input)
  })
}

const credentials = { SPORTELLO_LRA_USER: demoUsers.demo.user, SPORTELLO_LRA_PASSWORD: demoUsers.demo.password }
const SyncResult = z.strictObject({
  aligned: z.string(),
  caselle: z.number(),
  titolari: z.number(),
  pending: z.number(),
  needsYou: z.number(),
})

test('status of a new folder uses no network and says that nothing is configured', async () => {
  const { code, out } = await cli(['status', '--data', data, '--json'])
  expect([code, z.looseObject({ phase: z.string() }).parse(JSON.parse(out)).phase]).toEqual([0, 'first_run'])
})

test('sync without credentials ends with code 3', async () => {
  const env = { SPORTELLO_LRA_USER: '', SPORTELLO_LRA_PASSWORD: '' }
  const { code, err } = await cli(['sync', '--data', data, '--provider', sandbox.url], { env })
  expect([code, err]).toEqual([3, expect.stringContaining('utente e password')])
})

test('sync with wrong credentials ends with code 3', async () => {
  const input = `${demoUsers.demo.user}\nsbagliata\n`
  const { code, out } = await cli(['sync', '--stdin', '--json', '--data', data, '--provider', sandbox.url], { input })
  expect([code, JSON.parse(out)]).toEqual([3, { error: 'invalid_credentials' }])
})

test('sync against a provider that is not there ends with code 4', async () => {
  const { code } = await cli(['sync', '--data', data, '--provider', 'http://127.0.0.1:9'], { env: credentials })
  expect(code).toBe(4)
})

test('demo credentials never go to a provider that is not one of trial', async () => {
  const seen: string[] = []
  const real = createServer((incoming, answer) => {
    seen.push(`${incoming.method ?? ''} ${incoming.url ?? ''}`)
    answer.setHeader('content-type', 'application/json').end('{"status":"ok","environment":"esercizio"}')
  }).listen(0, '127.0.0.1')
  await new Promise((resolve) => real.once('listening', resolve))
  const url = `http://127.0.0.1:${(real.address() as AddressInfo).port}`
  const { code, err } = await cli(['sync', '--demo', '--data', join(folder, 'altri'), '--provider', url])
  real.close()
  expect([code, err, seen]).toEqual([2, expect.stringContaining('non è un gestore di prova'), ['GET /health']])
})

test('sync signs in, aligns, and answers with the figures as JSON alone', async () => {
  const { code, out, err } = await cli(['sync', '--json', '--data', data, '--provider', sandbox.url], {
    env: credentials,
  })
  expect([code, err]).toEqual([0, ''])
  expect(SyncResult.parse(JSON.parse(out))).toMatchObject({ caselle: 300, pending: 0, needsYou: 0 })
})

test('a second sync needs no credentials while the session lasts', async () => {
  const env = { SPORTELLO_LRA_USER: '', SPORTELLO_LRA_PASSWORD: '' }
  expect((await cli(['sync', '--data', data], { env })).code).toBe(0)
})

let attiva = ''

test('export writes every casella as CSV for Excel, from the archive alone', async () => {
  const { code } = await cli(['export', 'caselle', '--out', 'caselle.csv', '--data', data])
  expect(code).toBe(0)
  const text = readFileSync(join(folder, 'caselle.csv'), 'utf8')
  const lines = text.split('\r\n')
  expect(text.startsWith('\uFEFFCasella;Dominio;Stato;')).toBe(true)
  expect(lines).toHaveLength(302)
  attiva = lines.find((line) => line.split(';')[2] === 'Attiva')?.split(';')[0] ?? ''
  expect(attiva).toContain('@')
})

test('export to the standard output writes nothing else there', async () => {
  const { out } = await cli(['export', 'caselle', '--out', '-', '--cerca', attiva, '--data', data])
  expect(out.split('\r\n').slice(1)).toEqual([expect.stringContaining(attiva), ''])
})

test('report writes its tables into a folder that it makes, after a first alignment of its own', async () => {
  const fresh = ['--data', join(folder, 'nuovi'), '--provider', sandbox.url, '--json']
  const { code, out } = await cli(['report', 'costi', '--out', 'report', '--format', 'csv', ...fresh], {
    env: credentials,
  })
  const Written = z.object({ files: z.array(z.object({ file: z.string(), righe: z.number() })) })
  const { files } = Written.parse(JSON.parse(out))
  expect([code, files.length]).toEqual([0, 5])
  const voci = readFileSync(files[0]?.file ?? '', 'utf8')
  expect(files[0]?.file).toContain(join(folder, 'report', 'costo-per-voce-'))
  expect(voci.startsWith('\uFEFFVoce;Quantità;Prezzo (€);Importo (€)\r\n')).toBe(true)
  const wrong = await cli(['report', 'bilancio', '--out', 'report', '--data', data])
  expect([wrong.code, wrong.err]).toEqual([2, expect.stringContaining('bilancio non è un report')])
  const sla = await cli(['report', 'sla', '--out', 'report', '--format', 'pdf', '--data', data])
  expect([sla.code, sla.out.split('\n').filter((line) => line.includes('.pdf: righe ')).length]).toEqual([0, 4])
})

test('form prints the forms of a casella, and of those that a filter finds, and tells their codes', async () => {
  const Made = z.object({
    file: z.string(),
    forms: z.array(z.object({ code: z.string(), casellaId: z.string(), indirizzo: z.string() })),
    skipped: z.number(),
  })
  const one = await cli(['form', 'cessazione', '--casella', attiva, '--out', 'uno.pdf', '--json', '--data', data])
  const { file, forms } = Made.parse(JSON.parse(one.out))
  expect([one.code, forms.map(({ indirizzo }) => indirizzo)]).toEqual([0, [attiva]])
  const text = execFileSync('pdftotext', [file, '-'], { encoding: 'utf8' })
  for (const each of [attiva, forms[0]?.code ?? '-']) expect(text).toContain(each)
  const many = await cli(['form', 'delega', '--filter', 'stato=attiva', '--out', 'molti.zip', '--json', '--data', data])
  const made = Made.parse(JSON.parse(many.out))
  expect(made.forms.length).toBeGreaterThan(20)
  expect(new Set(made.forms.map(({ code }) => code)).size).toBe(made.forms.length)
  expect(Object.keys(unzipSync(readFileSync(made.file)))).toHaveLength(made.forms.length)
  expect(made.forms.map(({ indirizzo }) => indirizzo)).toContain(attiva)

  const unknown = await cli(['form', 'delega', '--casella', 'x@y.it', '--out', 'no.pdf', '--data', data])
  expect([unknown.code, unknown.err]).toEqual([1, expect.stringContaining('x@y.it')])
  const nowhere = await cli(['form', 'delega', '--casella', attiva, '--out', 'manca/no.pdf', '--data', data])
  expect([nowhere.code, nowhere.err]).toEqual([1, expect.stringContaining('La cartella del file non esiste')])
  expect(existsSync(join(folder, 'no.pdf'))).toBe(false)
})

const Uploaded = z.object({ files: z.array(z.object({ outcome: z.string(), verdict: z.string().nullable() })) })
const uploaded = (ran: Ran): (string | number | null)[] => {
  const { files } = Uploaded.parse(JSON.parse(ran.out))
  return [ran.code, ...files.flatMap(({ outcome, verdict }) => [outcome, verdict])]
}

test('upload brings a file to its casella, once', async () => {
  const bytes = await signedDocuments(folder).p7m('modulo', 'RSSMRA80A01H501U')
  writeFileSync(join(folder, 'modulo.pdf.p7m'), bytes)
  const args = ['upload', 'modulo.pdf.p7m', '--casella', attiva, '--tipo', 'altro', '--json', '--data', data]
  expect(uploaded(await cli(args))).toEqual([0, 'settled', 'valid_trust_unknown'])
  expect(uploaded(await cli(args))).toEqual([0, 'already_there', null])
})

test('upload sends no file whose signature is missing or broken, but with a consent', async () => {
  const bytes = await signedDocuments(folder).p7m('contratto', 'RSSMRA80A01H501U')
  bytes.writeUInt8(bytes.readUInt8(bytes.indexOf('%PDF') + 20) ^ 1, bytes.indexOf('%PDF') + 20)
  writeFileSync(join(folder, 'guasto.pdf.p7m'), bytes)
  writeFileSync(join(folder, 'senza.pdf'), await signedDocuments(folder).pdf('senza firma'))
  const args = ['upload', 'guasto.pdf.p7m', 'senza.pdf', '--casella', attiva, '--tipo', 'altro', '--data', data]
  expect(uploaded(await cli([...args, '--json']))).toEqual([5, 'not_valid', 'invalid', 'not_valid', 'not_signed'])
  const told = await cli(args)
  expect(told.out).toContain('senza.pdf: non inviato')
  // Nothing of them stayed in the queue.
  const left = z.object({ pending: z.number() })
  expect(left.parse(JSON.parse((await cli(['status', '--json', '--data', data])).out)).pending).toBe(0)
  const short = await cli([...args, '--consenso', 'sì'])
  expect([short.code, short.err]).toEqual([2, expect.stringContaining('--consenso')])
  const sent = await cli([...args, '--json', '--consenso', 'Originale cartaceo in archivio'])
  expect(uploaded(sent)).toEqual([0, 'settled', 'invalid', 'settled', 'not_signed'])
})

test('upload names the file or the casella that is wrong', async () => {
  writeFileSync(join(folder, 'nota.txt'), 'testo')
  const wrongFile = await cli(['upload', 'nota.txt', '--casella', attiva, '--tipo', 'altro', '--data', data])
  expect([wrongFile.code, wrongFile.err]).toEqual([1, expect.stringContaining('nota.txt: ')])
  const wrongCasella = await cli(['upload', 'modulo.pdf.p7m', '--casella', 'x@y.it', '--tipo', 'altro', '--data', data])
  expect([wrongCasella.code, wrongCasella.err]).toEqual([1, expect.stringContaining('x@y.it')])
})
