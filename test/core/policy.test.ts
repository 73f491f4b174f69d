import { join } from 'node:path'
import { expect, test } from 'vitest'
import { channels, type ChannelName } from '../../src-main/contract/channels.ts'
import { ENVELOPE_VERSION } from '../../src-main/contract/envelope.ts'
import { absentPolicy, brokenPolicy, FunzioneVietabile, type Policy } from '../../src-main/contract/policy.ts'
import { startCore, type Core } from '../../src-main/core.ts'
import { isAllowedProvider } from '../../src-main/policy/allowed-provider.ts'
import { channelsOf } from '../../src-main/policy/forbidden-channels.ts'
import { startWaitingCore } from '../../src-main/waiting-core.ts'
import { startTestCore, startTestSandbox, testEnvironment } from '../support/test-core.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const none = absentPolicy('/nowhere/policy.json')
const applied = (changes: Partial<Policy>): Policy => ({ ...none, state: 'applied', ...changes })
const ask = (core: Core, channel: ChannelName, body: unknown = {}) =>
  core.request({ v: ENVELOPE_VERSION, id: 'a', channel, body })

test('every command of a forbidden function is refused by the core itself, whatever asks', async () => {
  const core = await startTestCore(temporaryFolder(), {
    policy: applied({ forbidden: [...FunzioneVietabile.options] }),
  })
  try {
    const casella = {
      denominazione: 'anagrafe',
      dominioId: 'd1',
      tipologia: 'standard',
      quotaMb: null,
      comunicazioniEmail: null,
      titolare: { kind: 'existing', id: 't1' },
    }
    const bodies: Partial<Record<ChannelName, unknown>> = {
      'esporta.begin': { subject: { list: 'domini' }, format: 'csv', columns: [], personal: true },
      'esporta.part': { jobId: 'j' },
      'scadenze.ics': { kinds: ['caselle'], from: '2026-01-01', to: '2026-02-01' },
      'registroOperatori.export': { formato: 'csv' },
      'lotti.report': { id: 'l', formato: 'csv' },
      'titolari.copy': { titolareId: 't1', formato: 'json', scopo: 'richiesta_interessato' },
      'caselle.actOnMany': { action: { kind: 'disabilita' }, target: { ids: ['c1'] } },
      'caselle.createMany': { rows: [casella] },
      'rete.keep': { proxy: 'http://proxy.example:8080', user: 'u', password: 'p' },
    }
    for (const funzione of FunzioneVietabile.options)
      for (const channel of channelsOf[funzione]) {
        const answer = await ask(core, channel, bodies[channel] ?? {})
        expect([channel, answer]).toMatchObject([
          channel,
          { ok: false, error: { code: 'forbidden_by_policy', details: { funzione } } },
        ])
      }
    expect(await ask(core, 'policy.get')).toMatchObject({ ok: true, data: { state: 'applied' } })
    expect(await ask(core, 'app.status')).toMatchObject({ ok: true })
  } finally {
    await core.close()
  }
})

test('a file that leaves by the bridge belongs to a function that can be forbidden, or is named here', () => {
  const forbiddable: string[] = Object.values(channelsOf).flat()
  const others = Object.entries(channels)
    .filter(([name]) => !forbiddable.includes(name))
    .filter(([, { response }]) => 'shape' in response && 'base64' in response.shape)
    .map(([name]) => name)
  expect(others.sort()).toEqual([
    // The work that has not been sent, when an archive is in trouble: nobody may be kept from saving it.
    'archive.exportUnsent',
    // Bytes of a document on its way to the screen.
    'documenti.part',
    // About the one document in front.
    'documenti.verificationReport',
    // The forms that the office hands to people.
    'moduli.part',
    'moduli.print',
    'segnalazioni.scarica',
  ])
})

