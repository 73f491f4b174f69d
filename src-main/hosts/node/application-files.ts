import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'

/** Where the built application stands: the folder that holds `dist` and `package.json`. */
export interface ApplicationFiles {
  main: string
  preload: string
  renderer: string
  icon: string
  version: string
  /** Where newer versions come from: written into the packed package.json by scripts/dist.ts. */
  updates: { url: string | null; publicKey: string | null }
}

const Package = z.object({
  version: z.string(),
  aggiornamenti: z.object({ url: z.string().nullable(), publicKey: z.string().nullable() }).optional(),
})

/** Throws when the folder is not that of the application. */
export function applicationFiles(root: string): ApplicationFiles {
  const { version, aggiornamenti } = Package.parse(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')))
  return {
    main: join(root, 'dist', 'main'),
    preload: join(root, 'dist', 'preload', 'preload.cjs'),
    renderer: join(root, 'dist', 'renderer'),
    icon: join(root, 'resources', 'icon.png'),
    version,
    updates: aggiornamenti ?? { url: null, publicKey: null },
  }
}
