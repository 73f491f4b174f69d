// node scripts/sign-updates.ts [--staging N]: signs the descriptions of versions in release/ anew, after a change or for
// another share of machines (percent). The key is SPORTELLO_LRA_UPDATE_KEY.
import { join } from 'node:path'
import { signDescriptions, updatesKey } from './update-descriptions.ts'

const path = process.env['SPORTELLO_LRA_UPDATE_KEY'] ?? ''
const at = process.argv.indexOf('--staging')
const staging = at < 0 ? null : Number(process.argv[at + 1])

if (path === '') {
  process.stderr.write('SPORTELLO_LRA_UPDATE_KEY names no key\n')
  process.exitCode = 2
} else if (staging !== null && !(Number.isInteger(staging) && staging >= 1 && staging <= 100)) {
  process.stderr.write('--staging takes a whole number from 1 to 100\n')
  process.exitCode = 2
} else
  for (const name of signDescriptions(join(import.meta.dirname, '..', 'release'), updatesKey(path), staging))
    process.stdout.write(`${name}: signed\n`)
