// npm run sandbox: the "gestore di prova" on its own.
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { endWithNpm } from './end-with-npm.ts'
import { ensureBuilt } from './ensure-built.ts'

endWithNpm()

if (ensureBuilt()) await import(pathToFileURL(join(import.meta.dirname, '..', 'dist', 'main', 'sandbox.js')).href)
else process.exitCode = 1
