import { generateKeyPairSync } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { giudizioOf, type Fiducia } from '../../src-main/contract/verifica.ts'
import { verifySignedData, type VerifiedSignature } from '../../src-main/signatures/cms.ts'
import { memorySource } from '../../src-main/signatures/source.ts'
import { digestOf } from '../../src-main/signatures/digest.ts'
import { verifyTimestamp } from '../../src-main/signatures/timestamp.ts'
import { documentJudge } from '../../src-main/trust/document-judge.ts'
import { meets } from '../../src-main/trust/qualification.ts'
import { embeddedOnly, type RevocationFinding } from '../../src-main/trust/revocation-source.ts'
import { trustAnchors } from '../../src-main/trust/trust-anchors.ts'
import { trustFolder } from '../../src-main/trust/trust-folder.ts'
import { expectedSigner, verifyListSignature } from '../../src-main/trust/list-signature.ts'
import { schemeInformation, servicesOf } from '../../src-main/trust/trusted-list.ts'
import type { TrustLists } from '../../src-main/trust/trusted-services.ts'
import { openssl, signCms } from '../signatures/openssl.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { identity, pemOf, type CertificateWish, type Identity } from './authority.ts'
import { day, forSignatures, qualifiers, service, signedList, type PeriodWish } from './list-writer.ts'
import { processorMs } from '../support/processor-time.ts'

const folder = temporaryFolder()
const DAY = 24 * 60 * 60 * 1000
const now = new Date()
const later = (days: number): Date => new Date(now.getTime() + days * DAY)

const listSigner = identity({ name: 'Firma elenchi' })
const ca = identity({ name: 'CA qualificata', ca: true })
const nationalCa = identity({ name: 'CA nazionale', ca: true })
const stampCa = identity({ name: 'Marche temporali', ca: true })
const strangerCa = identity({ name: 'CA sconosciuta', ca: true })
const ownCa = identity({ name: 'CIE', ca: true })

const since = '2017-01-01T00:00:00Z'
const granted: PeriodWish = { status: 'granted', from: since, extensions: forSignatures }

function listsOf(periods: [PeriodWish, ...PeriodWish[]] = [granted], nextUpdate = day(400)): TrustLists {
  const bytes = signedList(
    {
      territory: 'IT',
      type: 'EUgeneric',
      sequence: 12,
      nextUpdate,
      services: [
        service(ca, 'Firma qualificata di prova', periods),
        service(nationalCa, 'Carta nazionale', [{ type: 'CA/PKC', status: 'recognisedatnationallevel', from: since }]),
        service(stampCa, 'Marche qualificate', [{ type: 'TSA/QTST', status: 'granted', from: since }]),
      ],
    },
    listSigner,
  )
  const { content } = verifyListSignature(bytes, [expectedSigner(listSigner.certificate)])
  const { territory, sequence, issued, nextUpdate: next } = schemeInformation(content)
  const head = { territory, sequence, issued, nextUpdate: next, url: 'https://elenco.example/IT.xml' }
  const file = { sha256: '', etag: null, modified: null, signers: [] }
  return {
    version: 1,
    checkedAt: null,
    listOfLists: { ...head, ...file },
    lists: [{ ...head, ...file, services: servicesOf(content) }],
  }
}

const files = new Map<Identity, { key: string; certificate: string }>()
function filesOf(one: Identity): { key: string; certificate: string } {
  const known = files.get(one)
  if (known !== undefined) return known
  const place = join(folder, one.certificate.sha256.slice(0, 12))
  const made = { key: `${place}.key`, certificate: `${place}.pem` }
  writeFileSync(made.key, one.key.export({ type: 'pkcs8', format: 'pem' }))
  writeFileSync(made.certificate, pemOf(one))
  files.set(one, made)
  return made
}
const content = Buffer.from('Contratto')
function signedBy(signer: Identity, ...more: Identity[]): VerifiedSignature {
  const chain = join(folder, 'chain.pem')
  writeFileSync(chain, more.map(pemOf).join(''))
  const cms = signCms(filesOf(signer), content, '-nodetach', '-cades', ...(more.length > 0 ? ['-certfile', chain] : []))
  const [signature] = verifySignedData(memorySource(cms)).signatures
  if (signature === undefined) throw new Error('no signature')
  return signature
}

