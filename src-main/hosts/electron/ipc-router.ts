import { isAbsolute } from 'node:path'
import { z } from 'zod'
import type { ResponseEnvelope } from '../../contract/envelope.ts'
import type { CoreEvent } from '../../contract/event.ts'
import { mayAsk, type IpcSender } from './ipc-sender-guard.ts'
import type { CoreClient } from './port-transport.ts'

/** The one channel on which the page asks. */
export const ASK_CHANNEL = 'sportello:ask'
/** The one channel on which the page is told. */
export const TELL_CHANNEL = 'sportello:tell'

export type TellMessage = { kind: 'event'; event: CoreEvent } | { kind: 'lost' } | { kind: 'back' }

const AskMessage = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('request'), envelope: z.unknown() }),
  z.strictObject({ kind: z.literal('deposit'), path: z.string().max(32_767) }),
])
export type AskMessage = z.infer<typeof AskMessage>

/** A message from a frame that may not speak to the core. */
export class ForeignSenderError extends Error {
  override readonly name = 'ForeignSenderError'
}

/**
 * Answers a message of the page through the core. Rejects with ForeignSenderError, or with CoreLostError; everything
 * else, a malformed message too, is an envelope.
 */
export async function routeIpc(
  sender: IpcSender,
  message: unknown,
  client: () => Promise<CoreClient>,
): Promise<ResponseEnvelope> {
  if (!mayAsk(sender)) throw new ForeignSenderError('this frame may not ask the core')
  const parsed = AskMessage.safeParse(message)
  if (!parsed.success)
    return { ok: false, error: { code: 'invalid_body', message: 'the message is not an envelope', details: {} } }
  const core = await client()
  switch (parsed.data.kind) {
    case 'request':
      return core.request(parsed.data.envelope)
    case 'deposit':
      // A File that was made in the page has no path.
      if (isAbsolute(parsed.data.path)) return core.deposit(parsed.data.path)
      return { ok: false, error: { code: 'file_unreadable', message: 'the file has no path', details: {} } }
  }
}
