import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { absentPolicy } from '../../src-main/contract/policy.ts'
import { authoritiesIn, readAuthorities, withAuthorities } from '../../src-main/hosts/node/authorities-file.ts'
import { certificateAuthority } from '../support/certificates.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { processorMs } from '../support/processor-time.ts'

const folder = temporaryFolder()
const { pem } = certificateAuthority(folder)
const path = join(folder, 'autorita.pem')
const problem = (kind: string): object => ({ kind: 'problem', problem: kind })
const read = (text: string, mode = 0o644): ReturnType<typeof readAuthorities> => {
  writeFileSync(path, text)
  chmodSync(path, mode)
  return readAuthorities(path, 'linux')
}

test('every certificate of the file is taken, whatever stands between them', () => {
  expect(read(`# autorità dell'ufficio\r\n${pem}\r\nissuer=CN=x\r\n${pem}`)).toEqual({
    kind: 'read',
    authorities: [pem, pem],
  })
})

test('a file that is not whole counts for nothing, and it is told why', () => {
  const damaged = pem.replace(/[A-Za-z0-9+/]{20}\n/, 'AAAAAAAAAAAAAAAAAAAA\n')
  expect(read('')).toEqual(problem('no_certificate'))
  expect(read('-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----')).toEqual(problem('no_certificate'))
  expect(read('\u0000\u0001binary')).toEqual(problem('no_certificate'))
  expect(read(pem + damaged)).toEqual(problem('wrong_certificate'))
  expect(read(pem + pem.slice(0, 200))).toEqual(problem('wrong_certificate'))
  expect(read(pem.slice(0, 200))).toEqual(problem('wrong_certificate'))
  expect(read(pem + ' '.repeat(2 * 1024 * 1024))).toEqual(problem('too_large'))
  expect(readAuthorities(join(folder, 'nessuno.pem'), 'linux')).toEqual(problem('absent'))
  mkdirSync(join(folder, 'cartella.pem'))
  expect(readAuthorities(join(folder, 'cartella.pem'), 'linux')).toEqual(problem('unreadable'))
})

test('a file that anybody may write vouches for nobody', () => {
  for (const mode of [0o666, 0o664, 0o646]) expect(read(pem, mode)).toEqual(problem('unprotected'))
})

test('a pipe in its place does not hold up the start', () => {
  const pipe = join(folder, 'tubo.pem')
  expect(spawnSync('mkfifo', [pipe]).status).toBe(0)
  expect(readAuthorities(pipe, 'linux')).toEqual(problem('unreadable'))
})

test('a list of any length of beginnings takes no time', () => {
  const started = processorMs()
  expect(authoritiesIn('-----BEGIN CERTIFICATE-----\n'.repeat(50_000))).toMatchObject({ kind: 'problem' })
  expect(processorMs() - started).toBeLessThan(1000)
})

test('the policy says how many were taken, or why none', () => {
  const named = { ...absentPolicy('p'), authorities: { path, count: 0, problem: null } }
  read(pem)
  expect(withAuthorities(named, 'linux')).toEqual({
    policy: { ...named, authorities: { path, count: 1, problem: null } },
    authorities: [pem],
  })
  read('')
  expect(withAuthorities(named, 'linux')).toEqual({
    policy: { ...named, authorities: { path, count: 0, problem: 'no_certificate' } },
    authorities: [],
  })
  expect(withAuthorities(absentPolicy('p'), 'linux').authorities).toEqual([])
})
