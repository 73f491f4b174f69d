import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join, relative, sep } from 'node:path'

/** A part of the application that is built on its own. */
export interface BuildPart {
  name: 'main' | 'preload' | 'renderer'
  config: string
  /** Folder of the result, which also holds the stamp. */
  output: string
  /** Files that have to be there for the result to be whole. */
  results: readonly string[]
  /** Files and folders that the result is made from. */
  sources: readonly string[]
}

const everyPart = ['package.json', 'package-lock.json']

export const buildParts: readonly BuildPart[] = [
  {
    name: 'main',
    config: 'vite.main.config.ts',
    output: 'dist/main',
    results: [
      'browser-host.js',
      'cli.js',
      'electron-main.js',
      'core-process.js',
      'sandbox.js',
      'sandbox-worker.js',
      'verification-worker.js',
    ],
    sources: [...everyPart, 'vite.main.config.ts', 'src-main', 'src-renderer/locales/it', 'resources'],
  },
  {
    name: 'preload',
    config: 'vite.preload.config.ts',
    output: 'dist/preload',
    results: ['preload.cjs'],
    sources: [...everyPart, 'vite.preload.config.ts', 'src-main/hosts/electron', 'src-main/contract'],
  },
  {
    name: 'renderer',
    config: 'vite.config.ts',
    output: 'dist/renderer',
    results: ['index.html'],
    sources: [
      ...everyPart,
      'vite.config.ts',
      'scripts/pdfjs-files.ts',
      'src-renderer',
      'src-main/contract',
      'src-main/provider-contract',
      'resources',
    ],
  },
]

const STAMP = '.build-stamp'

function* filesBelow(path: string): Generator<string> {
  const stat = statSync(path, { throwIfNoEntry: false })
  if (stat === undefined) return
  if (stat.isFile()) yield path
  else for (const name of readdirSync(path).sort()) yield* filesBelow(join(path, name))
}

/** Hash over the names and contents of a part's sources, the same on every machine and after every checkout. */
export function sourceStamp(root: string, sources: readonly string[]): string {
  const hash = createHash('sha256')
  for (const source of sources) {
    for (const file of filesBelow(join(root, source))) {
      if (file.endsWith('.test.ts')) continue
      hash.update(relative(root, file).split(sep).join('/')).update('\0').update(readFileSync(file)).update('\0')
    }
  }
  return hash.digest('hex')
}

/** Whether a result has to be built again; `built` is the stamp found beside it, null when there is none. */
export function isStale(current: string, built: string | null, missing: readonly string[]): boolean {
  return built === null || built.trim() !== current || missing.length > 0
}

export function stampPath(root: string, part: BuildPart): string {
  return join(root, part.output, STAMP)
}

export function staleParts(root: string): BuildPart[] {
  return buildParts.filter((part) => {
    const missing = part.results.filter(
      (file) => statSync(join(root, part.output, file), { throwIfNoEntry: false }) === undefined,
    )
    let built: string | null = null
    try {
      built = readFileSync(stampPath(root, part), 'utf8')
    } catch {
      // No stamp: the part was never built, or a build was cut short.
    }
    return isStale(sourceStamp(root, part.sources), built, missing)
  })
}
