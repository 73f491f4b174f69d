import { createHash } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { archiveCare, type ArchiveCare } from './archive/archive-care.ts'
import { archiveFolder, freeBytes, hasFiles } from './archive/archive-folder.ts'
import { archiveKey, keepKey, MIN_PASSPHRASE, newArchiveKey, seenHere } from './archive/archive-key.ts'
import { archiveStatus } from './archive/archive-status.ts'
import { blocksArchive, isLastingTrouble } from './archive/archive-trouble.ts'
import { configStore, type Config, type Custody } from './archive/config-store.ts'
import { openArchive, type OpenArchive } from './archive/open-archive.ts'
import { prepareArchive } from './archive/prepare-archive.ts'
import { CommandError, errorDataOf } from './command-error.ts'
import type { ArchiveTrouble } from './contract/archive.ts'
import type { ErrorCode } from './contract/error.ts'
import type { CoreEvent } from './contract/event.ts'
import type { Phase, Status } from './contract/status.ts'
import type { EmbeddedSandbox, Environment } from './environment.ts'
import type { Session } from './provider-contract/session.ts'
import { isAllowedProvider, requireAllowedProvider } from './policy/allowed-provider.ts'
import type { OutwardNetwork } from './provider/outward-network.ts'
import { httpClient, providerUrl, type HttpClient } from './provider/http-client.ts'
import { openSession, providerSession } from './provider/provider-session.ts'
import type { LockStore } from './screen-lock/lock-store.ts'
import type { PlaceStatus } from './screen-lock/locked-status.ts'

const STATUS_EVERY_MS = 60

/** Where the operator works: which provider, whose archive, signed in or not. */
export interface Workplace {
  /** Throws CommandError `not_signed_in`, `archive_locked`, or why the archive does not open. */
  archive(): OpenArchive
  /** Null while nobody works in an archive. */
  signedIn(): { operator: string; locks: LockStore; keyHex: string } | null
  /** Without the lock of the screen, which lies over all of it. */
  status(): PlaceStatus
  /** Something suggests to look for the provider soon; nothing happens where no archive is open. */
  hint(): void
  /** Opens the archive that was used last, as far as its key can be had. */
  openCurrent(): Promise<void>
  startDemo(): Promise<{ url: string; user: string; password: string }>
  login(request: {
    url: string
    user: string
    password: string
    totp?: string | undefined
    passphrase?: string | undefined
  }): Promise<PlaceStatus>
  logout(confirmed: boolean): Promise<PlaceStatus>
  unlock(passphrase: string): Promise<PlaceStatus>
  /** Opens again what is blocked. */
  retry(): Promise<PlaceStatus>
  /** Copies, restoring, export and recovery key of the archive; its changes take their turn with signing in and out. */
  care: ArchiveCare
  close(): Promise<void>
}

/** An archive belongs to one provider's installation and one scope, whatever the address and the operator. */
function archiveIdOf(session: Session): string {
  return createHash('sha256')
    .update(JSON.stringify([session.provider.id, session.scope.id]))
    .digest('hex')
    .slice(0, 20)
}

