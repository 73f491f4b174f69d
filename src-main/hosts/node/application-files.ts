import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'

/** Where the built application stands: the folder that holds `dist` and `package.json`. */
export interface ApplicationFiles {
  main: string
  preload: string
  renderer: string
  version: string
}

/** Throws when the folder is not that of the application. */
export function applicationFiles(root: string): ApplicationFiles {
  const { version } = z
    .object({ version: z.string() })
    .parse(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')))
  return {
    main: join(root, 'dist', 'main'),
    preload: join(root, 'dist', 'preload', 'preload.cjs'),
    renderer: join(root, 'dist', 'renderer'),
    version,
  }
}
