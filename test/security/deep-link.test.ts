import { expect, test } from 'vitest'
import { deepLinkPath, isDeepLink } from '../../src-main/hosts/electron/deep-link.ts'
import { documentPath, readLaunch, VERIFY_PATH } from '../../src-main/hosts/electron/launch-arguments.ts'

test('an address opens a casella, a segnalazione or a list', () => {
  expect(deepLinkPath('sportello-lra://casella/c-00012')).toBe('/caselle/c-00012')
  // Browsers write the host of an address in small letters and may add a stroke.
  expect(deepLinkPath('SPORTELLO-LRA://Casella/c-00012/')).toBe('/caselle/c-00012')
  expect(deepLinkPath('sportello-lra://segnalazione/s_1')).toBe('/supporto?segnalazione=s_1')
  expect(deepLinkPath('sportello-lra://coda')).toBe('/coda')
})

test('nothing else opens anything', () => {
  const hostile = [
    'sportello-lra://',
    'sportello-lra:casella/1',
    'sportello-lra:///casella/1',
    'sportello-lra://casella',
    'sportello-lra://casella/',
    'sportello-lra://casella/..',
    'sportello-lra://casella/../impostazioni',
    'sportello-lra://casella/%2e%2e%2fimpostazioni',
    'sportello-lra://casella/1/2',
    'sportello-lra://casella/1?x=1',
    'sportello-lra://casella/1#/impostazioni',
    'sportello-lra://casella/1\\2',
    'sportello-lra://casella/javascript:alert(1)',
    'sportello-lra://casella/<script>',
    'sportello-lra://casella/1 --inspect',
    'sportello-lra://casella/1\n',
    'sportello-lra://casella/1\u0000',
    'sportello-lra://casella/\u202Ec',
    'sportello-lra://user@casella/1',
    'sportello-lra://casella:80/1',
    `sportello-lra://casella/${'x'.repeat(200)}`,
    'sportello-lra://impostazioni',
    'sportello-lra://caselle/elimina',
    'sportello-lra://constructor/x',
    'sportello-lra://__proto__/x',
    'sportello-lrax://casella/1',
    'https://casella/1',
    'javascript:alert(1)',
    '',
  ]
  expect(hostile.filter((address) => deepLinkPath(address) !== null)).toEqual([])
})

test('a start by an address carries nothing else, whatever its author has added', () => {
  const added = [
    'sportello-lra://casella/c1',
    '--data',
    '\\\\evil.example\\share',
    'C:\\x\\a.pdf',
    '--provider=https://evil.example',
  ]
  expect(readLaunch(added, 'C:\\', 'win32')).toEqual({ open: '/caselle/c1', files: [], options: [] })
  const malformed = ['sportello-lra://casella/..', '--data', '/tmp/x', '/tmp/a.pdf']
  expect(readLaunch(malformed, '/', 'linux')).toEqual({ open: null, files: [], options: [] })
  expect(isDeepLink('Sportello-LRA:qualcosa')).toBe(true)
})

test('a document that the system hands over is verified; flags keep their values', () => {
  expect(readLaunch(['/home/a/atto.pdf.p7m'], '/', 'linux')).toEqual({
    open: VERIFY_PATH,
    files: ['/home/a/atto.pdf.p7m'],
    options: [],
  })
  // From the folder of the other start.
  expect(readLaunch(['atto.PDF'], '/home/a', 'linux').files).toEqual(['/home/a/atto.PDF'])
  expect(readLaunch(['D:\\Atti\\atto firmato.p7m'], 'C:\\', 'win32').files).toEqual(['D:\\Atti\\atto firmato.p7m'])
  expect(readLaunch(['\\\\server\\atti\\a.pdf'], 'C:\\', 'win32').files).toEqual(['\\\\server\\atti\\a.pdf'])
  expect(
    readLaunch(['--data', '/dati/vecchi.pdf', '--allow-file-access-from-files', '--port=9000'], '/', 'linux'),
  ).toEqual({
    open: null,
    files: [],
    options: ['--data', '/dati/vecchi.pdf', '--port=9000'],
  })
})

test('what is no document on a disk is not opened', () => {
  const refused: [string, NodeJS.Platform][] = [
    ['', 'linux'],
    ['--file.pdf', 'linux'],
    ['/etc/passwd', 'linux'],
    ['/home/a/programma.exe', 'linux'],
    ['/home/a/x.pdf\u0000.exe', 'linux'],
    ['/home/a/x.pdf\n', 'linux'],
    ['file:///home/a/x.pdf', 'linux'],
    ['https://evil.example/x.pdf', 'linux'],
    ['javascript:x.pdf', 'linux'],
    ['\\\\.\\PhysicalDrive0.pdf', 'win32'],
    ['\\\\?\\C:\\x.pdf', 'win32'],
    ['//./pipe/x.pdf', 'win32'],
    ['C:\\a.txt:nascosto.pdf', 'win32'],
    ['smb:x.pdf', 'win32'],
    [`/${'x'.repeat(40_000)}.pdf`, 'linux'],
  ]
  expect(refused.filter(([argument, platform]) => documentPath(argument, '/', platform) !== null)).toEqual([])
})
