import { join } from 'node:path'
import { z } from 'zod'
import { casellaCommands, type CasellaCommands } from '../caselle/casella-commands.ts'
import { casellaList, type CasellaList } from '../caselle/casella-list.ts'
import { casellaStore, type CasellaStore } from '../caselle/casella-store.ts'
import { CommandError, errorDataOf } from '../command-error.ts'
import type { ChangedEntity, CoreEvent } from '../contract/event.ts'
import { openDatabase } from '../db/database.ts'
import { metaStore } from '../db/meta-store.ts'
import { searchIndex } from '../db/search-index.ts'
import { deposit } from '../documenti/deposit.ts'
import { documentoCommands, type DocumentoCommands } from '../documenti/documento-commands.ts'
import { documentoStore, type DocumentoStore } from '../documenti/documento-store.ts'
import { dominioStore, type DominioStore } from '../domini/dominio-store.ts'
import type { Environment } from '../environment.ts'
import { documentUpload } from '../outbox/document-upload.ts'
import { highWaterMark } from '../outbox/high-water-mark.ts'
import { isLocalId } from '../outbox/operation.ts'
import { operationStore, type OperationStore } from '../outbox/operation-store.ts'
import { outboxCommands, type OutboxCommands } from '../outbox/outbox-commands.ts'
import { outboxEngine, type OutboxEngine } from '../outbox/outbox-engine.ts'
import { projection } from '../outbox/projection.ts'
import { restoredBackup } from '../outbox/restored-backup.ts'
import { Capabilities } from '../provider-contract/capabilities.ts'
import type { Operatore } from '../provider-contract/session.ts'
import type { HttpClient } from '../provider/http-client.ts'
import { providerSession, StoredSession, type ProviderSession } from '../provider/provider-session.ts'
import { connection, type Connection } from '../sync/connection.ts'
import { feedStore } from '../sync/feed-store.ts'
import { syncEngine, type SyncEngine } from '../sync/sync-engine.ts'
import { titolareList } from '../titolari/titolare-list.ts'
import { titolareStore, type TitolareStore } from '../titolari/titolare-store.ts'

/** What is known of the provider while it cannot be asked. */
export const KnownProvider = z.object({ id: z.string(), nome: z.string(), environment: z.enum(['prova', 'esercizio']) })
export type KnownProvider = z.infer<typeof KnownProvider>

const MAX_NAMED_IDS = 200
const MANY_EVERY_MS = 700

/** One provider's data for one scope, open: its stores, its alignment and its outbox. */
export interface OpenArchive {
  id: string
  caselle: CasellaStore
  caselleList: CasellaList
  casellaCommands: CasellaCommands
  titolari: TitolareStore
  titolariList: ReturnType<typeof titolareList>
  domini: DominioStore
  documenti: DocumentoStore
  documentoCommands: DocumentoCommands
  operations: OperationStore
  outbox: OutboxCommands
  engine: OutboxEngine
  sync: SyncEngine
  connection: Connection
  session: ProviderSession
  storedSession(): StoredSession | null
  /** A person signed in: the queue of that operator goes on. */
  signIn(session: StoredSession, provider: KnownProvider): void
  signOut(): void
  provider(): KnownProvider | null
  /** Throws CommandError `not_signed_in` before the first alignment. */
  capabilities(): Capabilities
  refreshCapabilities(): Promise<void>
  lastAlignedAt(): string | null
  close(): Promise<void>
}

export interface ArchiveFiles {
  folder: string
  keyHex: string
}

