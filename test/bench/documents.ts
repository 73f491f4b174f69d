// What verification costs: a large envelope in a process of its own, and many small ones beside one openssl each.
// Run with `npx node test/bench/documents.ts`; it needs openssl.
import { spawnSync } from 'node:child_process'
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { verificationPool } from '../../src-main/signatures/verification-pool.ts'
import { verifyDocument } from '../../src-main/signatures/verify-document.ts'

const MEGABYTE = 1024 * 1024
const LARGE_MB = 200
const SMALL_FILES = 300
const REPEATS = 3

function openssl(...args: string[]): void {
  const { status, stderr } = spawnSync('openssl', args)
  if (status !== 0) throw new Error(stderr.toString())
}

/** This process verifies one file and says what it took. */
async function measureOne(path: string): Promise<void> {
  const started = performance.now()
  const { integrity } = await verifyDocument(path)
  const milliseconds = performance.now() - started
  process.stdout.write(JSON.stringify({ integrity, milliseconds, peakKb: peakKb() }))
}

/** Kilobytes resident at most. On Linux `maxRSS` begins with that of the process which started this one. */
function peakKb(): number {
  if (process.platform !== 'linux') return process.resourceUsage().maxRSS
  return Number(/VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'latin1'))?.[1])
}

interface Measured {
  integrity: string
  milliseconds: number
  peakKb: number
}
const isMeasured = (value: unknown): value is Measured =>
  typeof value === 'object' && value !== null && 'integrity' in value && 'milliseconds' in value && 'peakKb' in value

function inOwnProcess(path: string): Measured {
  const runs = Array.from({ length: REPEATS }, () => {
    const { stdout, stderr } = spawnSync(process.execPath, [import.meta.filename, '--one', path])
    const found: unknown = JSON.parse(stdout.toString() || 'null')
    if (!isMeasured(found) || found.integrity !== 'valid') throw new Error(`not valid: ${stderr.toString()}`)
    return found
  })
  return runs.reduce((best, run) => (run.milliseconds < best.milliseconds ? run : best))
}

function writeLarge(path: string): void {
  const piece = Buffer.alloc(MEGABYTE, 'Documento firmato. ')
  const descriptor = openSync(path, 'w')
  for (let index = 0; index < LARGE_MB; index++) writeSync(descriptor, piece)
  closeSync(descriptor)
}

async function measureAll(folder: string): Promise<void> {
  const [key, certificate] = [join(folder, 'key'), join(folder, 'certificate')]
  openssl(
    'req',
    '-x509',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-keyout',
    key,
    '-out',
    certificate,
    '-subj',
    '/C=IT/CN=PROVA',
  )
  const sign = (content: string, out: string, ...more: string[]): void => {
    openssl(
      'cms',
      '-sign',
      '-binary',
      '-nodetach',
      '-cades',
      '-signer',
      certificate,
      '-inkey',
      key,
      '-in',
      content,
      '-outform',
      'DER',
      '-out',
      out,
      ...more,
    )
  }
  const content = join(folder, 'contenuto')
  writeLarge(content)
  const [der, ber, base64] = ['der.p7m', 'ber.p7m', 'base64.p7m'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ]
  sign(content, der)
  sign(content, ber, '-stream')
  writeFileSync(base64, readFileSync(der).toString('base64').replace(/.{76}/g, '$&\n'))
  const rows: Record<string, string>[] = [der, ber, base64].map((path) => {
    const { milliseconds, peakKb } = inOwnProcess(path)
    const name = path.slice(folder.length + 1)
    return {
      what: `${LARGE_MB} MB ${name}`,
      seconds: (milliseconds / 1000).toFixed(2),
      'peak MB': (peakKb / 1024).toFixed(0),
    }
  })

  const files = Array.from({ length: SMALL_FILES }, (_, index) => join(folder, `${index}.p7m`))
  writeFileSync(content, Buffer.alloc(40_000, 'Modulo firmato. '))
  const [first = ''] = files
  sign(content, first)
  const bytes = readFileSync(first)
  for (const file of files) writeFileSync(file, bytes)
  let started = performance.now()
  const pool = verificationPool(new URL('../../src-main/signatures/verification-worker.ts', import.meta.url))
  const all = await Promise.all(files.map((path) => pool.verify({ path })))
  if (all.some(({ integrity }) => integrity !== 'valid')) throw new Error('not valid')
  rows.push({
    what: `${SMALL_FILES} files, threads started with them`,
    seconds: ((performance.now() - started) / 1000).toFixed(2),
  })
  await pool.close()
  started = performance.now()
  for (const file of files)
    openssl('cms', '-verify', '-binary', '-noverify', '-inform', 'DER', '-in', file, '-out', content)
  rows.push({
    what: `${SMALL_FILES} files, one openssl each`,
    seconds: ((performance.now() - started) / 1000).toFixed(2),
  })
  console.table(rows)
}

const [option, path] = process.argv.slice(2)
if (option === '--one' && path !== undefined) await measureOne(path)
else {
  const folder = mkdtempSync(join(tmpdir(), 'sportello-bench-'))
  try {
    await measureAll(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
