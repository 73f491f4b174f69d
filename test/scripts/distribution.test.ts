import { expect, test } from 'vitest'
import { distributionOf } from '../../scripts/distribution.ts'

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
