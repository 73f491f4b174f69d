// Builds the application into dist/. `--if-stale` builds only the parts whose sources have changed.
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'vite'
import { buildParts, sourceStamp, staleParts, stampPath } from './build-stamp.ts'

const root = join(import.meta.dirname, '..')
process.chdir(root)
const quiet = process.argv.includes('--if-stale')

for (const part of quiet ? staleParts(root) : buildParts) {
  const stamp = sourceStamp(root, part.sources)
  rmSync(stampPath(root, part), { force: true })
  await build({ configFile: join(root, part.config), logLevel: quiet ? 'warn' : 'info' })
  writeFileSync(stampPath(root, part), stamp)
}
