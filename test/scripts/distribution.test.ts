import { generateKeyPairSync } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { distributionOf } from '../../scripts/distribution.ts'
import { signDescriptions, updatesKey } from '../../scripts/update-descriptions.ts'
import { signedPart } from '../../src-main/hosts/electron/update-signature.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const url = 'https://aggiornamenti.example/sportello-lra/'

test('without anything in the environment nothing is signed and no copy updates itself', () => {
  expect(distributionOf({}, null)).toEqual({ forceCodeSigning: false })
  expect(distributionOf({ CSC_LINK: '', SPORTELLO_LRA_UPDATE_URL: '' }, null)).toEqual({ forceCodeSigning: false })
})

test('a certificate makes a file that is not signed an error, and its name part of each update', () => {
  const signed = distributionOf({ WIN_CSC_LINK: 'c.pfx', SPORTELLO_LRA_PUBLISHER: 'Ente di esempio' }, null)
  expect(signed).toEqual({
    forceCodeSigning: true,
    win: { signtoolOptions: { publisherName: 'Ente di esempio' } },
  })
})

test('address and key of the updates go into the package, the private key does not', () => {
  const made = distributionOf({ SPORTELLO_LRA_UPDATE_URL: url, SPORTELLO_LRA_UPDATE_KEY: '/segreto.pem' }, 'PUBBLICA')
  expect(made).toMatchObject({
    extraMetadata: { aggiornamenti: { url, publicKey: 'PUBBLICA' } },
    publish: { provider: 'generic', url },
  })
  expect(JSON.stringify(made)).not.toContain('segreto')
  // The administrators' policy may name the address later.
  expect(distributionOf({}, 'PUBBLICA')).toMatchObject({
    extraMetadata: { aggiornamenti: { url: null, publicKey: 'PUBBLICA' } },
  })
})

test('an environment that contradicts itself builds nothing', () => {
  expect(() => distributionOf({ SPORTELLO_LRA_UPDATE_URL: url }, null)).toThrow(/UPDATE_KEY/)
  expect(() => distributionOf({ SPORTELLO_LRA_UPDATE_URL: 'http://aggiornamenti.example' }, 'P')).toThrow(/https/)
  expect(() => distributionOf({ SPORTELLO_LRA_PUBLISHER: 'Ente' }, null)).toThrow(/certificate/)
})

test('descriptions are signed where they lie, and anew for another share of machines', () => {
  const folder = temporaryFolder()
  const path = (name: string) => join(folder, name)
  const pem = (kind: 'ed25519' | 'ed448') =>
    (kind === 'ed25519' ? generateKeyPairSync('ed25519') : generateKeyPairSync('ed448')).privateKey.export({
      format: 'pem',
      type: 'pkcs8',
    })
  writeFileSync(path('chiave.pem'), pem('ed25519'))
  writeFileSync(path('altra.pem'), pem('ed448'))
  expect(() => updatesKey(path('altra.pem'))).toThrow(/Ed25519/)
  const key = updatesKey(path('chiave.pem'))
  for (const name of ['latest.yml', 'latest-linux.yml', 'builder-debug.yml'])
    writeFileSync(path(name), 'version: 1.2.0\n')
  const read = (name: string) => signedPart(readFileSync(path(name), 'utf8'), key.publicKey)
  expect(signDescriptions(folder, key, null).sort()).toEqual(['latest-linux.yml', 'latest.yml'])
  expect(read('latest.yml')).toBe('version: 1.2.0\n')
  signDescriptions(folder, key, 20)
  signDescriptions(folder, key, 50)
  expect(read('latest-linux.yml')).toBe('version: 1.2.0\nstagingPercentage: 50\n')
  expect(readFileSync(path('builder-debug.yml'), 'utf8')).toBe('version: 1.2.0\n')
})
