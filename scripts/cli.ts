// npm run --silent cli: the command line. What a build has to say goes to the error stream.
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { ensureBuilt } from './ensure-built.ts'

if (ensureBuilt()) await import(pathToFileURL(join(import.meta.dirname, '..', 'dist', 'main', 'cli.js')).href)
else process.exitCode = 1
