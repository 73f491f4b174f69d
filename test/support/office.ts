import type { Clock, Environment } from '../../src-main/environment.ts'
import { demoUsers } from '../../src-main/sandbox/demo-users.ts'
import type { Sandbox } from '../../src-main/sandbox/sandbox.ts'
import { coreClient, type CoreClient } from './core-client.ts'
import { startFaultProxy, type FaultProxy } from './fault-proxy.ts'
import { hurriedClock } from './hurried-clock.ts'
import { colleague, type Colleague } from './provider-colleague.ts'
import { startTestCore, startTestSandbox } from './test-core.ts'

/** An application, the provider, the way between them, and somebody else at the provider. */
export interface Office {
  client: CoreClient
  sandbox: Sandbox
  network: FaultProxy
  other: Colleague
  /** An active casella that nothing in this file has touched. */
  fresh(): Promise<string>
  setQuota(id: string, quotaMb: number): Promise<string>
  /** Makes a casella for a holder who is new as well, Ada Passeggera; answers it and its operations. */
  makeCasella(denominazione: string): Promise<{ casellaId: string; operationIds: string[] }>
  /** A quota of mine over one that a colleague wrote meanwhile. */
  conflict(mine: number, theirs: number): Promise<{ id: string; operationId: string }>
  /** A quota whose answer was lost; the provider is away afterwards. */
  uncertain(quotaMb: number): Promise<{ id: string; operationId: string }>
  signIn(user: keyof typeof demoUsers): Promise<void>
  /** `between`: what happens to the files while no application runs. */
  restart(changes?: Partial<Environment>, between?: () => void): Promise<void>
  close(): Promise<void>
}

export async function startOffice(
  folder: string,
  changes: Partial<Environment> = {},
  clock: () => Clock = hurriedClock,
): Promise<Office> {
  const sandbox = await startTestSandbox(folder)
  const network = await startFaultProxy(sandbox.port)
  let taken = 0
  let core = await startTestCore(folder, { clock: clock(), ...changes })
  const office: Office = {
    client: coreClient(core),
    sandbox,
    network,
    other: await colleague(sandbox.url),
    fresh: () => office.client.casella('attiva', (taken += 1)),
    setQuota: async (id, quotaMb) => {
      const { values } = await office.client.call('caselle.get', { id })
      const request = { id, changes: { quotaMb }, seen: { quotaMb: values.quotaMb, softLimitMb: values.softLimitMb } }
      return (await office.client.call('caselle.update', request)).operationId
    },
    makeCasella: async (denominazione) => {
      const { call } = office.client
      const [dominio] = (await call('domini.list', {})).rows
      const { plan } = await call('provider.capabilities', {})
      return call('caselle.create', {
        denominazione,
        dominioId: dominio?.id ?? '',
        tipologia: plan.piani[0]?.tipologia ?? '',
        quotaMb: null,
        comunicazioniEmail: 'titolare@posta.example',
        titolare: {
          kind: 'new',
          tipologia: 'persona_fisica',
          nome: 'Ada',
          cognome: 'Passeggera',
          codiceFiscale: 'PSSDAA80A41G942Z',
          overrideReason: 'Visto il tesserino',
          email: 'titolare@posta.example',
          telefono: null,
          cellulare: '+393331234567',
          indirizzo: null,
          attivita: null,
        },
      })
    },
    conflict: async (mine, theirs) => {
      const id = await office.fresh()
      await network.refuse()
      await office.client.goesOffline()
      const operationId = await office.setQuota(id, mine)
      await office.other.patch(id, { quotaMb: theirs })
      await network.heal()
      await office.client.call('sync.start', {})
      await office.client.reaches(operationId, 'conflict')
      await office.client.aligned()
      return { id, operationId }
    },
    uncertain: async (quotaMb) => {
      const id = await office.fresh()
      network.loseResponses(/^PATCH \/caselle/)
      const operationId = await office.setQuota(id, quotaMb)
      await office.client.reaches(operationId, 'uncertain')
      return { id, operationId }
    },
    signIn: async (user) => {
      const { user: name, password } = demoUsers[user]
      await office.client.call('session.login', { url: network.url, user: name, password })
      await office.client.aligned()
    },
    restart: async (next = changes, between = () => undefined) => {
      await core.close()
      between()
      core = await startTestCore(folder, { clock: clock(), ...next })
      office.client = coreClient(core)
    },
    close: async () => {
      await core.close()
      await network.close()
      await sandbox.close()
    },
  }
  await office.signIn('demo')
  return office
}
