import { ErrorCode } from '../../contract/error.ts'
import type { Status, SyncProgress } from '../../contract/status.ts'
import type { Core } from '../../core.ts'
import { CliError, commandError } from './cli-error.ts'
import type { CommonOptions } from './command-line.ts'
import { call, status, waitUntil } from './core-call.ts'
import { exitCodes } from './exit-code.ts'
import { signIn } from './sign-in.ts'

const stages: Record<SyncProgress['stage'], string> = {
  snapshot: 'Ricezione dei dati',
  changes: 'Ricezione delle modifiche',
  search_index: 'Preparazione della ricerca',
}

function showProgress({ sync }: Status): void {
  if (!process.stderr.isTTY) return
  const total = sync?.total == null ? '' : ` di ${sync.total}`
  process.stderr.write(sync === null ? '\r\u001b[K' : `\r\u001b[K${stages[sync.stage]}: ${sync.done}${total}`)
}

async function aligned(core: Core, limitMs: number): Promise<Status> {
  const before = (await status(core)).lastAlignedAt
  await call(core, 'sync.start', {})
  const seen = await waitUntil(
    core,
    limitMs,
    async () => {
      const now = await status(core)
      showProgress(now)
      return now
    },
    ({ connection, sync, lastAlignedAt }) =>
      sync === null &&
      ((connection === 'aligned' && lastAlignedAt !== before) ||
        connection === 'offline' ||
        connection === 'intercepted' ||
        connection === 'error' ||
        connection === 'session_expired'),
  )
  showProgress({ ...seen, sync: null })
  return seen
}

/** Aligns the archive now. Throws CliError with why it did not come to an end. */
export async function align(core: Core, options: CommonOptions): Promise<Status> {
  let seen = await aligned(core, options.timeoutMs)
  if (seen.connection === 'session_expired') {
    await signIn(core, options, seen)
    seen = await aligned(core, options.timeoutMs)
  }
  if (seen.connection === 'aligned') return seen
  if (seen.connection === 'session_expired') throw commandError('session_expired')
  const code = ErrorCode.safeParse(seen.lastError)
  if (code.success) throw commandError(code.data)
  if (seen.connection === 'offline') throw commandError('provider_unreachable')
  throw new CliError('timeout', 'L’allineamento non è finito nel tempo concesso da --timeout.', exitCodes.failed)
}
