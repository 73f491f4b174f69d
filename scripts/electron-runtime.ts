import { spawn, spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const REACH_LIMIT_MS = 5_000
const DOWNLOAD_LIMIT_MS = 300_000
/** A window that ends badly sooner than this never opened. */
const STARTED_AFTER_MS = 15_000

export interface Machine {
  platform: NodeJS.Platform
  env: NodeJS.ProcessEnv
  /** The numeric user; null on Windows. */
  uid: number | null
}

/** Why no window can be opened here, as the Italian sentence that the person reads; null when nothing speaks against it. */
export function noWindowReason({ platform, env, uid }: Machine): string | null {
  if (platform === 'linux' && !env['DISPLAY'] && !env['WAYLAND_DISPLAY'])
    return 'Nessuno schermo disponibile per la finestra:'
  // Chromium does not sandbox its pages for root, and a page without sandbox is not opened here.
  if (platform === 'linux' && uid === 0) return "La finestra non si apre per l'utente root:"
  return null
}

/** The executable of an installed Electron runtime; null when there is none. */
export function installedElectron(root: string, env: NodeJS.ProcessEnv, platform: NodeJS.Platform): string | null {
  const packageDir = join(root, 'node_modules', 'electron')
  const pathFile = join(packageDir, 'path.txt')
  const name = existsSync(pathFile)
    ? readFileSync(pathFile, 'utf8').trim()
    : ({ win32: 'electron.exe', darwin: 'Electron.app/Contents/MacOS/Electron' }[platform as string] ?? 'electron')
  const override = env['ELECTRON_OVERRIDE_DIST_PATH']
  const executable = join(override === undefined || override === '' ? join(packageDir, 'dist') : override, name)
  return existsSync(executable) ? executable : null
}

/** The runtime for the specs of the window, which download none; or why there is no window to be had, in English. */
export function electronForSpecs(root: string): { executable: string } | { reason: string } {
  const executable = installedElectron(root, process.env, process.platform)
  if (executable === null)
    return {
      reason: 'no Electron runtime is installed (npm start downloads it; ELECTRON_OVERRIDE_DIST_PATH names one)',
    }
  const none = noWindowReason({ platform: process.platform, env: process.env, uid: process.getuid?.() ?? null })
  if (none === null) return { executable }
  return { reason: 'there is no display, or the user is root, for whom Chromium has no sandbox' }
}

/** Whether the place of the download answers at all; a proxy or a mirror is taken at its word. */
async function canReachDownload(env: NodeJS.ProcessEnv): Promise<boolean> {
  if (['ELECTRON_MIRROR', 'npm_config_electron_mirror', 'HTTPS_PROXY', 'https_proxy'].some((name) => env[name]))
    return true
  try {
    await fetch('https://github.com/electron/electron/releases', {
      method: 'HEAD',
      redirect: 'manual',
      signal: AbortSignal.timeout(REACH_LIMIT_MS),
    })
    return true
  } catch {
    return false
  }
}

/** Downloads the runtime with the package's own installer, which checks its hash. Answers the executable or null. */
async function downloadedElectron(root: string): Promise<string | null> {
  if (!(await canReachDownload(process.env))) return null
  process.stderr.write('Scaricamento di Electron (circa 120 MB, una volta sola)...\n')
  spawnSync(process.execPath, [join(root, 'node_modules', 'electron', 'install.js')], {
    stdio: 'ignore',
    timeout: DOWNLOAD_LIMIT_MS,
    env: { ...process.env, ELECTRON_GET_USE_PROXY: '1' },
  })
  return installedElectron(root, process.env, process.platform)
}

/**
 * Opens the window and waits until it is closed: answers 'closed', with the exit code set. Answers an Italian sentence,
 * ending in a colon, when no window could be opened.
 */
export async function runElectron(root: string, args: readonly string[]): Promise<string> {
  const reason = noWindowReason({ platform: process.platform, env: process.env, uid: process.getuid?.() ?? null })
  if (reason !== null) return reason
  const executable =
    installedElectron(root, process.env, process.platform) ?? (await downloadedElectron(root).catch(() => null))
  if (executable === null) return 'Electron non è installato e non si è potuto scaricare:'
  const startedAt = Date.now()
  const child = spawn(executable, [root, ...args], { stdio: 'inherit', windowsHide: false })
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal))
  const code = await new Promise<number | null>((resolve) => {
    child.on('error', () => {
      resolve(-1)
    })
    child.on('exit', (exit, signal) => {
      resolve(signal === 'SIGINT' || signal === 'SIGTERM' ? 0 : exit)
    })
  })
  if (code !== 0 && Date.now() - startedAt < STARTED_AFTER_MS) return 'Electron non è riuscito ad aprire la finestra:'
  process.exitCode = code ?? 1
  return 'closed'
}
