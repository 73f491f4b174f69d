import { failure } from './answer-envelope.ts'
import { noArchive } from './archive/archive-status.ts'
import { blocksArchive } from './archive/archive-trouble.ts'
import { freeBytes } from './archive/archive-folder.ts'
import { errorDataOf } from './command-error.ts'
import type { ArchiveState } from './contract/archive.ts'
import { RequestEnvelope, type ResponseEnvelope } from './contract/envelope.ts'
import type { ErrorData } from './contract/error.ts'
import type { CoreEvent } from './contract/event.ts'
import type { Status } from './contract/status.ts'
import { startCore, type Core } from './core.ts'
import type { Environment } from './environment.ts'

/** The status of an application that cannot even begin in its folder. */
function blockedStatus(environment: Environment, error: ErrorData): Status {
  const free = freeBytes(environment.dataDir)
  return {
    ...noArchive,
    phase: 'blocked',
    offlineSince: null,
    lastError: error.code,
    provider: null,
    lock: null,
    custody: null,
    trouble: {
      code: error.code,
      details: { ...error.details, folder: environment.dataDir, ...(free === null ? {} : { free }) },
    },
    host: environment.host,
    version: environment.version,
  }
}

function emptyState({ dataDir }: Environment): ArchiveState {
  return {
    folder: dataDir,
    bytes: null,
    freeBytes: freeBytes(dataDir),
    copies: [],
    copying: null,
    copyProblem: null,
    unsent: null,
    unsentIncomplete: false,
    queueCopyAt: null,
    hasKey: false,
  }
}

/**
 * As `startCore`, for a host with screens: where the application cannot begin in its folder (another one works there, the
 * disk is full, the folder may not be written), it answers `blocked` and begins when `archive.retry` finds the way free.
 * `refusedBy` hears why it could
 * not begin at once. Throws what is no trouble of the folder.
 */
export async function startWaitingCore(
  environment: Environment,
  refusedBy: (cause: unknown) => void = () => undefined,
): Promise<Core> {
  let core: Core | null = null
  let refused: ErrorData = { code: 'internal', message: 'not started', details: {} }
  const listeners = new Set<(event: CoreEvent) => void>()

  async function begin(): Promise<Core | null> {
    try {
      core = await startCore(environment)
    } catch (error) {
      refused = errorDataOf(error)
      if (!blocksArchive(refused.code)) throw error
      refusedBy(error)
      environment.log('command.failed', { channel: 'core.start', code: refused.code })
      return null
    }
    core.onEvent((event) => {
      for (const listener of listeners) listener(event)
    })
    return core
  }

  const started = await begin()
  if (started !== null) return started

  let trying: Promise<Core | null> | null = null
  async function answer(envelope: unknown): Promise<ResponseEnvelope> {
    const parsed = RequestEnvelope.safeParse(envelope)
    if (!parsed.success) return failure({ code: 'invalid_body', message: 'not an envelope', details: {} })
    switch (parsed.data.channel) {
      case 'app.status':
        return { ok: true, data: blockedStatus(environment, refused) }
      case 'policy.get':
        return { ok: true, data: environment.policy }
      case 'archive.state':
        return { ok: true, data: emptyState(environment) }
      case 'archive.retry': {
        trying ??= begin().finally(() => {
          trying = null
        })
        const begun = await trying.catch(() => null)
        return begun === null
          ? { ok: true, data: blockedStatus(environment, refused) }
          : begun.request({ ...parsed.data, channel: 'app.status', body: {} })
      }
      default:
        return failure(refused)
    }
  }

  return {
    request: (envelope) => (core === null ? answer(envelope) : core.request(envelope)),
    onEvent: (listener) => {
      listeners.add(listener)
      return () => {
        listeners.delete(listener)
      }
    },
    deposit: (nomeFile, bytes) => {
      if (core !== null) return core.deposit(nomeFile, bytes)
      bytes.destroy()
      return Promise.resolve(failure(refused))
    },
    systemSession: (session) => {
      core?.systemSession(session)
    },
    close: async () => {
      await trying?.catch(() => null)
      await core?.close()
    },
  }
}
