import { basename, join } from 'node:path'
import { build } from 'vite'
import shipped from '../../vite.main.config.ts'

const root = join(import.meta.dirname, '..', '..')
/** Below the native packages, which are not bundled. */
const folder = join(root, 'node_modules', '.cache', 'misura')

/**
 * A program of these sources, bundled as the application's own are; answers its path. Run as TypeScript it would have the
 * compiler of its types in its memory, which nobody has who works with the application.
 */
export async function asShipped(source: string): Promise<string> {
  const name = basename(source, '.ts')
  const { rolldownOptions } = shipped.build ?? {}
  await build({
    ...shipped,
    configFile: false,
    root,
    logLevel: 'warn',
    build: {
      ...shipped.build,
      outDir: folder,
      emptyOutDir: false,
      rolldownOptions: { ...rolldownOptions, input: { [name]: source } },
    },
  })
  return join(folder, `${name}.js`)
}
