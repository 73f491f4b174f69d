import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { FunzioneVietabile, parsePolicy } from '../../src-main/contract/policy.ts'
import { isUnprotected, policyPath, readPolicy } from '../../src-main/hosts/node/policy-file.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const everything = [...FunzioneVietabile.options]
const read = (value: unknown) => parsePolicy('p', typeof value === 'string' ? value : JSON.stringify(value))

test('a policy says which provider, which updates and what is forbidden', () => {
  const whole = {
    version: 1,
    providerUrl: 'https://lra.gestore.example/api',
    updates: { allowed: true, channel: 'anteprima', url: 'https://aggiornamenti.ente.example/' },
    forbidden: ['prova', 'esportazione', 'prova'],
    authorities: '/etc/sportello-lra/autorita.pem',
  }
  expect(read(whole)).toEqual({
    path: 'p',
    state: 'applied',
    problem: null,
    providerUrl: whole.providerUrl,
    updates: whole.updates,
    forbidden: ['prova', 'esportazione'],
    authorities: { path: whole.authorities, count: 0, problem: null },
  })
  expect(read('\uFEFF{"version":1}')).toMatchObject({ state: 'applied', forbidden: [], updates: { allowed: true } })
})

test('what cannot be made out forbids everything that could have been forbidden, and says where', () => {
  const broken: [unknown, string, string][] = [
    ['', 'not_json', ''],
    ['{"version":1,}', 'not_json', ''],
    ['null', 'wrong_value', ''],
    ['[]', 'wrong_value', ''],
    [{}, 'wrong_value', 'version'],
    [{ version: 2 }, 'wrong_value', 'version'],
    // A prohibition misspelt must not become a permission.
    [{ version: 1, forbiden: ['prova'] }, 'unknown_word', 'forbiden'],
    [{ version: 1, updates: { alowed: false } }, 'unknown_word', 'updates.alowed'],
    [{ version: 1, forbidden: ['esportazioni'] }, 'wrong_value', 'forbidden.0'],
    [{ version: 1, forbidden: 'prova' }, 'wrong_value', 'forbidden'],
    [{ version: 1, updates: { allowed: 'no' } }, 'wrong_value', 'updates.allowed'],
    [{ version: 1, updates: { channel: 'nightly' } }, 'wrong_value', 'updates.channel'],
    [{ version: 1, providerUrl: 'http://gestore.example' }, 'wrong_value', 'providerUrl'],
    [{ version: 1, providerUrl: 'https://a:b@gestore.example' }, 'wrong_value', 'providerUrl'],
    [{ version: 1, providerUrl: 'file:///etc/passwd' }, 'wrong_value', 'providerUrl'],
    [{ version: 1, providerUrl: 'javascript:alert(1)' }, 'wrong_value', 'providerUrl'],
    [{ version: 1, updates: { url: 'http://mirror.example/' } }, 'wrong_value', 'updates.url'],
    [{ version: 1, authorities: 'autorita.pem' }, 'wrong_value', 'authorities'],
    [{ version: 1, authorities: '/etc/a\u0000b' }, 'wrong_value', 'authorities'],
    [{ version: 1, authorities: ['/etc/a.pem'] }, 'wrong_value', 'authorities'],
    [`{"version":1,"__proto__":{"forbidden":[]},"x":1}`, 'unknown_word', ''],
  ]
  for (const [value, kind, where] of broken) {
    const policy = read(value)
    expect([value, policy.state, policy.problem?.kind]).toEqual([value, 'broken', kind])
    if (where !== '') expect(policy.problem?.where).toBe(where)
    expect(policy).toMatchObject({ forbidden: everything, updates: { allowed: false }, providerUrl: null })
  }
})

test('an unknown word of any length is cut before it is shown', () => {
  expect(read({ version: 1, ['x'.repeat(10_000)]: 1 }).problem?.where).toHaveLength(60)
})

test('a file that is not there prescribes nothing; every other trouble is told', () => {
  const folder = temporaryFolder()
  expect(readPolicy(join(folder, 'policy.json'), 'linux').state).toBe('absent')
  expect(readPolicy(join(folder, 'manca', 'policy.json'), 'linux').state).toBe('absent')
  const path = join(folder, 'policy.json')
  const at = (text: string, mode = 0o644) => {
    writeFileSync(path, text)
    chmodSync(path, mode)
    return readPolicy(path, 'linux')
  }
  expect(at('{"version":1,"forbidden":["prova"]}')).toMatchObject({ state: 'applied', forbidden: ['prova'] })
  expect(at('{"version":1}'.padEnd(70_000)).problem?.kind).toBe('too_large')
  // Anybody could have written it.
  expect(at('{"version":1}', 0o666).problem?.kind).toBe('unprotected')
  expect(isUnprotected('win32', 0o666)).toBe(false)
  mkdirSync(join(folder, 'cartella'))
  expect(readPolicy(join(folder, 'cartella'), 'linux').problem?.kind).toBe('unreadable')
})

test.runIf(process.platform === 'linux')('neither a pipe nor a link that goes in circles holds up the start', () => {
  const folder = temporaryFolder()
  const pipe = join(folder, 'tubo')
  spawnSync('mkfifo', [pipe])
  expect(readPolicy(pipe, 'linux')).toMatchObject({ state: 'broken', problem: { kind: 'unreadable' } })
  symlinkSync(join(folder, 'cerchio'), join(folder, 'cerchio'))
  expect(readPolicy(join(folder, 'cerchio'), 'linux')).toMatchObject({ state: 'broken' })
})

test('each system has the place of its administrators', () => {
  expect(policyPath('win32', { ProgramData: 'D:\\Dati' })).toBe('D:\\Dati\\Sportello LRA\\policy.json')
  expect(policyPath('win32', { ProgramData: '' })).toBe('C:\\ProgramData\\Sportello LRA\\policy.json')
  expect(policyPath('linux', { HOME: '/home/a', XDG_CONFIG_DIRS: '/tmp' })).toBe('/etc/sportello-lra/policy.json')
})
