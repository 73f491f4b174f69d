import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Runs openssl, which these tests are made with. Throws with what it said. */
export function openssl(...args: string[]): Buffer {
  const { status, stdout, stderr, error } = spawnSync('openssl', args)
  if (error !== undefined) throw error
  if (status !== 0) throw new Error(`openssl ${args.join(' ')}: ${stderr.toString()}`)
  return stdout
}

/** Whether `openssl cms -verify` holds it for good. With the certificate's path it checks what CAdES says of it as well. */
export function opensslAccepts(cms: Uint8Array, cadesOf: string | null = null): boolean {
  return inFolder((folder) => {
    writeFileSync(join(folder, 'cms'), cms)
    const chain = cadesOf === null ? ['-noverify'] : ['-cades', '-CAfile', cadesOf, '-purpose', 'any']
    const args = ['cms', '-verify', '-binary', ...chain, '-inform', 'DER', '-in', join(folder, 'cms')]
    return spawnSync('openssl', [...args, '-out', join(folder, 'out')]).status === 0
  })
}

function inFolder<T>(work: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'lra-openssl-'))
  try {
    return work(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

export interface Identity {
  key: string
  certificate: string
}

export const person = '/C=IT/SN=Prova/GN=Ada/CN=PROVA ADA/serialNumber=TINIT-PRVDAA80A41H501W'

const qualified = `keyUsage=critical,nonRepudiation
1.3.6.1.5.5.7.1.3=ASN1:SEQUENCE:statements
authorityInfoAccess=OCSP;URI:http://ocsp.example/,caIssuers;URI:http://ca.example/ca.crt
crlDistributionPoints=URI:http://crl.example/1.crl
[statements]
compliance=SEQUENCE:compliance
device=SEQUENCE:device
[compliance]
oid=OID:0.4.0.1862.1.1
[device]
oid=OID:0.4.0.1862.1.4`

/** A key and its own certificate in `folder`. `algorithm` as `openssl genpkey` has it, with its options after it. */
export function makeIdentity(
  folder: string,
  name: string,
  algorithm: readonly string[],
  { subject = person, extensions = qualified, days = '3650' } = {},
): Identity {
  const [key, certificate, config] = ['key', 'pem', 'cnf'].map((ending) => join(folder, `${name}.${ending}`))
  if (key === undefined || certificate === undefined || config === undefined) throw new Error('no paths')
  writeFileSync(config, `[req]\ndistinguished_name=dn\nx509_extensions=ext\n[dn]\n[ext]\n${extensions}\n`)
  openssl('genpkey', '-algorithm', ...algorithm, '-out', key)
  openssl(
    'req',
    '-new',
    '-x509',
    '-key',
    key,
    '-subj',
    subject,
    '-days',
    days,
    '-config',
    config,
    '-utf8',
    '-out',
    certificate,
  )
  return { key, certificate }
}

/** A CMS signature over `content`; `more` are options of `openssl cms -sign`. */
export function signCms(identity: Identity, content: Uint8Array, ...more: string[]): Buffer {
  return inFolder((folder) => {
    writeFileSync(join(folder, 'content'), content)
    const out = join(folder, 'out')
    openssl(
      'cms',
      '-sign',
      '-binary',
      '-signer',
      identity.certificate,
      '-inkey',
      identity.key,
      '-in',
      join(folder, 'content'),
      '-outform',
      'DER',
      '-out',
      out,
      ...more,
    )
    return readFileSync(out)
  })
}
