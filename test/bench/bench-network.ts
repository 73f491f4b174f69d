import { setTimeout as after } from 'node:timers/promises'
import type { FaultRuleInput } from '../../src-main/sandbox/faults/fault-rule.ts'
import type { SandboxProcess } from '../support/sandbox-process.ts'
import type { BenchApplication } from './bench-application.ts'

/** The network between the application and the gestore di prova, by the switches of its console. */
export interface BenchNetwork {
  /** Nothing gets through, and the application knows it. */
  cut(office: BenchApplication): Promise<void>
  /** Every request takes so many milliseconds more; 0: none. */
  heal(latencyMs: number): Promise<void>
}

export async function benchNetwork({ program, url }: SandboxProcess): Promise<BenchNetwork> {
  const [, user = '', password = ''] = await program.line(/^utente console: (\S+) \/ (\S+)$/m)
  const entered = await fetch(`${url}/console/accesso`, {
    method: 'POST',
    headers: { origin: url },
    body: new URLSearchParams({ utente: user, password }),
    redirect: 'manual',
  })
  const cookie = entered.headers.get('set-cookie')?.split(';')[0] ?? ''
  const set = async (rules: FaultRuleInput[]): Promise<void> => {
    const answer = await fetch(`${url}/console/faults`, {
      method: 'POST',
      headers: { cookie, 'content-type': 'application/json' },
      body: JSON.stringify({ rules }),
    })
    if (!answer.ok) throw new Error(`/console/faults: ${answer.status}`)
  }
  return {
    cut: async ({ get }) => {
      await set([{ kind: 'reset_before', route: '*' }])
      await get('sync.start', {})
      while ((await get('app.status', {})).connection !== 'offline') await after(5)
    },
    heal: (latencyMs) => set(latencyMs === 0 ? [] : [{ kind: 'latency', route: '*', ms: latencyMs }]),
  }
}

/** From the network's return until the last operation has left the queue (milliseconds). Throws when one waits for a person. */
export async function replayed({ get }: BenchApplication): Promise<number> {
  const started = performance.now()
  await get('sync.start', {})
  for (;;) {
    const { pending, needsYou } = await get('app.status', {})
    if (needsYou > 0) throw new Error(`${needsYou} operations wait for a person`)
    if (pending === 0) return performance.now() - started
    await after(50)
  }
}

/** Everything of the provider's is here. */
export async function aligned({ get }: BenchApplication): Promise<void> {
  await get('sync.start', {})
  for (;;) {
    const { connection, sync } = await get('app.status', {})
    if (connection === 'aligned' && sync === null) return
    await after(20)
  }
}