const person = (wish: Partial<CertificateWish> = {}): Identity =>
  identity({ name: 'PROVA ADA', issuer: ca, qualified: 'device', ...wish })
const ada = person()
const signature = signedBy(ada)

const finding = (status: RevocationFinding['status'], days?: number, onHold = false): RevocationFinding => ({
  status,
  revokedAt: days === undefined ? null : later(days),
  onHold,
})
interface Asking {
  lists?: TrustLists | null
  anchors?: Identity[]
  revocation?: RevocationFinding
  at?: Date
  now?: Date
}
async function trustIn(one: VerifiedSignature, asking: Asking = {}): Promise<Fiducia> {
  const { revocation = finding('good'), at = null } = asking
  const judge = documentJudge({
    anchors: trustAnchors(
      asking.lists === undefined ? listsOf() : asking.lists,
      (asking.anchors ?? []).map(({ certificate }) => certificate),
    ),
    revocation: () => Promise.resolve(revocation),
    now: asking.now ?? later(1),
  })
  return judge.signature(one, at)
}
const judgementOf = (one: VerifiedSignature, trust: Fiducia): string =>
  giudizioOf({ integrity: 'valid', signatures: [{ ...one.firma, trust }] })

/** A timestamp of now over a signature, by openssl. */
function stamped(one: VerifiedSignature, authority: Identity): VerifiedSignature {
  const { key, certificate } = filesOf(authority)
  const place = join(folder, 'marca')
  mkdirSync(place, { recursive: true })
  const config = join(place, 'tsa.cnf')
  const lines = ['[tsa]', 'default_tsa=t', '[t]', `serial=${join(place, 'serial')}`, 'crypto_device=builtin']
  lines.push('default_policy=1.2.3.4', 'digests=sha256', 'signer_digest=sha256', 'ess_cert_id_alg=sha256')
  writeFileSync(config, lines.join('\n'))
  writeFileSync(join(place, 'data'), one.signature)
  const query = join(place, 'query')
  openssl('ts', '-query', '-data', join(place, 'data'), '-sha256', '-cert', '-out', query)
  const token = join(place, 'token')
  const signer = ['-signer', certificate, '-inkey', key, '-config', config]
  openssl('ts', '-reply', '-queryfile', query, ...signer, '-token_out', '-out', token)
  const read = verifyTimestamp(readFileSync(token), (name) => digestOf(name, one.signature))
  expect(read.marca.integrity).toBe('valid')
  return { ...one, timestamps: [read] }
}

test('a signature under a qualified certificate of a granted service is qualified, with its chain and list', async () => {
  const trust = await trustIn(signature)
  expect(trust).toMatchObject({
    state: 'qualified',
    list: { territory: 'IT', sequence: 12, outdated: false },
    service: 'Firma qualificata di prova',
    revocation: 'good',
    revokedAt: null,
    chain: ['PROVA ADA', 'CA qualificata'],
  })
  expect(judgementOf(signature, trust)).toBe('valid_trusted')
})

test.each([
  ['without a device it is advanced', signedBy(person({ qualified: 'no-device' })), 'recognised'],
  ['without qualified statements it is advanced', signedBy(person({ qualified: null })), 'recognised'],
  [
    'a national card is advanced',
    signedBy(identity({ name: 'CARTA', issuer: nationalCa, use: 'authentication' })),
    'recognised',
  ],
  [
    'through an intermediate that came along',
    (() => {
      const middle = identity({ name: 'CA intermedia', issuer: ca, ca: true })
      return signedBy(person({ issuer: middle }), middle)
    })(),
    'qualified',
  ],
  [
    'through a certificate that may issue none',
    (() => {
      const middle = person({ name: 'FINTA CA' })
      return signedBy(person({ issuer: middle }), middle)
    })(),
    'unknown',
  ],
  ['of an issuer whom nobody knows', signedBy(person({ issuer: strangerCa })), 'unknown'],
  [
    'of a key that only calls itself a listed authority',
    signedBy(person({ issuer: { ...ca, key: strangerCa.key } })),
    'untrusted',
  ],
  ['of a service for timestamps', signedBy(person({ issuer: stampCa })), 'unknown'],
  ['under a certificate that has expired before', signedBy(person({ to: -30 })), 'untrusted'],
  ['under a certificate that is not yet valid', signedBy(person({ from: 30 })), 'untrusted'],
])('%s', async (_title, one, state) => {
  const trust = await trustIn(one)
  expect(trust.state).toBe(state)
  expect(judgementOf(one, trust) === 'valid_trusted').toBe(state === 'qualified')
})

