// npm run dist -- [--win] [--linux] [--dir]: the installers, with what depends on who distributes from the environment
// (README, "Installers"). No secret stands in the repository or reaches the package.
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { Arch, build, Platform } from 'electron-builder'
import { distributionOf } from './distribution.ts'
import { ensureBuilt } from './ensure-built.ts'
import { sizeLines } from './pack-contents.ts'
import { packedFiles } from './packed-archive.ts'
import { signDescriptions, updatesKey } from './update-descriptions.ts'

const root = join(import.meta.dirname, '..')
const release = join(root, 'release')

const megabytes = (bytes: number): string => `${(bytes / 1024 / 1024).toFixed(1)} MB`

async function main(): Promise<void> {
  if (!ensureBuilt()) {
    process.exitCode = 1
    return
  }
  const args = process.argv.slice(2)
  const keyPath = process.env['SPORTELLO_LRA_UPDATE_KEY'] ?? ''
  const key = keyPath === '' ? null : updatesKey(keyPath)
  const platforms = [
    ...(args.includes('--win') ? [Platform.WINDOWS] : []),
    ...(args.includes('--linux') ? [Platform.LINUX] : []),
  ]
  for (const platform of platforms.length > 0 ? platforms : [Platform.current()])
    await build({
      projectDir: root,
      targets: platform.createTarget(args.includes('--dir') ? 'dir' : null, Arch.x64),
      publish: 'never',
      config: distributionOf(process.env, key?.publicKey ?? null),
    })
  const made = readdirSync(release)
  if (key !== null) for (const name of signDescriptions(release, key, null)) process.stdout.write(`${name}: signed\n`)
  for (const name of made.filter((each) => /\.(exe|AppImage|deb)$/.test(each)))
    process.stdout.write(`${name}: ${megabytes(statSync(join(release, name)).size)}\n`)
  for (const folder of made.filter((each) => each.endsWith('-unpacked'))) {
    const archive = join(release, folder, 'resources', 'app.asar')
    process.stdout.write(`${folder}, beside the runtime:\n${sizeLines(packedFiles(archive)).join('\n')}\n`)
  }
}

await main()
