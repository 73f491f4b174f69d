import type { ChannelName, ChannelRequest, channels } from '../../src-main/contract/channels.ts'
import { demoUsers } from '../../src-main/sandbox/demo-users.ts'
import type { z } from 'zod'
import { runApplication, type RunningApplication } from '../kill/running-application.ts'

type Answer<C extends ChannelName> = z.output<(typeof channels)[C]['response']>

/** The built browser host, asked as its page asks. */
export interface BenchApplication {
  app: RunningApplication
  /** Rejects with the code where it is refused. */
  get<C extends ChannelName>(channel: C, body: ChannelRequest<C>): Promise<Answer<C>>
  signIn(url: string): Promise<void>
}

/** `graceMs`: how long a change may be undone before it leaves; null: as it is for who has set nothing. */
export async function benchApplication(data: string, graceMs: number | null = 0): Promise<BenchApplication> {
  const app = runApplication(data, graceMs)
  await app.ready
  const get = async <C extends ChannelName>(channel: C, body: ChannelRequest<C>): Promise<Answer<C>> => {
    const told = await app.ask(channel, body)
    switch (told.kind) {
      case 'done':
        return told.data
      case 'refused':
        throw new Error(`${channel}: ${told.code}`)
      case 'lost':
        throw new Error(`${channel}: the application ended`)
    }
  }
  return {
    app,
    get,
    signIn: async (url) => {
      const { user, password } = demoUsers.demo
      await get('session.login', { url, user, password })
    },
  }
}
