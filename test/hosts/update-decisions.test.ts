import { generateKeyPairSync, sign } from 'node:crypto'
import { expect, test } from 'vitest'
import { absentPolicy, brokenPolicy } from '../../src-main/contract/policy.ts'
import {
  channelName,
  MOST_DOWNLOAD_WAIT_MS,
  MOST_INSTALL_WAIT_MS,
  offReason,
  waitToDownload,
  waitToInstall,
  type Installation,
} from '../../src-main/hosts/electron/update-decisions.ts'
import { signedPart, UpdateSignatureError, withSignature } from '../../src-main/hosts/electron/update-signature.ts'

const free = absentPolicy('p')
const from = { url: 'https://aggiornamenti.example/', publicKey: 'k' }
const installed: Installation = { packaged: true, platform: 'win32', env: {} }
const without = (updates: Partial<typeof free.updates>) => ({ ...free, updates: { ...free.updates, ...updates } })

test('a copy updates itself only where policy, package and installation say so', () => {
  expect(offReason(free, from, installed)).toBeNull()
  expect(offReason(free, from, { packaged: true, platform: 'linux', env: { APPIMAGE: '/a' } })).toBeNull()
  expect(offReason(without({ url: 'https://ente.example/' }), { ...from, url: null }, installed)).toBeNull()
  expect(offReason(without({ allowed: false }), from, installed)).toBe('policy')
  expect(offReason(brokenPolicy('p', { kind: 'not_json', where: '' }), from, installed)).toBe('policy_guasta')
  expect(offReason(free, from, { ...installed, packaged: false })).toBe('non_installato')
  expect(offReason(free, from, { ...installed, env: { PORTABLE_EXECUTABLE_FILE: 'x' } })).toBe('portatile')
  expect(offReason(free, from, { ...installed, platform: 'linux' })).toBe('pacchetto')
  expect(offReason(free, { ...from, url: null }, installed)).toBe('senza_indirizzo')
  // An address of the policy alone is no reason to believe what lies there.
  expect(offReason(without({ url: 'https://ente.example/' }), { url: null, publicKey: null }, installed)).toBe(
    'senza_chiave',
  )
})

test('pending work holds up the fetching for a day and the installing for a week; what is being written, always', () => {
  const idle = { pending: 0, aligning: false, editing: false }
  expect([waitToDownload(idle, 0), waitToInstall(idle, 0)]).toEqual([null, null])
  const queue = { ...idle, pending: 1 }
  expect([waitToDownload(queue, 0), waitToInstall(queue, MOST_DOWNLOAD_WAIT_MS)]).toEqual(['coda', 'coda'])
  expect([waitToDownload(queue, MOST_DOWNLOAD_WAIT_MS), waitToInstall(queue, MOST_INSTALL_WAIT_MS)]).toEqual([
    null,
    null,
  ])
  const aligning = { ...idle, aligning: true }
  expect([waitToDownload(aligning, MOST_INSTALL_WAIT_MS), waitToInstall(aligning, MOST_INSTALL_WAIT_MS)]).toEqual([
    'allineamento',
    'allineamento',
  ])
  expect(waitToInstall({ ...idle, editing: true }, MOST_INSTALL_WAIT_MS)).toBe('scrittura')
})

test('each channel has its own file', () => {
  expect([channelName('stabile'), channelName('anteprima')]).toEqual(['latest', 'beta'])
})

const keys = generateKeyPairSync('ed25519')
const publicKey = keys.publicKey.export({ format: 'der', type: 'spki' }).toString('base64')
const description = 'version: 1.2.0\nfiles:\n  - url: a.exe\n    sha512: abc\nstagingPercentage: 20\n'
const signed = withSignature(description, (bytes) => sign(null, bytes, keys.privateKey).toString('base64'))

test('the description of a version counts as its distributor signed it', () => {
  expect(signedPart(signed, publicKey)).toBe(description)
  expect(signedPart(signed.replace(/\n$/, '\r\n'), publicKey)).toBe(description)
})

test('anything else is refused before it is looked at', () => {
  const other = generateKeyPairSync('ed25519').publicKey.export({ format: 'der', type: 'spki' }).toString('base64')
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const rsaKey = rsa.publicKey.export({ format: 'der', type: 'spki' }).toString('base64')
  const mark = signed.slice(description.length)
  const hostile: [string, string][] = [
    ['', publicKey],
    [description, publicKey],
    [signed.replace('1.2.0', '1.2.1'), publicKey],
    [signed.replace('stagingPercentage: 20', 'stagingPercentage: 99'), publicKey],
    // What follows the signature is nobody's.
    [`${signed}version: 9.9.9\n`, publicKey],
    [`version: 9.9.9\n${signed}`, publicKey],
    [`${signed}${mark}`, publicKey],
    [mark, publicKey],
    [`${description}# firma-ed25519 \n`, publicKey],
    [`${description}# firma-ed25519 ${'A'.repeat(86)}==\n`, publicKey],
    [signed, other],
    [signed, rsaKey],
    [signed, ''],
    [signed, 'AAAA'],
  ]
  for (const [text, key] of hostile) expect(() => signedPart(text, key)).toThrow(UpdateSignatureError)
})
