import type { ChannelName } from '../../src-main/contract/channels.ts'
import { ENVELOPE_VERSION } from '../../src-main/contract/envelope-version.ts'
import type { ResponseEnvelope } from '../../src-main/contract/envelope.ts'
import { postEnvelope } from './post-envelope.ts'

const answers = new Map<string, Promise<ResponseEnvelope>>()

/** Asks the browser host while the page's program is still being read. The desktop window's own way is as short. */
export function askEarly(channel: ChannelName): void {
  if (window.sportello !== undefined) return
  const answer = postEnvelope({ v: ENVELOPE_VERSION, id: crypto.randomUUID(), channel, body: {} })
  // Whoever takes it is told.
  answer.catch(() => undefined)
  answers.set(channel, answer)
}

/** What was asked early, once: whoever asks again wants to know how it stands now. */
export function takeEarly(channel: string): Promise<ResponseEnvelope> | undefined {
  const answer = answers.get(channel)
  answers.delete(channel)
  return answer
}

/** The page stands: what nobody has taken grows old. */
export function forgetEarly(): void {
  answers.clear()
}
