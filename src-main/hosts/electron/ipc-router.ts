import { isAbsolute } from 'node:path'
import { z } from 'zod'
import type { ResponseEnvelope } from '../../contract/envelope.ts'
import type { CoreEvent } from '../../contract/event.ts'
import { ShellRequest, type ShellMessage } from '../../contract/shell.ts'
import { mayAsk, type IpcSender } from './ipc-sender-guard.ts'
import type { CoreClient } from './port-transport.ts'

/** The one channel on which the page asks. */
export const ASK_CHANNEL = 'sportello:ask'
/** The one channel on which the page is told. */
export const TELL_CHANNEL = 'sportello:tell'

export type TellMessage =
  { kind: 'event'; event: CoreEvent } | { kind: 'lost' } | { kind: 'back' } | { kind: 'shell'; message: ShellMessage }

const AskMessage = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('request'), envelope: z.unknown() }),
  z.strictObject({ kind: z.literal('deposit'), path: z.string().max(32_767) }),
  z.strictObject({ kind: z.literal('shell'), request: ShellRequest }),
])
export type AskMessage = z.infer<typeof AskMessage>

/** A message from a frame that may not speak to the core. */
export class ForeignSenderError extends Error {
  override readonly name = 'ForeignSenderError'
}

/** Answers what the page asks of the desktop's own part. */
export type AnswerShell = (request: ShellRequest) => Promise<ResponseEnvelope>

/**
 * Answers a message of the page through the core, or through the desktop's own part. Rejects with ForeignSenderError, or with CoreLostError; everything
 * else, a malformed message too, is an envelope.
 */
export async function routeIpc(
  sender: IpcSender,
  message: unknown,
  client: () => Promise<CoreClient>,
  shell: AnswerShell,
): Promise<ResponseEnvelope> {
  if (!mayAsk(sender)) throw new ForeignSenderError('this frame may not ask the core')
  const parsed = AskMessage.safeParse(message)
  if (!parsed.success)
    return { ok: false, error: { code: 'invalid_body', message: 'the message is not an envelope', details: {} } }
  switch (parsed.data.kind) {
    case 'request':
      return (await client()).request(parsed.data.envelope)
    case 'shell':
      return shell(parsed.data.request)
    case 'deposit':
      // A File that was made in the page has no path.
      if (isAbsolute(parsed.data.path)) return (await client()).deposit(parsed.data.path)
      return { ok: false, error: { code: 'file_unreadable', message: 'the file has no path', details: {} } }
  }
}
