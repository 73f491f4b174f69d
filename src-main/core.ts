import type { Readable } from 'node:stream'
import type { ResponseEnvelope } from './contract/envelope.ts'
import { ChangedEntity, type CoreEvent } from './contract/event.ts'
import { answerEnvelope, failure } from './answer-envelope.ts'
import { commandHandlers } from './commands.ts'
import { CommandError, errorDataOf } from './command-error.ts'
import type { SystemSession } from './contract/screen-lock.ts'
import { lockDataFolder } from './db/instance-lock.ts'
import type { Environment } from './environment.ts'
import { mayKeepProxyCredentials } from './policy/proxy-credentials-policy.ts'
import { withoutForbidden } from './policy/forbidden-channels.ts'
import { outwardNetwork } from './provider/outward-network.ts'
import { proxyCredentials } from './provider/proxy-credentials.ts'
import { networkForThread } from './provider/thread-network.ts'
import { recordActs } from './record-acts.ts'
import { guardedWorkplace } from './screen-lock/guarded-workplace.ts'
import { behindLock } from './screen-lock/lock-gate.ts'
import { toldStatus } from './screen-lock/locked-status.ts'
import { screenLock } from './screen-lock/screen-lock.ts'
import { trustFolder } from './trust/trust-folder.ts'
import { trustKeeper } from './trust/trust-keeper.ts'
import { workplace } from './workplace.ts'

/** The whole application without a window. */
export interface Core {
  /** Answers every envelope, malformed ones too; never rejects. */
  request(envelope: unknown): Promise<ResponseEnvelope>
  /** Subscribes to events; the returned function ends the subscription. */
  onEvent(listener: (event: CoreEvent) => void): () => void
  /** Takes a private copy of a file's bytes, whose chunks it uses up; `data` of the answer is a Deposito. Never rejects. */
  deposit(nomeFile: string, bytes: Readable): Promise<ResponseEnvelope>
  /** The host has heard what the operating system does with its own session: the lock of the screen goes with it. */
  systemSession(session: SystemSession): void
  /** Stops timers, requests and the embedded sandbox, and closes the archive. */
  close(): Promise<void>
}

/**
 * Starts the application over a data folder. Throws CommandError `archive_in_use` when another one works there; an
 * archive that does not open is told by the commands, so that the screens can say what to do.
 */
export async function startCore(environment: Environment): Promise<Core> {
  const { log, refreshTrust } = environment
  const unlock = lockDataFolder(environment.dataDir)
  const listeners = new Set<(event: CoreEvent) => void>()
  const tell = (event: CoreEvent): void => {
    for (const listener of listeners) listener(event)
  }
  // What the screens are not to show they do not hear of either: they read all anew when the lock is open again.
  const emit = (event: CoreEvent): void => {
    if (!lock.isLocked()) tell(event)
  }
  const outward = outwardNetwork({
    env: environment.proxies ?? {},
    systemProxy: environment.systemProxy,
    authorities: environment.authorities,
    credentials: proxyCredentials(environment.custody, environment.clock, mayKeepProxyCredentials(environment.policy)),
    clock: environment.clock,
  })
  const place = workplace(environment, outward, emit, (status) => {
    tell({ type: 'status', status: toldStatus(status, lock.told()) })
  })
  const lock = screenLock(
    // The command line shows no screen that somebody could pass by.
    () => (environment.host === 'cli' ? null : place.signedIn()),
    { clock: environment.clock, log, hearsSystem: environment.host === 'electron' },
    (locked) => {
      tell({ type: 'status', status: work.status() })
      if (locked) return
      for (const entity of ChangedEntity.options) tell({ type: 'changed', entity, ids: null })
      tell({ type: 'archive' })
      tell({ type: 'trust' })
    },
  )
  const work = guardedWorkplace(place, lock)
  try {
    await place.openCurrent()
  } catch (error) {
    unlock()
    throw error
  }
  log('core.started', { host: environment.host, version: environment.version })
  const trust = trustKeeper({
    folder: trustFolder(environment.dataDir),
    clock: environment.clock,
    log,
    refresh:
      refreshTrust === null
        ? null
        : (known, now, signal) => refreshTrust(known, now, signal, networkForThread(outward)),
    // A command of minutes keeps no lists: `verify --trust online` asks for them itself.
    scheduled: environment.host !== 'cli',
    onChange: () => {
      emit({ type: 'trust' })
    },
  })
  const handlers = withoutForbidden(
    behindLock(commandHandlers(work, environment, trust, lock, outward), lock, () => place.signedIn() !== null),
    environment.policy,
  )
  let closing: Promise<void> | null = null

  return {
    request: (envelope) => answerEnvelope(envelope, handlers, log, recordActs(work, log)),
    onEvent: (listener) => {
      listeners.add(listener)
      return () => {
        listeners.delete(listener)
      }
    },
    deposit: async (nomeFile, bytes) => {
      try {
        if (lock.isLocked()) throw new CommandError('screen_locked', 'the screen is locked')
        return { ok: true, data: await work.archive().documentoCommands.deposit(nomeFile, bytes) }
      } catch (error) {
        bytes.destroy()
        const data = errorDataOf(error)
        log('command.failed', { channel: 'deposito', code: data.code })
        return failure(
          error instanceof CommandError || data.code !== 'internal' ? data : { ...data, code: 'file_unreadable' },
        )
      }
    },
    systemSession: (session) => {
      lock.system(session)
    },
    close: () => {
      lock.close()
      closing ??= Promise.all([place.close(), trust.close()])
        .then(() => undefined)
        .finally(() => {
          unlock()
          log('core.closed')
        })
      return closing
    },
  }
}
