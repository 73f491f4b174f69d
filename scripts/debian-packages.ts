import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'

export function isDebianRoot(): boolean {
  return existsSync('/etc/debian_version') && process.getuid?.() === 0
}

/** Installs packages of Debian, where that can be done; says on the terminal what it does. */
export function installDebianPackages(...names: string[]): void {
  for (const args of [['update'], ['install', '-y', '--no-install-recommends', ...names]]) {
    spawnSync('apt-get', args, {
      stdio: ['ignore', 'inherit', 'inherit'],
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    })
  }
}