/** Opens an archive over an HTTP client. Throws what opening the database throws. */
export function openArchive(
  id: string,
  files: ArchiveFiles,
  http: HttpClient,
  environment: Environment,
  emit: (event: CoreEvent) => void,
  statusChanged: () => void,
): OpenArchive {
  const { clock, log, graceMs } = environment
  const db = openDatabase(join(files.folder, 'archivio.db'), files.keyHex)
  const meta = metaStore(db)
  const iso = (): string => new Date(clock.now()).toISOString()

  const changed = new Map<ChangedEntity, Set<string>>()
  const touched = (entity: ChangedEntity, entityId: string): void => {
    const ids = changed.get(entity)
    if (ids === undefined) changed.set(entity, new Set([entityId]))
    else ids.add(entityId)
  }
  const many = new Set<ChangedEntity>()
  let cancelMany: (() => void) | null = null
  const flush = (): void => {
    if (changed.size === 0) return
    for (const [entity, ids] of changed) {
      if (ids.size > MAX_NAMED_IDS) many.add(entity)
      else emit({ type: 'changed', entity, ids: [...ids] })
    }
    changed.clear()
    statusChanged()
    // While a snapshot pours in, each page would have the screens read all again.
    if (many.size > 0)
      cancelMany ??= clock.after(MANY_EVERY_MS, () => {
        cancelMany = null
        for (const entity of many) emit({ type: 'changed', entity, ids: null })
        many.clear()
      })
  }

  const caselleIndex = searchIndex(db, meta, 'casella', ['indirizzo', 'titolare', 'codice_fiscale', 'ragione_sociale'])
  const titolariIndex = searchIndex(db, meta, 'titolare', [
    'nome',
    'cognome',
    'codice_fiscale',
    'ragione_sociale',
    'email',
  ])
  const feed = feedStore(db, meta)
  const caselle = casellaStore(db, caselleIndex)
  const titolari = titolareStore(db, titolariIndex)
  const domini = dominioStore(db)
  const documenti = documentoStore(db)
  const operations = operationStore(db)
  const projected = projection({ caselle, titolari, operations }, () => ({ iso: iso(), ms: clock.steady() }), touched)

  let stored = meta.read('session', StoredSession)
  const keeper = {
    read: () => stored,
    write: (session: StoredSession) => {
      stored = session
      meta.write('session', session)
    },
    expired: () => {
      linked.expired()
    },
  }
  const linked: Connection = connection(statusChanged, () => {
    engine.wake()
  })
  const session = providerSession(http, keeper, clock)
  const capabilities = (): Capabilities => {
    const known = meta.read('capabilities', Capabilities)
    if (known === null) throw new CommandError('not_signed_in', 'the provider has not been reached yet')
    return known
  }
  const operatore = (): Operatore | null => stored?.operatore ?? null
  const writer = (): Operatore => {
    const operator = operatore()
    if (operator === null) throw new CommandError('not_signed_in', 'nobody has signed in')
    if (operator.ruolo === 'sola_lettura') throw new CommandError('read_only', 'the operator may only read')
    return operator
  }

  const files_ = deposit(join(files.folder, 'deposito'), files.keyHex, documenti)
  const mark = highWaterMark(join(files.folder, 'inviati.json'))
  const sendCounter = (): number => meta.read('sendCounter', z.number().int()) ?? 0

  const engine: OutboxEngine = outboxEngine({
    db,
    operations,
    target: {
      caselle,
      titolari,
      documenti,
      operations,
      projection: projected,
      touched: (entity, entityId) => {
        touched(entity, entityId)
        // A row made while a replacing snapshot runs comes after it in the feed: its absence there says nothing.
        if (entity !== 'documento' && feed.snapshot()?.replacing === true) feed.markSeen(entity, entityId)
      },
    },
    session,
    uploads: documentUpload(session, http.address, files_, documenti, clock),
    connection: linked,
    mark,
    countSending: () => {
      const sent = sendCounter() + 1
      meta.write('sendCounter', sent)
      return sent
    },
    hasKeys: () => meta.read('capabilities', Capabilities)?.idempotency ?? true,
    operator: () => stored?.operatore.id ?? null,
    clock,
    random: environment.random ?? Math.random,
    log,
    touched: (opId) => {
      touched('operation', opId)
    },
    uploadProgress: (operationId, sent, total) => {
      emit({ type: 'upload', operationId, sent, total })
    },
    flush,
    settled: (operation) => {
      // The provider holds the document now: the private copy has done its work.
      if (operation.depositoId !== null) files_.removeBytes(operation.depositoId)
    },
    cancelled: (depositoId) => {
      files_.removeBytes(depositoId)
      documenti.removeDeposito(depositoId)
    },
  })

  async function refreshCapabilities(): Promise<void> {
    const result = await session.send({ method: 'GET', path: '/capabilities' })
    const parsed = result.kind === 'answer' && result.status === 200 ? Capabilities.safeParse(result.body) : null
    if (parsed?.success === true) meta.write('capabilities', parsed.data)
    else if (parsed !== null)
      throw new CommandError('provider_not_contract', 'the capabilities do not fit the contract')
  }

  const sync = syncEngine({
    db,
    feed,
    target: { domini, titolari, documenti, projection: projected, touched },
    session,
    connection: linked,
    indexes: [caselleIndex, titolariIndex],
    clock,
    log,
    aligned: (at) => {
      meta.write('lastAlignedAt', at)
      // The sign-in may have missed them: without them nothing can be changed.
      if (meta.read('capabilities', Capabilities) === null)
        refreshCapabilities().catch((error: unknown) => {
          linked.failed(errorDataOf(error).code)
        })
      statusChanged()
      engine.wake()
    },
    progressed: statusChanged,
    flush,
  })

  const queued = (opIds: readonly string[]): void => {
    for (const opId of opIds) touched('operation', opId)
    flush()
    engine.wake()
  }

  db.transaction(() => {
    restoredBackup(
      operations,
      { sent: sendCounter(), mark: mark.read() },
      { iso: iso(), ms: clock.steady() },
      (sent) => {
        meta.write('sendCounter', sent)
      },
    )
  })
  // Files that were chosen and never queued, or given up, are nobody's any more.
  for (const orphan of documenti.unneeded()) {
    documenti.removeDeposito(orphan)
    files_.removeBytes(orphan)
  }
  files_.sweep()

  return {
    id,
    caselle,
    caselleList: casellaList(caselle, caselleIndex),
    casellaCommands: casellaCommands({
      db,
      caselle,
      titolari: {
        get: (titolareId) => titolari.get(titolareId),
        writeLocal: (titolare, entered) => {
          const part = {
            version: 1,
            updatedAt: titolare.updatedAt,
            updatedBy: titolare.updatedBy,
            enteId: titolare.enteId,
            titolareId: titolare.id,
          }
          titolari.write(
            {
              id: titolare.id,
              version: 0,
              server: null,
              local: {
                titolare,
                indirizzi: (entered.indirizzi ?? []).map((indirizzo, index) => ({
                  ...indirizzo,
                  ...part,
                  id: `${titolare.id}/indirizzo/${index}`,
                })),
                attivita: (entered.attivita ?? []).map((attivita, index) => ({
                  ...attivita,
                  ...part,
                  id: `${titolare.id}/attivita/${index}`,
                })),
              },
            },
            1,
          )
        },
      },
      operations,
      projection: projected,
      session,
      clock,
      graceMs,
      dominio: (dominioId) => domini.dominio(dominioId),
      assistente: (assistenteId) => domini.assistente(assistenteId),
      capabilities,
      writer,
      operatore,
      enteId: () => stored?.scope.enteId ?? '',
      queued,
    }),
    titolari,
    titolariList: titolareList(titolari, titolariIndex),
    domini,
    documenti,
    documentoCommands: documentoCommands({
      db,
      documenti,
      deposit: files_,
      caselle: {
        find: (casellaId) => {
          const known = isLocalId(casellaId) ? (operations.serverIdOf(casellaId) ?? casellaId) : casellaId
          const row = caselle.row(known)
          return row === undefined
            ? undefined
            : { id: known, indirizzo: row.indirizzo, deleted: row.stato === 'eliminata' }
        },
      },
      operations,
      projection: projected,
      clock,
      graceMs,
      capabilities,
      writer,
      queued,
      touched: (casellaId) => {
        touched('documento', casellaId)
      },
    }),
    operations,
    outbox: outboxCommands({
      db,
      operations,
      projection: projected,
      engine,
      clock,
      operator: () => stored?.operatore.id ?? null,
      touched: (opId) => {
        touched('operation', opId)
      },
      flush,
    }),
    engine,
    sync,
    connection: linked,
    session,
    storedSession: () => stored,
    signIn: (next, provider) => {
      db.transaction(() => {
        keeper.write(next)
        meta.write('provider', provider)
      })
      linked.signedIn()
    },
    signOut: () => {
      stored = null
      meta.remove('session')
      statusChanged()
    },
    provider: () => meta.read('provider', KnownProvider),
    capabilities,
    refreshCapabilities,
    lastAlignedAt: () => meta.read('lastAlignedAt', z.string()),
    close: async () => {
      await Promise.all([sync.stop(), engine.stop()])
      flush()
      cancelMany?.()
      db.close()
    },
  }
}
