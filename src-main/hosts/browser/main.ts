// The browser host: `npm start -- --browser`, or wherever no window can be opened.
import { enableCompileCache } from 'node:module'
import { join } from 'node:path'

// What was compiled at one start is there at the next. Beside the program, where nobody writes who may not change the
// program itself; a folder that cannot be written is done without.
enableCompileCache(join(import.meta.dirname, 'compile-cache'))
const { runBrowserHost } = await import('./program.ts')
await runBrowserHost(join(import.meta.dirname, '..', '..'))
