// npm start: builds what is stale, then opens the window, or the browser where no window can be had.
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { parseStartOptions, startHelp } from '../src-main/hosts/node/start-options.ts'
import { runElectron } from './electron-runtime.ts'
import { endWithNpm } from './end-with-npm.ts'
import { ensureBuilt } from './ensure-built.ts'

endWithNpm()
const root = join(import.meta.dirname, '..')
const args = process.argv.slice(2)
const parsed = parseStartOptions(args)

if (parsed.kind === 'help') {
  process.stdout.write(startHelp)
} else if (parsed.kind === 'wrong') {
  process.stderr.write(parsed.message + '\n')
  process.exitCode = 2
} else if (!ensureBuilt()) {
  process.exitCode = 1
} else {
  const reason = parsed.options.browser ? null : await runElectron(root, args)
  if (reason !== 'closed') {
    if (reason !== null) process.stderr.write(`${reason} Sportello LRA si apre nel browser.\n`)
    await import(pathToFileURL(join(root, 'dist', 'main', 'browser-host.js')).href)
  }
}