test('nobody signs in to another provider than the prescribed one, and its address is proposed', async () => {
  const folder = temporaryFolder()
  const [wanted, other] = await Promise.all([startTestSandbox(join(folder, 'a')), startTestSandbox(join(folder, 'b'))])
  const core = await startTestCore(folder, {
    policy: applied({ providerUrl: wanted.url }),
    proposedProviderUrl: other.url,
  })
  try {
    expect(await ask(core, 'app.status')).toMatchObject({ data: { provider: { url: wanted.url } } })
    const refused = await ask(core, 'session.login', { url: other.url, ...other.demo })
    expect(refused).toMatchObject({ ok: false, error: { code: 'provider_not_allowed' } })
    expect(await ask(core, 'session.login', { url: wanted.url, ...wanted.demo })).toMatchObject({
      ok: true,
      data: { phase: 'ready' },
    })
  } finally {
    await core.close()
    await Promise.all([wanted.close(), other.close()])
  }
})

test('an archive of a provider that is no longer allowed stays closed, and nothing is asked of its provider', async () => {
  const folder = temporaryFolder()
  const provider = await startTestSandbox(folder)
  const before = await startTestCore(folder)
  expect(await ask(before, 'session.login', { url: provider.url, ...provider.demo })).toMatchObject({ ok: true })
  await before.close()
  const after = await startTestCore(folder, { policy: applied({ providerUrl: 'https://altro.example' }) })
  try {
    expect(await ask(after, 'app.status')).toMatchObject({
      data: { phase: 'signed_out', provider: { url: 'https://altro.example' } },
    })
  } finally {
    await after.close()
    await provider.close()
  }
})

test('with a policy that cannot be made out the archive that is here goes on, and no other provider is added', async () => {
  const folder = temporaryFolder()
  const [known, other] = await Promise.all([startTestSandbox(join(folder, 'a')), startTestSandbox(join(folder, 'b'))])
  const before = await startTestCore(folder)
  expect(await ask(before, 'session.login', { url: known.url, ...known.demo })).toMatchObject({ ok: true })
  await before.close()
  const core = await startTestCore(folder, { policy: brokenPolicy('p', { kind: 'not_json', where: '' }) })
  try {
    expect(await ask(core, 'app.status')).toMatchObject({ data: { phase: 'ready' } })
    expect(await ask(core, 'session.login', { url: known.url, ...known.demo })).toMatchObject({ ok: true })
    expect(await ask(core, 'session.login', { url: other.url, ...other.demo })).toMatchObject({
      error: { code: 'provider_not_allowed' },
    })
    expect(await ask(core, 'demo.start')).toMatchObject({ error: { code: 'forbidden_by_policy' } })
  } finally {
    await core.close()
    await Promise.all([known.close(), other.close()])
  }
})

test('the allowed provider is compared as its address is used, not as it is written', () => {
  const policy = applied({ providerUrl: 'https://LRA.Gestore.example/api/' })
  const allowed = (url: string) => isAllowedProvider(policy, { url, embedded: false }, [])
  expect(allowed('https://lra.gestore.example/api')).toBe(true)
  const others = ['https://lra.gestore.example', 'https://lra.gestore.example.evil.example/api', 'http://127.0.0.1:1']
  expect(others.filter(allowed)).toEqual([])
  expect(isAllowedProvider(policy, { url: 'http://127.0.0.1:1', embedded: true }, [])).toBe(true)
  expect(isAllowedProvider(applied({ forbidden: ['prova'] }), { url: 'x', embedded: true }, [])).toBe(false)
})

test('also where the folder cannot be worked in, the screens learn what holds here', async () => {
  const environment = testEnvironment(temporaryFolder(), { policy: applied({ forbidden: ['prova'] }) })
  const first = await startCore(environment)
  const second = await startWaitingCore(environment)
  try {
    expect(await ask(second, 'app.status')).toMatchObject({ data: { phase: 'blocked' } })
    expect(await ask(second, 'policy.get')).toMatchObject({ ok: true, data: { forbidden: ['prova'] } })
  } finally {
    await second.close()
    await first.close()
  }
})
