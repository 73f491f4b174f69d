// What a packed application may hold and has to hold: pure decisions, applied by pack-check.ts.

export type PackPlatform = 'linux' | 'win'

/** A file of the archive: its path with `/`, whether it lies beside the archive, its size in bytes. */
export interface PackedFile {
  path: string
  unpacked: boolean
  bytes: number
}

const MB = 1024 * 1024

/**
 * Entries of vite.main.config.ts that the window or pack:check starts: the command line and the sandbox as a program stay
 * outside. A new one is added here.
 */
export const programs: readonly string[] = [
  'browser-host',
  'copy-check-worker',
  'core-process',
  'electron-main',
  'index-worker',
  'inspection-worker',
  'keyring-process',
  'pdf-reader-worker',
  'sandbox-worker',
  'trust-refresh-worker',
  'verification-worker',
]

const native: Readonly<Record<PackPlatform, { sqlite: string; keyring: string }>> = {
  linux: { sqlite: 'linux-x64', keyring: 'linux-x64-gnu' },
  win: { sqlite: 'win32-x64', keyring: 'win32-x64-msvc' },
}

const anywhere: readonly RegExp[] = [
  /^package\.json$/,
  /^resources\/icon\.png$/,
  new RegExp(`^dist/main/(${programs.join('|')})\\.js$`),
  /^dist\/main\/chunks\/[A-Za-z0-9_.-]+\.js$/,
  /^dist\/preload\/preload\.cjs$/,
  /^dist\/renderer\/index\.html$/,
  /^dist\/renderer\/assets\/[A-Za-z0-9_.-]+\.(js|mjs|css|svg|png|woff2?)$/,
  /^dist\/renderer\/pdfjs\/[A-Za-z0-9_.-]+\.(js|pfb|ttf)$/,
  /^node_modules\/better-sqlite3\/(LICENSE|package\.json|lib\/[a-z0-9/-]+\.js)$/,
  /^node_modules\/@napi-rs\/keyring\/(LICENSE|package\.json|index\.js|keytar\.js)$/,
]

function nativeFiles(platform: PackPlatform): { sqlite: string; keyring: string; folder: string } {
  const { sqlite, keyring } = native[platform]
  const folder = `node_modules/@napi-rs/keyring-${keyring}/`
  return {
    sqlite: `node_modules/better-sqlite3/prebuilds/${sqlite}.node`,
    keyring: `${folder}keyring.${keyring}.node`,
    folder,
  }
}

/** What is wrong with the archive's files, each as a line; empty when they are all there and nothing else is. */
export function contentProblems(files: readonly PackedFile[], platform: PackPlatform): string[] {
  const { sqlite, keyring, folder } = nativeFiles(platform)
  const mayStand = ({ path }: PackedFile): boolean =>
    path === sqlite ||
    path === keyring ||
    (path.startsWith(folder) && /^(LICENSE\S*|package\.json)$/.test(path.slice(folder.length))) ||
    anywhere.some((pattern) => pattern.test(path))
  const there = new Set(files.map(({ path }) => path))
  const needed = [
    'package.json',
    'resources/icon.png',
    ...programs.map((name) => `dist/main/${name}.js`),
    'dist/preload/preload.cjs',
    'dist/renderer/index.html',
    'node_modules/better-sqlite3/package.json',
    sqlite,
    // The keyring's package for Windows is not installed elsewhere: npm takes the one of its own machine.
    ...(platform === 'win' && process.platform !== 'win32' ? [] : [keyring]),
  ]
  return [
    ...files.filter((file) => !mayStand(file)).map(({ path }) => `not to be packed: ${path}`),
    ...needed.filter((path) => !there.has(path)).map((path) => `missing: ${path}`),
    ...files
      .filter(({ path, unpacked }) => path.endsWith('.node') && !unpacked)
      .map(({ path }) => `a system cannot load it from inside the archive: ${path}`),
  ]
}

/** What stands around the archive: the runtime's own files (`runtime`, by their names there) and what is ours. */
export function surroundingProblems(
  files: readonly string[],
  runtime: readonly string[],
  platform: PackPlatform,
): string[] {
  const executable = platform === 'win' ? 'sportello-lra.exe' : 'sportello-lra'
  const ours = [executable, 'LICENSE.txt', 'LICENSE.electron.txt', 'resources/app.asar']
  const rest = files.filter((path) => !path.startsWith('resources/app.asar.unpacked/'))
  // Chromium's own words, in the languages that are used.
  const foreign = (path: string): boolean => path.startsWith('locales/') && !/^locales\/(it|en-US)\.pak$/.test(path)
  return [
    ...rest
      .filter((path) => (!ours.includes(path) && !runtime.includes(path)) || foreign(path))
      .map((path) => `not to be packed: ${path}`),
    ...ours.filter((path) => !files.includes(path)).map((path) => `missing: ${path}`),
  ]
}

/** The fuses as they have to be read back from the packed executable, by their place in the wire; null is as built. */
export const wantedFuses: readonly { place: number; name: string; on: boolean }[] = [
  { place: 0, name: 'runAsNode', on: false },
  { place: 1, name: 'enableCookieEncryption', on: true },
  { place: 2, name: 'enableNodeOptionsEnvironmentVariable', on: false },
  { place: 3, name: 'enableNodeCliInspectArguments', on: false },
  { place: 4, name: 'enableEmbeddedAsarIntegrityValidation', on: true },
  { place: 5, name: 'onlyLoadAppFromAsar', on: true },
  { place: 7, name: 'grantFileProtocolExtraPrivileges', on: false },
]

/** `wire`: the state of each fuse by its place, `0` or `1` as a character code. */
export function fuseProblems(wire: Readonly<Record<number, number | undefined>>): string[] {
  return wantedFuses
    .filter(({ place, on }) => wire[place] !== (on ? '1' : '0').charCodeAt(0))
    .map(({ name, on }) => `fuse ${name} is not ${on ? 'on' : 'off'}`)
}

const sizeGroups: readonly [string, RegExp][] = [
  ['program (dist/main)', /^dist\/main\//],
  ['screens (dist/renderer)', /^dist\/renderer\//],
  ['native packages', /^node_modules\//],
  ['the rest', /./],
]

/** Bytes of each part, in the order of `sizeGroups`. */
export function partSizes(files: readonly PackedFile[]): { part: string; bytes: number; count: number }[] {
  const sizes = sizeGroups.map(([part]) => ({ part, bytes: 0, count: 0 }))
  for (const { path, bytes } of files) {
    const size = sizes[sizeGroups.findIndex(([, pattern]) => pattern.test(path))]
    if (size === undefined) continue
    size.bytes += bytes
    size.count += 1
  }
  return sizes
}

/** Without the runtime: what a change of a dependency would add unnoticed. */
const MOST_BYTES = 32 * MB

export function sizeProblems(files: readonly PackedFile[]): string[] {
  const total = files.reduce((sum, { bytes }) => sum + bytes, 0)
  return total > MOST_BYTES
    ? [`the application takes ${(total / MB).toFixed(1)} MB, more than ${MOST_BYTES / MB} MB`]
    : []
}

/** The lines of the report on sizes. */
export function sizeLines(files: readonly PackedFile[]): string[] {
  return partSizes(files).map(
    ({ part, bytes, count }) => `  ${part.padEnd(26)} ${(bytes / MB).toFixed(2).padStart(7)} MB  ${count} files`,
  )
}
