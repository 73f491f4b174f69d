import type { CommandHandlers } from '../answer-envelope.ts'
import { CommandError } from '../command-error.ts'
import { channels, isChannelName, type ChannelName, type ChannelParsed } from '../contract/channels.ts'
import type { ScreenLock } from './screen-lock.ts'

/** What is answered while the screen is locked. None of it tells a name, an address or a number of anybody. */
export const whileLocked: ReadonlySet<ChannelName> = new Set<ChannelName>([
  'app.status',
  'app.focused',
  'policy.get',
  'session.login',
  'lock.open',
  'lock.openWithKey',
  'lock.active',
])

/** The handlers behind the lock: hiding the screens would hide nothing from another tab, or from who writes to the core. */
export function behindLock(
  handlers: CommandHandlers,
  lock: Pick<ScreenLock, 'isLocked' | 'used'>,
  isOpen: () => boolean,
): CommandHandlers {
  function gated<C extends ChannelName>(channel: C): CommandHandlers[C] {
    const handler = handlers[channel]
    if (whileLocked.has(channel)) return handler
    const behind = (body: ChannelParsed<C>): ReturnType<CommandHandlers[C]> => {
      if (lock.isLocked()) throw new CommandError('screen_locked', 'the screen is locked')
      if (isOpen()) lock.used()
      return handler(body) as ReturnType<CommandHandlers[C]>
    }
    return behind as CommandHandlers[C]
  }
  return Object.fromEntries(
    Object.keys(channels)
      .filter(isChannelName)
      .map((channel) => [channel, gated(channel)]),
  ) as CommandHandlers
}
