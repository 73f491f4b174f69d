import type { ChannelName, ChannelRequest, ChannelResponse } from '../../contract/channels.ts'
import { ENVELOPE_VERSION } from '../../contract/envelope.ts'
import type { Status } from '../../contract/status.ts'
import type { Core } from '../../core.ts'
import { commandError } from './cli-error.ts'

/** Asks the core on one channel. Throws CliError. */
export async function call<C extends ChannelName>(
  core: Core,
  channel: C,
  body: ChannelRequest<C>,
): Promise<ChannelResponse<C>> {
  const answer = await core.request({ v: ENVELOPE_VERSION, id: 'cli', channel, body })
  if (!answer.ok) throw commandError(answer.error.code, '', answer.error.details)
  // The core parsed its answer with this channel's own schema.
  return answer.data as ChannelResponse<C>
}

const LOOK_EVERY_MS = 500

/**
 * Looks at what `look` reads whenever the core tells of something, and twice a second, until `done` or the end of the
 * time; answers what was read last.
 */
export function waitUntil<T>(
  core: Core,
  limitMs: number,
  look: () => Promise<T>,
  done: (seen: T) => boolean,
): Promise<T> {
  const deadline = Date.now() + limitMs
  return new Promise((resolve, reject) => {
    let looking = false
    const finish = (end: () => void): void => {
      clearInterval(timer)
      unsubscribe()
      end()
    }
    const again = (): void => {
      if (looking) return
      looking = true
      look().then(
        (seen) => {
          looking = false
          if (done(seen) || Date.now() >= deadline)
            finish(() => {
              resolve(seen)
            })
        },
        (cause: unknown) => {
          finish(() => {
            reject(cause instanceof Error ? cause : new Error(String(cause)))
          })
        },
      )
    }
    const timer = setInterval(again, LOOK_EVERY_MS)
    const unsubscribe = core.onEvent(again)
    again()
  })
}

export function status(core: Core): Promise<Status> {
  return call(core, 'app.status', {})
}
