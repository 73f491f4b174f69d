import {
  channels,
  isChannelName,
  type ChannelName,
  type ChannelParsed,
  type ChannelResponse,
} from './contract/channels.ts'
import { RequestEnvelope, type ResponseEnvelope } from './contract/envelope.ts'
import type { ErrorData } from './contract/error.ts'
import { errorDataOf } from './command-error.ts'
import type { Log } from './diagnostics/log.ts'

export type CommandHandlers = {
  [C in ChannelName]: (body: ChannelParsed<C>) => ChannelResponse<C> | Promise<ChannelResponse<C>>
}

export function failure(error: ErrorData): ResponseEnvelope {
  return { ok: false, error }
}

/** Told of each command that went well, before its answer leaves. What it throws is answered instead. */
export type Done = (channel: ChannelName, request: unknown, answer: unknown) => void

/** The handlers, each behind its channel's schemas for what comes in and what goes out. */
async function handled<C extends ChannelName>(
  channel: C,
  body: unknown,
  handlers: Pick<CommandHandlers, C>,
  done: Done,
): Promise<ResponseEnvelope> {
  const request = channels[channel].request.safeParse(body)
  if (!request.success) {
    const issue = request.error.issues[0]
    return failure({
      code: 'invalid_body',
      message: `the body of ${channel} does not fit its schema`,
      details: { path: issue?.path.join('.') ?? '' },
    })
  }
  // The schema of this very channel parsed it.
  const answer = await handlers[channel](request.data as ChannelParsed<C>)
  const data: unknown = channels[channel].response.parse(answer)
  done(channel, request.data, data)
  return { ok: true, data }
}

/** Answers any value that a transport brings; never rejects. */
export async function answerEnvelope(
  envelope: unknown,
  handlers: CommandHandlers,
  log: Log,
  done: Done = () => undefined,
): Promise<ResponseEnvelope> {
  const parsed = RequestEnvelope.safeParse(envelope)
  if (!parsed.success) return failure({ code: 'invalid_body', message: 'not an envelope', details: {} })
  const { channel, body } = parsed.data
  if (!isChannelName(channel)) return failure({ code: 'unknown_channel', message: 'no such channel', details: {} })
  try {
    return await handled(channel, body, handlers, done)
  } catch (error) {
    const data = errorDataOf(error)
    log('command.failed', { channel, code: data.code, errorName: data.message })
    return failure(data)
  }
}
