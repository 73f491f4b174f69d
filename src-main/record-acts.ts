import type { Done } from './answer-envelope.ts'
import { errorDataOf } from './command-error.ts'
import type { Log } from './diagnostics/log.ts'
import { idsIn, isRecorded } from './registro-operatori/recorded-channels.ts'
import type { GuardedWorkplace } from './screen-lock/guarded-workplace.ts'

/** A file, which is not handed over before its act is recorded. */
function isFile(answer: unknown): boolean {
  return typeof answer === 'object' && answer !== null && 'base64' in answer
}

/**
 * Records what operators do, once it has gone well. A change that stands in the outbox is not taken back because its
 * record cannot be written; a file is not handed over then.
 */
export function recordActs(work: Pick<GuardedWorkplace, 'archive' | 'status'>, log: Log): Done {
  return (channel, request, answer) => {
    if (!isRecorded(channel)) return
    try {
      // Signing out closes the archive: its record stands there by then, or there is none to write in.
      if (work.status().phase !== 'ready') return
      work.archive().atti.record(channel, [...idsIn(request), ...idsIn(answer)])
    } catch (error) {
      if (isFile(answer)) throw error
      log('command.failed', { channel: 'registroOperatori', code: errorDataOf(error).code })
    }
  }
}
