import { call, CommandError } from '../bridge/bridge.ts'

/** Sends one operation without waiting for the end of its grace period. Throws CommandError where it cannot be. */
export async function sendNow(id: string): Promise<void> {
  const { refused } = await call('outbox.release', { ids: [id] })
  const [first] = refused
  if (first !== undefined) throw new CommandError(first.code, 'it could not be sent now', {})
}
