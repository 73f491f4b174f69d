import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import type { Status } from '../../contract/status.ts'
import type { Core } from '../../core.ts'
import { demoUsers } from '../../sandbox/demo-users.ts'
import { CliError, commandError, usageError } from './cli-error.ts'
import type { CommonOptions } from './command-line.ts'
import { call, status } from './core-call.ts'
import { exitCodes } from './exit-code.ts'

interface Credentials {
  url: string
  user: string
  password: string
}

/** The first two lines of the standard input. */
async function twoLines(input: Readable): Promise<{ user: string; password: string }> {
  const lines: string[] = []
  for await (const line of createInterface({ input })) {
    lines.push(line)
    if (lines.length === 2) break
  }
  const [user = '', password = ''] = lines
  return { user, password }
}

/** Demo credentials go only to a provider that says of itself that it is one of generated data. */
async function checkIsTrial(core: Core, url: string): Promise<void> {
  const { environment } = await call(core, 'rete.environment', { url })
  if (environment !== 'prova')
    throw new CliError(
      'not_a_trial',
      'Il gestore indicato non è un gestore di prova: le credenziali di prova non gli sono state inviate.',
      exitCodes.usage,
    )
}

async function credentials(core: Core, options: CommonOptions, current: Status): Promise<Credentials> {
  if (options.demo && options.providerUrl === null) return call(core, 'demo.start', {})
  const url = options.providerUrl ?? current.provider?.url
  if (url === undefined) throw usageError('Manca l’indirizzo del gestore: indicarlo con --provider.')
  if (options.demo) {
    await checkIsTrial(core, url)
    return { url, user: demoUsers.demo.user, password: demoUsers.demo.password }
  }
  const { user, password } = options.stdin
    ? await twoLines(process.stdin)
    : { user: process.env['SPORTELLO_LRA_USER'] ?? '', password: process.env['SPORTELLO_LRA_PASSWORD'] ?? '' }
  if (user === '' || password === '') throw commandError('not_signed_in')
  return { url, user, password }
}

const passphrase = (): { passphrase?: string } => {
  const text = process.env['SPORTELLO_LRA_PASSPHRASE'] ?? ''
  return text === '' ? {} : { passphrase: text }
}

/** Opens an archive that waits for its passphrase, where one was given. */
export async function unlock(core: Core): Promise<Status> {
  const current = await status(core)
  const given = passphrase().passphrase
  return current.phase === 'locked' && given !== undefined
    ? call(core, 'archive.unlock', { passphrase: given })
    : current
}

export async function signIn(core: Core, options: CommonOptions, current: Status): Promise<Status> {
  return call(core, 'session.login', { ...(await credentials(core, options, current)), ...passphrase() })
}

/**
 * The archive open and somebody signed in; signs in where that is missing. A provider other than the one that the
 * archive belongs to is signed in to anew.
 */
export async function signedIn(core: Core, options: CommonOptions): Promise<Status> {
  const current = await unlock(core)
  if (current.phase === 'locked') throw commandError('archive_locked')
  if (current.phase === 'ready' && current.connection !== 'session_expired' && !options.demo) return current
  return signIn(core, options, current)
}
