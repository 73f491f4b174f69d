import { expect, test } from 'vitest'
import { errorCodes } from '../../src-main/contract/error.ts'
import { cliHelp } from '../../src-main/hosts/cli/cli-help.ts'
import { commandNames, parseCommandLine } from '../../src-main/hosts/cli/command-line.ts'
import { exitCodeOf } from '../../src-main/hosts/cli/exit-code.ts'
import { exportSubject } from '../../src-main/hosts/cli/export-subject.ts'

test('secrets among the arguments are refused with words', () => {
  for (const secret of ['--password', '--password=x', '--user', '-passphrase', '--totp=1']) {
    const parsed = parseCommandLine(['sync', secret, 'x'])
    expect([secret, parsed.kind === 'wrong' && parsed.message.includes('SPORTELLO_LRA_PASSWORD')]).toEqual([
      secret,
      true,
    ])
  }
})

test('what is missing or unknown is told in one line', () => {
  const wrong = [
    ['copy'],
    ['sync', 'x'],
    ['sync', '--fast'],
    ['sync', '--timeout', '0'],
    ['sync', '--demo', '--stdin'],
    ['upload', '--casella', 'a@b.it', '--tipo', 'altro'],
    ['upload', 'a.pdf', '--tipo', 'altro'],
    ['upload', 'cartella', '--min-confidence', '101'],
    ['upload', 'cartella', '--casella', 'a@b.it', '--tipo', 'altro', '--dry-run'],
    ['upload', 'a.pdf', '--casella', 'a@b.it', '--tipo', 'niente'],
    ['upload', 'a.pdf', '--casella', 'a@b.it', '--casella', 'c@b.it', '--tipo', 'altro'],
    ['form', 'contratto', '--casella', 'a@b.it', '--out', 'x.pdf'],
    ['form', 'delega', '--casella', 'a@b.it'],
    ['form', 'delega', '--casella', 'a@b.it', '--out', '-'],
    ['form', 'delega', '--out', 'x.pdf'],
    ['form', 'delega', '--casella', 'a@b.it', '--cerca', 'rossi', '--out', 'x.pdf'],
    ['form', 'delega', '--filter', 'colore=rosso', '--out', 'x.pdf'],
    ['form', 'delega', '--casella', 'a@b.it', '--out', 'x', '--format', 'csv'],
    ['export', 'fatture', '--out', 'x'],
    ['export', 'domini', '--out', 'x', '--cerca', 'y'],
    ['export', 'caselle', '--out', 'x', '--filter', 'colore=rosso'],
    ['export', 'caselle', '--out', 'x', '--format', 'doc'],
    ['export', 'caselle'],
    ['export', 'caselle', '--out', '-', '--json'],
  ]
  for (const args of wrong) expect([args, parseCommandLine(args).kind]).toEqual([args, 'wrong'])
})

test('a command carries its own arguments and the common ones', () => {
  const args = ['upload', 'a.pdf', 'b.p7m', '--casella', 'a@b.it', '--tipo', 'subentro', '--json', '--timeout', '9']
  expect(parseCommandLine(args)).toMatchObject({
    command: { name: 'upload', files: ['a.pdf', 'b.p7m'], tipo: 'subentro', options: { json: true, timeoutMs: 9000 } },
  })
})

test('forms go into the kind of file that its name says, of several caselle or of a filter', () => {
  const of = (...args: string[]) => parseCommandLine(['form', 'delega', ...args])
  expect(of('--casella', 'a@b.it', '--casella', 'c@b.it', '--out', 'x')).toMatchObject({
    command: { name: 'form', asked: { kind: 'delega', format: 'pdf', caselle: ['a@b.it', 'c@b.it'] } },
  })
  expect(of('--filter', 'stato=attiva', '--out', 'x.ZIP')).toMatchObject({
    command: { asked: { format: 'zip', filters: [{ name: 'stato', value: 'attiva' }] } },
  })
})

test('each command has its help, with the exit codes', () => {
  for (const name of [null, ...commandNames]) expect(cliHelp(name)).toContain('Codici di uscita: 0 fatto')
  expect(parseCommandLine(['upload', '--help'])).toEqual({ kind: 'help', name: 'upload' })
  expect(parseCommandLine([])).toEqual({ kind: 'help', name: null })
})

test('every error has an exit code that is not success', () => {
  expect(errorCodes.filter((code) => exitCodeOf(code) === 0)).toEqual([])
})

test('a folder alone is uploaded as a lotto, with the confidence below which a person decides', () => {
  expect(parseCommandLine(['upload', 'documenti', '--dry-run'])).toMatchObject({
    command: { name: 'upload-folder', folder: 'documenti', dryRun: true, minConfidence: 85 },
  })
  expect(parseCommandLine(['upload', 'documenti', '--min-confidence', '100', '--json'])).toMatchObject({
    command: { dryRun: false, minConfidence: 100, options: { json: true } },
  })
})

test('an export takes its format from its option or from the file, and its filters by name', () => {
  const asked = (...args: string[]) => {
    const parsed = parseCommandLine(['export', ...args])
    return parsed.kind === 'command' && parsed.command.name === 'export' ? parsed.command.asked : null
  }
  expect(asked('caselle', '--out', 'a.XLSX')?.format).toBe('xlsx')
  expect(asked('caselle', '--out', 'a.txt')).toMatchObject({ format: 'csv', personal: false, filters: [] })
  const titolari = asked(
    'titolari',
    '--out',
    'a',
    '--format',
    'pdf',
    '--filter',
    'cognome=De =',
    '--con-dati-personali',
  )
  expect(titolari).toMatchObject({ format: 'pdf', personal: true, filters: [{ name: 'cognome', value: 'De =' }] })
  if (titolari === null) throw new Error('not an export')
  const known = { domini: [{ id: 'd1', nome: 'pec.it' }], assistenti: [] }
  expect(exportSubject(titolari, known)).toMatchObject({ list: 'titolari', filters: { cognome: 'De =' } })
  const filters = [
    { name: 'dominio', value: 'PEC.it' },
    { name: 'dal', value: '1/2/2025' },
  ]
  const caselle = { ...titolari, list: 'caselle' as const, filters }
  expect(exportSubject(caselle, known)).toMatchObject({ dominioId: 'd1', inseritaDal: '2025-02-01' })
  const wrong = { ...caselle, filters: [{ name: 'stato', value: 'blu' }] }
  expect(() => exportSubject(wrong, known)).toThrow('il filtro stato non ammette il valore blu')
})
