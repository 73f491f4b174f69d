import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { staleParts } from './build-stamp.ts'

const root = join(import.meta.dirname, '..')

/**
 * Builds what is stale, in a process of its own whose words go to the error stream: the standard output stays the
 * application's. Answers false when the build failed.
 */
export function ensureBuilt(): boolean {
  if (staleParts(root).length === 0) return true
  process.stderr.write('Preparazione dei file, un momento...\n')
  const build = spawnSync(process.execPath, [join(root, 'scripts', 'build.ts'), '--if-stale'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
  })
  if (build.status === 0) return true
  process.stderr.write('La preparazione dei file non è riuscita: le righe qui sopra dicono perché.\n')
  return false
}
