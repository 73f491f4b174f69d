import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join, posix, win32 } from 'node:path'
import { chromium } from 'playwright'
import { installDebianPackages, isDebianRoot } from './debian-packages.ts'

/** Where an installed Chrome, Edge or Chromium may be; CHROMIUM_PATH comes before all. */
export function browserCandidates(platform: NodeJS.Platform, env: NodeJS.ProcessEnv): string[] {
  const named = env['CHROMIUM_PATH'] ? [env['CHROMIUM_PATH']] : []
  if (platform === 'win32') {
    const folders = [env['PROGRAMFILES'], env['PROGRAMFILES(X86)'], env['LOCALAPPDATA']].filter((folder) => !!folder)
    const programs = ['Google\\Chrome\\Application\\chrome.exe', 'Microsoft\\Edge\\Application\\msedge.exe']
    return [...named, ...programs.flatMap((program) => folders.map((folder) => win32.join(folder ?? '', program)))]
  }
  if (platform === 'darwin') {
    const apps = ['Google Chrome', 'Microsoft Edge', 'Chromium']
    return [...named, ...apps.map((app) => `/Applications/${app}.app/Contents/MacOS/${app}`)]
  }
  const programs = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome', 'microsoft-edge']
  return [...named, ...programs.map((program) => posix.join('/usr/bin', program)), '/snap/bin/chromium']
}

/** The browser of the end-to-end tests: an installed one, else the one that Playwright has downloaded; null for none. */
export function findBrowser(): string | null {
  const candidates = [...browserCandidates(process.platform, process.env), chromium.executablePath()]
  return candidates.find((path) => existsSync(path)) ?? null
}

function run(program: string, args: string[]): void {
  spawnSync(program, args, { stdio: ['ignore', 'inherit', 'inherit'], windowsHide: true })
}

/** A browser, installed now when there is none: by Playwright, else by Debian's own package. Null when nothing helped. */
export function installedBrowser(): string | null {
  const found = findBrowser()
  if (found !== null) return found
  const root = join(import.meta.dirname, '..')
  process.stdout.write('no browser found: installing Chromium\n')
  run(process.execPath, [join(root, 'node_modules', 'playwright', 'cli.js'), 'install', 'chromium'])
  // What Playwright downloads needs libraries that a bare Debian lacks; its own package brings them along.
  const lacksLibraries = findBrowser() !== null && isDebianRoot() && !canRun(chromium.executablePath())
  if (isDebianRoot() && (findBrowser() === null || lacksLibraries)) {
    installDebianPackages('chromium')
  }
  return findBrowser()
}

function canRun(path: string): boolean {
  return spawnSync(path, ['--version'], { stdio: 'ignore', timeout: 20_000 }).status === 0
}
