import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { channels, type ChannelName, type ChannelRequest } from '../../src-main/contract/channels.ts'
import { absentPolicy } from '../../src-main/contract/policy.ts'
import { ENVELOPE_VERSION } from '../../src-main/contract/envelope.ts'
import type { ErrorCode } from '../../src-main/contract/error.ts'
import type { Core } from '../../src-main/core.ts'
import type { startCore } from '../../src-main/core.ts'
import { silentLog } from '../../src-main/diagnostics/log.ts'
import type { Environment } from '../../src-main/environment.ts'
import { startSandbox, type Sandbox } from '../../src-main/sandbox/sandbox.ts'
import { colleague, type Colleague } from '../support/provider-colleague.ts'
import { memoryCustody } from '../support/memory-custody.ts'

export type StartCore = typeof startCore
type Answer<C extends ChannelName> = import('zod').output<(typeof channels)[C]['response']>

/** A command's answer, or its code. */
export type Told<C extends ChannelName> = { ok: true; data: Answer<C> } | { ok: false; code: ErrorCode }

export async function ask<C extends ChannelName>(core: Core, channel: C, body: ChannelRequest<C>): Promise<Told<C>> {
  const answer = await core.request({ v: ENVELOPE_VERSION, id: 'prova', channel, body })
  if (!answer.ok) return { ok: false, code: answer.error.code }
  const data: unknown = channels[channel].response.parse(answer.data)
  // Parsed by this channel's own schema.
  return { ok: true, data: data as Answer<C> }
}

/** As `ask`, for what must succeed. */
export async function get<C extends ChannelName>(core: Core, channel: C, body: ChannelRequest<C>): Promise<Answer<C>> {
  const told = await ask(core, channel, body)
  if (!told.ok) throw new Error(`${channel}: ${told.code}`)
  return told.data
}

/** A provider with its data, a colleague at work there, and the folder of an application that is in line with it. */
export interface World {
  sandbox: Sandbox
  other: Colleague
  /** Every session of the provider ends; the colleague signs in again. */
  endSessions(): Promise<void>
  /** Caselle that no schedule has touched yet. */
  fresh(count: number): string[]
  usedUp(): boolean
  /** A new folder that holds a copy of the aligned application's data. */
  newFolder(): string
  close(): Promise<void>
}

/** Files in memory, where the system has such a folder: nothing here asks whether a disk keeps its word. */
const MEMORY = '/dev/shm'
const CASELLE = 400

/** All that a core of these tests is given, but for what a schedule governs. */
export function environmentOf(
  dataDir: string,
  governed: Pick<Environment, 'clock' | 'network' | 'random'>,
): Environment {
  return {
    dataDir,
    host: 'browser',
    version: '0.0.0',
    custody: memoryCustody('none'),
    log: silentLog,
    startSandbox: () => Promise.reject(new Error('not here')),
    checkCopy: () => Promise.resolve(null),
    // No document is looked into.
    documentThreads: { inspection: '', pdfReader: '' },
    indexThread: { thread: null, threadFrom: 0 },
    refreshTrust: null,
    graceMs: 1000,
    proposedProviderUrl: null,
    policy: absentPolicy('/nowhere/policy.json'),
    ...governed,
  }
}

export async function createWorld(start: StartCore, clock: Environment['clock']): Promise<World> {
  const root = mkdtempSync(join(existsSync(MEMORY) ? MEMORY : tmpdir(), 'sportello-lra-prova-'))
  const sandbox = await startSandbox({
    port: 0,
    data: join(root, 'gestore'),
    caselle: CASELLE,
    seed: 1,
    profile: 'toscana',
  })
  const template = join(root, 'modello')
  mkdirSync(template)
  const core = await start(environmentOf(template, { clock }))
  const aligned = new Promise<void>((resolve) => {
    core.onEvent((event) => {
      if (event.type === 'status' && event.status.connection === 'aligned' && event.status.sync === null) resolve()
    })
  })
  await get(core, 'session.login', { url: sandbox.url, ...sandbox.demo })
  await aligned
  const active = await get(core, 'caselle.list', { offset: 0, limit: 200, stato: 'attiva' })
  await core.close()
  // Of any three in a row at least two holders, and often two caselle of one.
  const byHolder = new Map<string, string[]>()
  for (const { id, titolare, codiceFiscale } of active.rows) {
    const holder = `${titolare} ${codiceFiscale}`
    byHolder.set(holder, [...(byHolder.get(holder) ?? []), id])
  }
  const left = [...byHolder.values()].flatMap((ids) => ids.slice(0, 2))
  let folders = 0
  const world: World = {
    sandbox,
    other: await colleague(sandbox.url),
    endSessions: async () => {
      sandbox.endSessions()
      world.other = await colleague(sandbox.url)
    },
    fresh: (count) => left.splice(0, count),
    usedUp: () => left.length < 10,
    newFolder: () => {
      const folder = join(root, `corsa-${(folders += 1)}`)
      cpSync(template, folder, { recursive: true })
      return folder
    },
    close: async () => {
      await sandbox.close()
      rmSync(root, { recursive: true, force: true })
    },
  }
  return world
}
