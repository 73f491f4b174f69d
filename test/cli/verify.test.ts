import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { Verifica } from '../../src-main/contract/verifica.ts'
import { makeIdentity, signCms } from '../signatures/openssl.ts'
import { repository } from '../support/child-program.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const folder = temporaryFolder()
const content = Buffer.from('Modulo di attivazione.\n')

beforeAll(() => {
  const identity = makeIdentity(folder, 'cli', ['EC', '-pkeyopt', 'ec_paramgen_curve:P-256'])
  const whole = signCms(identity, content, '-nodetach', '-cades')
  const broken = Buffer.from(whole)
  broken[broken.indexOf('Modulo')] = 0
  writeFileSync(join(folder, 'buono.p7m'), whole)
  writeFileSync(join(folder, 'rotto.p7m'), broken)
  writeFileSync(join(folder, 'staccata.p7s'), signCms(identity, content, '-cades'))
  writeFileSync(join(folder, 'modulo.txt'), content)
})

function verify(...args: string[]): { code: number | null; out: string; err: string } {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(repository, 'dist', 'main', 'cli.js'), 'verify', ...args],
    { cwd: repository, env: { ...process.env, INIT_CWD: folder } },
  )
  return { code: status, out: stdout.toString(), err: stderr.toString() }
}

test('each file is one line of JSON in the order given, and one that is not sound ends with code 1', () => {
  const { code, out } = verify('rotto.p7m', 'buono.p7m', 'modulo.txt', 'nulla.p7m', '--json', '--trust', 'off')
  const Line = z.looseObject({ file: z.string(), integrity: Verifica.shape.integrity, warnings: z.array(z.string()) })
  const lines = out
    .trimEnd()
    .split('\n')
    .map((line) => Line.parse(JSON.parse(line)))
  expect([code, lines.map(({ file, integrity }) => [file, integrity])]).toEqual([
    1,
    [
      ['rotto.p7m', 'invalid'],
      ['buono.p7m', 'valid'],
      ['modulo.txt', 'not_signed'],
      ['nulla.p7m', 'unverifiable'],
    ],
  ])
  expect(lines[1]).toMatchObject({
    format: 'p7m',
    signatures: [{ signer: 'PROVA ADA', changesAfterSigning: [] }],
    documentTimestamps: [],
  })
})

test('a detached signature with its content ends with code 0, in words', () => {
  const { code, out } = verify('staccata.p7s', '--content', 'modulo.txt', '--at', '31/12/2026', '--trust', 'off')
  expect([code, out]).toEqual([0, expect.stringContaining('Firma 1: PROVA ADA (PRVDAA80A41H501W)')])
})

test('what is written wrongly ends with code 2', () => {
  expect(verify().code).toBe(2)
  expect(verify('buono.p7m', '--at', '31/02/2026').code).toBe(2)
  expect(verify('buono.p7m', '--content', 'nulla')).toMatchObject({ code: 2, out: '' })
})
