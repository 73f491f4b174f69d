import { afterAll, beforeAll, expect, test } from 'vitest'
import { acceptedStep, base32Bytes, hotp, totp } from '../../src-main/sandbox/auth/totp.ts'
import { demoUsers } from '../../src-main/sandbox/demo-users.ts'
import { TEST_DAY, type TestSandbox, readProblem, startTestSandbox } from './sandbox-client.ts'

const secret = Buffer.from('12345678901234567890')

test.each([
  [59, '94287082'],
  [1111111109, '07081804'],
  [1111111111, '14050471'],
  [1234567890, '89005924'],
  [2000000000, '69279037'],
  [20000000000, '65353130'],
])('RFC 6238, appendix B: at %d s the code is %s', (seconds, code) => {
  expect(totp(secret, seconds * 1000, 8)).toBe(code)
})

test.each(['755224', '287082', '359152', '969429', '338314', '254676', '287922', '162583', '399871', '520489'])(
  'RFC 4226, appendix D: the code %s is that of its counter',
  (code) => {
    const codes = Array.from({ length: 10 }, (_none, counter) => hotp(secret, counter))
    expect(codes).toContain(code)
  },
)

test('base32 of RFC 4648, and nothing else', () => {
  for (const [text, plain] of [
    ['MY======', 'f'],
    ['MZXW6===', 'foo'],
    ['MZXW6YTBOI======', 'foobar'],
    ['GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ', '12345678901234567890'],
  ] as const)
    expect(base32Bytes(text).toString()).toBe(plain)
  expect(() => base32Bytes('1!')).toThrow(RangeError)
})

test('a code is taken one step before and after, and never twice', () => {
  const at = Date.parse(TEST_DAY)
  const step = Math.floor(at / 30_000)
  for (const apart of [-1, 0, 1]) expect(acceptedStep(secret, hotp(secret, step + apart), at, -1)).toBe(step + apart)
  for (const apart of [-2, 2]) expect(acceptedStep(secret, hotp(secret, step + apart), at, -1)).toBeUndefined()
  expect(acceptedStep(secret, hotp(secret, step), at, step)).toBeUndefined()
  expect(acceptedStep(secret, 'abc', at, -1)).toBeUndefined()
})

let sandbox: TestSandbox
beforeAll(async () => {
  sandbox = await startTestSandbox({ caselle: 5 })
})
afterAll(() => sandbox.remove())

const { user, password, totpSecret } = demoUsers.totp
const attempt = (body: object) => sandbox.send('POST', '/sessions', { body })

test('who has a second factor signs in with it, once for each code; others need none', async () => {
  expect(readProblem(await attempt({ user, password }), 401).code).toBe('totp_required')
  expect(readProblem(await attempt({ user, password: 'altra' }), 401).code).toBe('invalid_credentials')
  expect(readProblem(await attempt({ user, password, totp: '000000' }), 401).code).toBe('totp_required')
  const code = totp(base32Bytes(totpSecret), Date.parse(TEST_DAY))
  expect((await attempt({ user, password, totp: code })).status).toBe(201)
  expect(readProblem(await attempt({ user, password, totp: code }), 401).code).toBe('totp_required')
  sandbox.advance(60_000)
  await sandbox.as('demo')
})

test('wrong codes slow the user down as wrong passwords do', async () => {
  sandbox.advance(24 * 3600 * 1000)
  for (let tries = 0; tries < 5; tries += 1) await attempt({ user, password, totp: '000000' })
  expect(readProblem(await attempt({ user, password, totp: '000000' }), 429).code).toBe('too_many_requests')
})