test('the list outweighs the certificate: a device that the list denies or grants, a certificate that it calls unqualified', async () => {
  const withQualifier = (...wanted: string[]): TrustLists =>
    listsOf([{ ...granted, extensions: forSignatures + qualifiers(...wanted) }])
  const plain = signedBy(person({ qualified: 'no-device' }))
  expect((await trustIn(plain, { lists: withQualifier('QCWithQSCD') })).state).toBe('qualified')
  expect((await trustIn(signature, { lists: withQualifier('QCNoQSCD') })).state).toBe('recognised')
  expect((await trustIn(signature, { lists: withQualifier('NotQualified') })).state).toBe('recognised')
  expect((await trustIn(signature, { lists: withQualifier('QCForWSA') })).state).toBe('recognised')
  const authentication = [[{ name: 'digitalSignature', value: true }]]
  const empty = { policySets: [], extendedKeyUsages: [], subjectAttributes: [], lists: [], unknown: false }
  expect(meets(ada.certificate, { assert: 'none', keyUsages: authentication, ...empty })).toBe(true)
  expect(meets(ada.certificate, { assert: 'all', keyUsages: authentication, ...empty })).toBe(false)
  expect(meets(ada.certificate, { assert: 'all', keyUsages: [], ...empty })).toBe(false)
})

test('the state of a service counts at the time of signing, and a time that is only claimed does not outlive it', async () => {
  const withdrawnBefore = listsOf([{ status: 'withdrawn', from: day(-10) }, granted])
  expect((await trustIn(signature, { lists: withdrawnBefore })).state).toBe('untrusted')
  const withdrawnAfter = listsOf([{ status: 'withdrawn', from: day(5) }, granted])
  expect((await trustIn(signature, { lists: withdrawnAfter, now: later(1) })).state).toBe('qualified')
  const claimed = await trustIn(signature, { lists: withdrawnAfter, now: later(10) })
  expect(claimed.state).toBe('unknown')
  expect(judgementOf(signature, claimed)).toBe('valid_trust_unknown')
  expect((await trustIn(signature, { lists: withdrawnAfter, now: later(10), at: later(2) })).state).toBe('qualified')
  const listedLater = listsOf([{ ...granted, from: day(5) }])
  expect((await trustIn(signature, { lists: listedLater })).state).toBe('unknown')
})

test('a qualified timestamp proves the time: a service withdrawn, an expiry and a revocation after it harm nothing', async () => {
  const authority = identity({ name: 'TSU', issuer: stampCa, use: 'stamp' })
  const brief = signedBy(person({ to: 20 }))
  const proven = stamped(brief, authority)
  const withdrawnAfter = listsOf([{ status: 'withdrawn', from: day(5) }, granted])
  expect((await trustIn(proven, { lists: withdrawnAfter, now: later(100) })).state).toBe('qualified')
  expect((await trustIn(brief, { now: later(30) })).state).toBe('unknown')

  const judgeWith = async (signer: RevocationFinding, stamp: RevocationFinding): Promise<Fiducia> =>
    documentJudge({
      anchors: trustAnchors(listsOf(), []),
      revocation: ({ certificate }) =>
        Promise.resolve(certificate.sha256 === authority.certificate.sha256 ? stamp : signer),
      now: later(100),
    }).signature(proven, null)
  const good = finding('good')
  expect(await judgeWith(finding('revoked', 50), good)).toMatchObject({ state: 'qualified', revocation: 'good' })
  expect((await judgeWith(finding('revoked', -1), good)).state).toBe('revoked')
  // A timestamp whose own authority is revoked, or not known to be in order, proves nothing.
  expect((await judgeWith(finding('revoked', 50), finding('revoked', 60))).state).toBe('revoked')
  expect((await judgeWith(good, finding('revoked', 60))).state).toBe('unknown')
  expect((await judgeWith(good, finding('offline'))).state).toBe('unknown')
  const stranger = stamped(brief, identity({ name: 'TSU', issuer: strangerCa, use: 'stamp' }))
  expect((await trustIn(stranger, { now: later(30) })).state).toBe('unknown')
})