export function workplace(
  environment: Environment,
  outward: OutwardNetwork,
  emit: (event: CoreEvent) => void,
  emitStatus: (status: PlaceStatus) => void,
): Workplace {
  const { dataDir, clock, custody, log, policy } = environment
  const config = configStore(join(dataDir, 'configurazione.json'))
  let open: OpenArchive | null = null
  let http: HttpClient | null = null
  let sandbox: EmbeddedSandbox | null = null
  let startingSandbox: Promise<EmbeddedSandbox> | null = null
  let phase: Phase = 'first_run'
  let cannotOpen: CommandError | null = null
  /** What the last writing met while the archive is open. */
  let trouble: ArchiveTrouble | null = null
  /** The key of an archive for as long as the application runs, so that one that does not open can still be read. */
  let heldKey: { id: string; keyHex: string } | null = null
  let cancelStatus: (() => void) | null = null
  let lastStatus = ''
  let closed = false
  let turn: Promise<unknown> = Promise.resolve()

  /** Signing in, signing out, unlocking and closing, one after the other: each finds whole what the one before left. */
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = turn.then(work)
    turn = result.catch(() => undefined)
    return result
  }

  const folderOf = (id: string): string => join(dataDir, 'archivi', id)

  function custodyKind(): Custody['kind'] | null {
    const { current, archives } = config.read()
    return current === null ? null : (archives[current]?.custody.kind ?? null)
  }

  function providerOf(): Status['provider'] {
    const { current, archives } = config.read()
    const entry = current === null ? undefined : archives[current]
    const proposed = policy.providerUrl ?? environment.proposedProviderUrl
    if (proposed !== null && (entry === undefined || (open === null && isElsewhere(entry))))
      return { url: proposed, nome: '', environment: 'esercizio', embedded: false }
    if (entry === undefined) return null
    const known = open?.provider()
    const url = entry.embedded ? (sandbox?.url ?? entry.url) : (http?.address.url ?? entry.url)
    return {
      url,
      nome: known?.nome ?? '',
      environment: known?.environment ?? (entry.embedded ? 'prova' : 'esercizio'),
      embedded: entry.embedded,
    }
  }

  /** Of generated data the key stands beside the archive anyway. */
  function canPrintKey(archive: OpenArchive): boolean {
    return custodyKind() !== 'demo_file' && archive.provider()?.environment === 'esercizio'
  }

  const ofArchive = archiveStatus(clock, canPrintKey)

  function statusNow(): PlaceStatus {
    const archive = phase === 'ready' ? open : null
    return {
      phase,
      ...ofArchive(archive),
      offlineSince: archive?.connection.offlineSince() ?? null,
      lastError: archive?.connection.lastError() ?? cannotOpen?.code ?? null,
      provider: providerOf(),
      custody: custodyKind(),
      trouble:
        phase === 'blocked' && cannotOpen !== null ? { code: cannotOpen.code, details: cannotOpen.details } : trouble,
      host: environment.host,
      version: environment.version,
    }
  }

  /** As an answer: whoever asked then knows another status than the last one told, which is told again if it returns. */
  function status(): PlaceStatus {
    const now = statusNow()
    if (JSON.stringify(now) !== lastStatus) lastStatus = ''
    return now
  }

  /** Many things change at once: the screens hear of it once. */
  function statusChanged(): void {
    if (closed) return
    cancelStatus ??= clock.after(STATUS_EVERY_MS, () => {
      cancelStatus = null
      const next = statusNow()
      const text = JSON.stringify(next)
      if (text === lastStatus) return
      lastStatus = text
      emitStatus(next)
    })
  }

  function startSandbox(): Promise<EmbeddedSandbox> {
    if (sandbox !== null) return Promise.resolve(sandbox)
    startingSandbox ??= environment
      .startSandbox(join(dataDir, 'gestore-di-prova'))
      .then((started) => {
        sandbox = started
        return started
      })
      .finally(() => {
        startingSandbox = null
      })
    return startingSandbox
  }

  function begin(archive: OpenArchive): void {
    phase = 'ready'
    cannotOpen = null
    archive.copies.start()
    archive.sync.start()
    archive.engine.start()
    archive.documentale.wake()
    statusChanged()
  }

  function block(error: unknown): void {
    const { code, message, details } = errorDataOf(error)
    phase = 'blocked'
    const free = freeBytes(dataDir)
    cannotOpen = new CommandError(code, message, {
      ...details,
      folder: dataDir,
      ...(free === null ? {} : { free }),
    })
    log('command.failed', { channel: 'archive.open', code })
    statusChanged()
  }

  const disk = {
    failed: (error: unknown): void => {
      const { code, details } = errorDataOf(error)
      if (!isLastingTrouble(code) || trouble?.code === 'archive_damaged' || trouble?.code === code) return
      trouble = { code, details }
      log('archive.trouble', { code })
      statusChanged()
    },
    written: (): void => {
      if (trouble === null || trouble.code === 'archive_damaged') return
      trouble = null
      statusChanged()
    },
  }

  async function openAt(id: string, keyHex: string, client: HttpClient): Promise<OpenArchive> {
    heldKey = { id, keyHex }
    trouble = null
    mkdirSync(folderOf(id), { recursive: true, mode: 0o700 })
    await prepareArchive(archiveFolder(folderOf(id)), keyHex, {
      at: new Date(clock.now()).toISOString(),
      checkCopy: environment.checkCopy,
    })
    const archive = openArchive(id, { folder: folderOf(id), keyHex }, client, environment, emit, statusChanged, disk)
    open = archive
    http = client
    log('archive.opened', { count: archive.caselle.count() })
    return archive
  }

  /** The embedded sandbox comes up beside the first screen; until it answers, the archive is simply not in line. */
  function reviveSandbox(archive: OpenArchive, client: HttpClient): Promise<void> {
    return startSandbox()
      .then((started) => {
        client.address.url = started.url
        statusChanged()
        if (open === archive && phase === 'ready') void archive.sync.run()
      })
      .catch((error: unknown) => {
        log('command.failed', { channel: 'demo.start', code: errorDataOf(error).code })
      })
  }

  /** Addresses of the providers whose archives are here. */
  const knownUrls = (): string[] =>
    Object.values(config.read().archives)
      .filter(({ embedded }) => !embedded)
      .map(({ url }) => url)

  /**
   * Another address than the archive's was named, or the archive's is not allowed here: its tokens are for its own
   * provider, so somebody signs in first.
   */
  function isElsewhere(entry: { url: string; embedded: boolean }): boolean {
    if (!isAllowedProvider(policy, entry, knownUrls())) return true
    const proposed = environment.proposedProviderUrl
    if (proposed === null || policy.providerUrl !== null) return false
    try {
      return providerUrl(proposed) !== entry.url
    } catch {
      return true
    }
  }

  async function openWith(passphrase: string | undefined): Promise<void> {
    const { current, archives } = config.read()
    const entry = current === null ? undefined : archives[current]
    if (current === null || entry === undefined) {
      phase = 'first_run'
      return
    }
    if (isElsewhere(entry)) {
      phase = 'signed_out'
      return
    }
    const key = heldKey?.id === current ? heldKey.keyHex : await archiveKey(current, entry.custody, custody, passphrase)
    const client = httpClient({ url: entry.url }, environment, outward)
    const archive = await openAt(current, key, client)
    const kept = seenHere(entry.custody, custody)
    if (JSON.stringify(kept) !== JSON.stringify(entry.custody)) remember(current, { ...entry, custody: kept })
    if (archive.storedSession() === null) {
      await closeArchive()
      phase = 'signed_out'
    } else begin(archive)
    if (!entry.embedded) return
    const revived = reviveSandbox(archive, client)
    // A command has no screen to show meanwhile, and asks at once.
    if (environment.host === 'cli') await revived
  }

  async function closeArchive(): Promise<void> {
    const closing = open
    open = null
    await closing?.close()
  }

  /** Opens an archive or has its key, with it as the current one also when that fails: its screens are then to be shown. */
  async function orBlocked<T>(id: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work()
    } catch (error) {
      const { archives } = config.read()
      if (open === null && blocksArchive(errorDataOf(error).code) && archives[id] !== undefined) {
        config.write({ version: 1, current: id, archives })
        block(error)
      }
      throw error
    }
  }

  async function tryOpening(passphrase: string | undefined): Promise<void> {
    try {
      cannotOpen = null
      await openWith(passphrase)
    } catch (error) {
      const { code } = errorDataOf(error)
      if (code === 'archive_locked') phase = 'locked'
      else if (passphrase !== undefined && !blocksArchive(code)) throw error
      else block(error)
    }
    statusChanged()
  }

  function currentPlace(): { id: string; folder: string } | null {
    const { current } = config.read()
    return current === null ? null : { id: current, folder: folderOf(current) }
  }

  const care = archiveCare(
    {
      current: currentPlace,
      open: () => open,
      key: () => (heldKey !== null && heldKey.id === config.read().current ? heldKey.keyHex : null),
      canPrintKey: () => open !== null && canPrintKey(open),
      status: statusNow,
      close: closeArchive,
      reopen: async () => {
        await tryOpening(undefined)
        return status()
      },
      keepKey: async (keyHex, passphrase) => {
        const { current, archives } = config.read()
        const entry = current === null ? undefined : archives[current]
        if (current === null || entry === undefined) throw new CommandError('not_found', 'there is no archive')
        const kept = await keepKey(current, keyHex, custody, passphrase)
        config.write({ version: 1, current, archives: { ...archives, [current]: { ...entry, custody: kept } } })
        heldKey = { id: current, keyHex }
      },
      forget: () => {
        const { current, archives } = config.read()
        config.write({
          version: 1,
          current: null,
          archives: Object.fromEntries(Object.entries(archives).filter(([id]) => id !== current)),
        })
        heldKey = null
      },
    },
    environment,
  )

  function archive(): OpenArchive {
    if (phase === 'locked') throw new CommandError('archive_locked', 'waits for the passphrase')
    if (cannotOpen !== null) throw cannotOpen
    if (open === null || phase !== 'ready') throw new CommandError('not_signed_in', 'nobody has signed in')
    return open
  }

  function note(id: string, entry: Config['archives'][string], current = config.read().current): void {
    config.write({ version: 1, current, archives: { ...config.read().archives, [id]: entry } })
  }
  const remember = (id: string, entry: Config['archives'][string]): void => {
    note(id, entry, id)
  }

  async function loginOn(
    client: HttpClient,
    session: Session,
    passphrase: string | undefined,
    embedded: boolean,
  ): Promise<OpenArchive> {
    if (closed) throw new CommandError('cancelled', 'the application is closing')
    const id = archiveIdOf(session)
    const known = config.read().archives[id]
    const { accessToken, refreshToken, expiresAt, operatore, scope, provider } = session
    const stored = { accessToken, refreshToken, expiresAt, operatore, scope }
    if (open?.id === id && http !== null) {
      // The same archive: the way to its provider may have changed.
      http.address.url = client.address.url
      if (open.storedSession()?.operatore.id !== operatore.id) await open.engine.stop()
      open.signIn(stored, provider)
      if (known !== undefined) remember(id, { ...known, url: client.address.url, embedded })
      return open
    } else {
      if (known?.custody.kind === 'passphrase' && (passphrase ?? '') === '')
        throw new CommandError('passphrase_required', 'the archive has a passphrase', { minimum: MIN_PASSPHRASE })
      const filesAreThere = known === undefined && hasFiles(archiveFolder(folderOf(id)))
      // Files without a configuration: what is said of their key is said of an archive that is there.
      if (filesAreThere && provider.environment === 'esercizio')
        note(id, { url: client.address.url, embedded, custody: { kind: 'system' } })
      const { key, custody: kept } = await orBlocked(id, async () =>
        known === undefined
          ? newArchiveKey(id, provider.environment, custody, passphrase, filesAreThere)
          : { key: await archiveKey(id, known.custody, custody, passphrase), custody: known.custody },
      )
      // Where its key is kept is on the disk before there is an archive that needs it.
      if (known === undefined) remember(id, { url: client.address.url, embedded, custody: kept })
      await closeArchive()
      if (phase === 'ready') phase = 'signed_out'
      const opened = await orBlocked(id, () => openAt(id, key, client))
      opened.signIn(stored, provider)
      remember(id, { url: client.address.url, embedded, custody: kept })
      return opened
    }
  }

  return {
    archive,
    signedIn: () => {
      const operator = phase === 'ready' ? open?.storedSession()?.operatore.id : undefined
      return open === null || operator === undefined ? null : { operator, locks: open.locks, keyHex: open.keyHex }
    },
    status,
    hint: () => {
      if (phase === 'ready') open?.sync.hint()
    },
    care: {
      ...care,
      restore: (id) => inTurn(() => care.restore(id)),
      startAnew: (confirmation, unsent) => inTurn(() => care.startAnew(confirmation, unsent)),
      recoverKey: (lines, passphrase) => inTurn(() => care.recoverKey(lines, passphrase)),
    },
    openCurrent: () => tryOpening(undefined),
    retry: () =>
      inTurn(async () => {
        if (phase === 'blocked' && !closed) await tryOpening(undefined)
        return status()
      }),
    startDemo: async () => {
      try {
        const { url, demo } = await startSandbox()
        return { url, ...demo }
      } catch (error) {
        const data = errorDataOf(error)
        const code: ErrorCode = data.code === 'internal' ? 'demo_failed' : data.code
        throw new CommandError(code, data.message, data.details)
      }
    },
    login: async ({ url, user, password, totp, passphrase }) => {
      const client = httpClient({ url: providerUrl(url) }, environment, outward)
      const isEmbedded = (): boolean => sandbox !== null && client.address.url === sandbox.url
      requireAllowedProvider(policy, { url: client.address.url, embedded: isEmbedded() }, knownUrls())
      const session = await openSession(client, {
        user,
        password,
        ...(totp === undefined || totp === '' ? {} : { totp }),
      })
      const embedded = isEmbedded()
      let opened: OpenArchive
      try {
        opened = await inTurn(() => loginOn(client, session, passphrase, embedded))
      } catch (error) {
        // The person signs in again with what was missing: this session is not left behind.
        const { accessToken, refreshToken, expiresAt, operatore, scope } = session
        const stored = { accessToken, refreshToken, expiresAt, operatore, scope }
        await providerSession(
          client,
          { read: () => stored, write: () => undefined, expired: () => undefined },
          clock,
        ).close()
        throw error
      }
      log('session.opened', { status: session.provider.environment })
      await opened.refreshCapabilities()
      if (closed || open !== opened) throw new CommandError('cancelled', 'the archive was closed meanwhile')
      begin(opened)
      return status()
    },
    logout: (confirmed) =>
      inTurn(async () => {
        const current = archive()
        const { pending, needsYou } = current.operations.counts()
        if (!confirmed && pending + needsYou > 0)
          throw new CommandError('pending_operations', 'the queue is not empty', { count: pending + needsYou })
        await Promise.all([current.sync.stop(), current.engine.stop()])
        await current.session.close()
        current.atti.record('session.logout', [])
        current.signOut()
        await closeArchive()
        phase = 'signed_out'
        log('session.closed')
        statusChanged()
        return status()
      }),
    unlock: (passphrase) =>
      inTurn(async () => {
        if (phase !== 'locked' || closed) return status()
        await tryOpening(passphrase)
        return status()
      }),
    close: () => {
      closed = true
      cancelStatus?.()
      return inTurn(async () => {
        await closeArchive()
        await startingSandbox?.catch(() => undefined)
        await sandbox?.close()
      })
    },
  }
}
