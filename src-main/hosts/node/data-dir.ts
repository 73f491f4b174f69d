import { homedir } from 'node:os'
import { posix, win32 } from 'node:path'
import { givenPath } from './given-path.ts'

const NAME = 'sportello-lra'

/**
 * The folder of this user's data where none is given, by the custom of the operating system.
 * `home` is the user's home folder; an empty variable counts as not set.
 */
export function defaultDataDir(platform: NodeJS.Platform, env: NodeJS.ProcessEnv, home: string): string {
  if (platform === 'win32') return win32.join(env['APPDATA'] || win32.join(home, 'AppData', 'Roaming'), NAME)
  if (platform === 'darwin') return posix.join(home, 'Library', 'Application Support', NAME)
  const xdg = env['XDG_DATA_HOME']
  // The XDG rule: a relative path there is to be ignored.
  return posix.join(xdg?.startsWith('/') === true ? xdg : posix.join(home, '.local', 'share'), NAME)
}

/** The folder that the person gave, or else this user's. */
export function dataDirOf(given: string | null): string {
  return given === null ? defaultDataDir(process.platform, process.env, homedir()) : givenPath(given)
}