test('revoked and suspended certificates are told, also when the signer claims an earlier time', async () => {
  const revoked = await trustIn(signature, { revocation: finding('revoked', 0.5) })
  expect(revoked).toMatchObject({ state: 'revoked', revocation: 'revoked', revokedAt: later(0.5).toISOString() })
  expect(judgementOf(signature, revoked)).toBe('revoked')
  expect((await trustIn(signature, { revocation: finding('revoked', -1, true) })).state).toBe('suspended')
  // The date that a person knows it by counts as proof.
  expect((await trustIn(signature, { revocation: finding('revoked', 0.5), at: later(0.2) })).state).toBe('qualified')
  expect((await trustIn(signature, { revocation: finding('revoked', 0.5), at: later(0.7) })).state).toBe('revoked')
})

test.each(['offline', 'unknown', 'not_checked'] as const)(
  'a revocation that is %s is said so, and never green',
  async (status) => {
    const trust = await trustIn(signature, { revocation: finding(status) })
    expect(trust).toMatchObject({ state: 'qualified', revocation: status })
    expect(judgementOf(signature, trust)).toBe('valid_trust_unknown')
  },
)

test('an outdated list is said so, and never green', async () => {
  const trust = await trustIn(signature, { lists: listsOf([granted], day(-2)) })
  expect(trust).toMatchObject({ state: 'qualified', list: { outdated: true } })
  expect(judgementOf(signature, trust)).toBe('valid_trust_unknown')
})

test('without any list nothing is claimed', async () => {
  const trust = await trustIn(signature, { lists: null })
  expect(trust).toMatchObject({ state: 'not_checked', list: null, revocation: 'not_checked' })
  expect(judgementOf(signature, trust)).toBe('valid_trust_unknown')
})

test("the administrator's own authorities make advanced signatures, never qualified ones; other files are named", async () => {
  const data = join(folder, 'dati')
  mkdirSync(join(data, 'fiducia', 'ancore'), { recursive: true })
  writeFileSync(join(data, 'fiducia', 'ancore', 'cie.pem'), `Autorità CIE\n${pemOf(ownCa)}${pemOf(strangerCa)}`)
  writeFileSync(join(data, 'fiducia', 'ancore', 'altro.pem'), 'niente')
  writeFileSync(join(data, 'fiducia', 'ancore', 'leggimi.txt'), 'niente')
  const { certificates, unreadable } = trustFolder(data).readAnchors()
  expect(certificates).toHaveLength(2)
  expect(unreadable).toEqual(['altro.pem'])
  const card = signedBy(person({ issuer: ownCa }))
  const judge = documentJudge({
    anchors: trustAnchors(null, certificates),
    revocation: embeddedOnly('not_checked'),
    now: later(1),
  })
  expect(await judge.signature(card, null)).toMatchObject({
    state: 'recognised',
    list: null,
    revocation: 'not_checked',
  })
})

test('a hostile envelope with hundreds of certificates of one name is judged at once', async () => {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const many = Array.from({ length: 300 }, () => identity({ name: 'CA', ca: true, key: privateKey }))
  const first = many[0] ?? ca
  const one = { ...signedBy(person({ issuer: first })), certificates: many.map(({ certificate }) => certificate) }
  const started = processorMs()
  expect((await trustIn(one)).state).toBe('unknown')
  expect(processorMs() - started).toBeLessThan(1000)
})
