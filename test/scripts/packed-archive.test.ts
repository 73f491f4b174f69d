import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createPackage, uncacheAll } from '@electron/asar'
import { NtExecutable, NtExecutableResource } from 'resedit'
import { expect, test } from 'vitest'
import { fakeElectron } from '../../scripts/fake-electron-dist.ts'
import { fuseProblems } from '../../scripts/pack-contents.ts'
import { embeddedHashProblems, fuseWire, integrityProblems, packedFiles } from '../../scripts/packed-archive.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

async function smallArchive(): Promise<string> {
  const folder = temporaryFolder()
  const source = join(folder, 'sorgente')
  mkdirSync(join(source, 'dist'), { recursive: true })
  writeFileSync(join(source, 'package.json'), '{}')
  writeFileSync(join(source, 'dist', 'main.js'), 'original()')
  const archive = join(folder, 'app.asar')
  await createPackage(source, archive)
  return archive
}

test('an archive tells its files, and each has the bytes that were packed', async () => {
  const archive = await smallArchive()
  expect(packedFiles(archive)).toEqual([
    { path: 'dist/main.js', unpacked: false, bytes: 10 },
    { path: 'package.json', unpacked: false, bytes: 2 },
  ])
  expect(integrityProblems(archive)).toEqual([])
})

test('a file that was changed inside the archive is named', async () => {
  const archive = await smallArchive()
  const bytes = readFileSync(archive)
  bytes.write('tampered()', bytes.indexOf('original()'))
  writeFileSync(archive, bytes)
  uncacheAll()
  expect(integrityProblems(archive)).toEqual(['not the bytes that were packed: dist/main.js'])
})

test("an executable has to carry the hash of this very archive's header", async () => {
  const archive = await smallArchive()
  const executable = join(fakeElectron(join(temporaryFolder(), 'finto')), 'win', 'electron.exe')
  expect(embeddedHashProblems(executable, archive)).toEqual(['the executable carries no hash of the archive'])
  const exe = NtExecutable.from(readFileSync(executable))
  const resource = NtExecutableResource.from(exe)
  const carried = JSON.stringify([{ file: 'resources\\app.asar', alg: 'SHA256', value: '0'.repeat(64) }])
  const bin = new ArrayBuffer(carried.length)
  new Uint8Array(bin).set(Buffer.from(carried))
  resource.entries.push({ type: 'INTEGRITY', id: 'ELECTRONASAR', lang: 1033, codepage: 1200, bin })
  resource.outputResource(exe)
  writeFileSync(executable, Buffer.from(exe.generate()))
  expect(embeddedHashProblems(executable, archive)).toEqual(['the executable carries the hash of another archive'])
})

test('a runtime as it comes has other fuses than the packed application', async () => {
  const runtime = fakeElectron(join(temporaryFolder(), 'finto'))
  expect(fuseProblems(await fuseWire(join(runtime, 'linux', 'electron')))).toContain('fuse runAsNode is not off')
})
