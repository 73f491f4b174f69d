import { isLocalId } from '../contract/local-id.ts'
import { join } from 'node:path'
import { z } from 'zod'
import { resolvedFields } from './resolved-fields.ts'
import { documentiArchive, type DocumentiArchive } from './documenti-archive.ts'
import { inspectedDocuments } from '../documenti/inspected-documents.ts'
import { inspectionPool } from '../documenti/inspection-pool.ts'
import { registroCommands, type RegistroCommands } from './registro-commands.ts'
import { bozzaCommands, type BozzaCommands } from '../bozze/bozza-commands.ts'
import { bozzaStore } from '../bozze/bozza-store.ts'
import { casellaCommands, type CasellaCommands } from '../caselle/casella-commands.ts'
import { casellaCreation, type CasellaCreation } from '../caselle/casella-creation.ts'
import { casellaList, type CasellaList } from '../caselle/casella-list.ts'
import { casellaCsvStore } from '../caselle/casella-csv-store.ts'
import { manyCaselle, type ManyCaselle } from '../caselle/many-caselle.ts'
import { casellaStore, type CasellaStore } from '../caselle/casella-store.ts'
import { CommandError, errorDataOf } from '../command-error.ts'
import { nascitaOf } from '../comuni/comuni-commands.ts'
import type { ChangedEntity, CoreEvent } from '../contract/event.ts'
import { openDatabase } from '../db/database.ts'
import { metaStore } from '../db/meta-store.ts'
import { diagnosticStore, type DiagnosticStore } from '../diagnostics/diagnostic-store.ts'
import { searchIndexes } from '../db/archive-search.ts'
import { checkpoints } from '../db/checkpoints.ts'
import { indexBuilder } from '../db/index-builder.ts'
import { deposit } from '../documenti/deposit.ts'
import { documentoCommands, type DocumentoCommands } from '../documenti/documento-commands.ts'
import { documentoStore, type DocumentoStore } from '../documenti/documento-store.ts'
import { dominioStore, type DominioStore } from '../domini/dominio-store.ts'
import { timeOfDay, type Environment } from '../environment.ts'
import { impostazioniStore } from '../impostazioni/impostazioni-store.ts'
import { everyForm } from '../moduli/forms/every-form.ts'
import { manyModuli, type ManyModuli } from '../moduli/many-moduli.ts'
import { moduloCommands, type ModuloCommands } from '../moduli/modulo-commands.ts'
import { moduloStore } from '../moduli/modulo-store.ts'
import { notaStore } from '../note/nota-store.ts'
import { copiaDati } from '../copia-dati/copia-dati.ts'
import { copiaDatiStore } from '../copia-dati/copia-dati-store.ts'
import type { CopiaDatiRequest } from '../contract/accesso.ts'
import type { CopiaDati } from '../contract/copia-dati.ts'
import { accessoCommands, type AccessoCommands } from '../registro-accessi/accesso-commands.ts'
import { accessoStore } from '../registro-accessi/accesso-store.ts'
import { letturaCommands, type LetturaCommands } from '../report/lettura-commands.ts'
import { slaMesi } from '../report/sla-mesi.ts'
import { reportSource, type ReportPorts } from '../report/report-tabelle.ts'
import { reportSalvatoCommands, type ReportSalvatoCommands } from '../report/report-salvato-commands.ts'
import { ReportSalvato } from '../contract/report-salvato.ts'
import { Vista } from '../contract/vista.ts'
import { romeDay } from '../caselle/rome-day.ts'
import type { SlaMesi } from '../contract/report.ts'
import { tabellaColumns } from '../report/tabelle/tabella-columns.ts'
import { reportCommands, type ReportCommands } from '../report/report-commands.ts'
import { reportStore } from '../report/report-store.ts'
import { attoCommands, AttoHead, type AttoCommands } from '../registro-operatori/atto-commands.ts'
import { attoStore } from '../registro-operatori/atto-store.ts'
import { richiestaStore } from '../richieste/richiesta-store.ts'
import { salvatiStore } from '../salvati/salvati-store.ts'
import { scadenzaCommands, type ScadenzaCommands } from '../scadenze/scadenza-commands.ts'
import { scadenzaStore } from '../scadenze/scadenza-store.ts'
import { segnalazioneStore } from '../segnalazioni/segnalazione-store.ts'
import type { TitolareDetail } from '../contract/titolare.ts'
import { defaultSettings } from '../contract/settings.ts'
import { storicoStore } from '../storico/storico-store.ts'
import { lockStore, type LockStore } from '../screen-lock/lock-store.ts'
import { settingsStore, type SettingsStore } from './settings-store.ts'
import { archiveCopies, type ArchiveCopies } from './archive-copies.ts'
import { archiveFolder } from './archive-folder.ts'
import { rememberKey } from './key-check.ts'
import { documentUpload } from '../outbox/document-upload.ts'
import { highWaterMark } from '../outbox/high-water-mark.ts'
import { countUnsent, readUnsentWork, type UnsentWork } from '../outbox/unsent-work-store.ts'
import { operationStore, type OperationStore } from '../outbox/operation-store.ts'
import { outboxCommands, type OutboxCommands } from '../outbox/outbox-commands.ts'
import { outboxEngine, type OutboxEngine } from '../outbox/outbox-engine.ts'
import { projection } from '../outbox/projection.ts'
import { enqueueWith } from '../outbox/enqueue.ts'
import { serverRows } from '../outbox/server-rows.ts'
import { restoredBackup } from '../outbox/restored-backup.ts'
import { sendSchedule } from '../outbox/send-schedule.ts'
import { Capabilities } from '../provider-contract/capabilities.ts'
import type { Operatore } from '../provider-contract/session.ts'
import type { HttpClient } from '../provider/http-client.ts'
import { networkForThread } from '../provider/thread-network.ts'
import { isIntercepted } from '../provider/wire.ts'
import { providerSession, StoredSession, type ProviderSession } from '../provider/provider-session.ts'
import { activityCommands, type ActivityCommands } from '../sync/activity-commands.ts'
import { activityRecorder } from '../sync/activity-recorder.ts'
import { activityStore } from '../sync/activity-store.ts'
import { connection, type Connection } from '../sync/connection.ts'
import { feedStore } from '../sync/feed-store.ts'
import { rereadStore } from '../sync/reread-store.ts'
import { syncEngine, type SyncEngine } from '../sync/sync-engine.ts'
import { exportCommands, type ExportCommands } from '../export/export-commands.ts'
import { listColumns } from '../export/list-columns.ts'
import { richiestaWords, statoWords } from '../export/words.ts'
import { assistenteRows, dominioRows } from '../domini/dominio-rows.ts'
import { exportSource } from './export-sources.ts'
import { titolareDetail } from '../titolari/titolare-commands.ts'
import type { Doppione } from '../contract/titolare.ts'
import { doppioniAmong } from '../titolari/doppioni.ts'
import { titolareList, type TitolareList } from '../titolari/titolare-list.ts'
import { titolareStore, type TitolareStore } from '../titolari/titolare-store.ts'
import { vistaCommands, type VistaCommands } from '../viste/vista-commands.ts'

/** What is known of the provider while it cannot be asked. */
/** Of holders that are looked at for doubles; a registry with more is mended from its first ones. */
const MOST_DOUBLE = 1000

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
  casellaCreation: CasellaCreation
  manyCaselle: ManyCaselle
  exports: ExportCommands
  titolari: TitolareStore
  titolariList: TitolareList['page']
  /** Throws CommandError `not_found`. */
  titolareDetail(id: string): TitolareDetail
  moduli: ModuloCommands
  manyModuli: ManyModuli
  doppioni(): Doppione[]
  /** Each file of personal data that leaves the archive is recorded here first. */
  accessi: AccessoCommands
  /** Who did what when, in a chain. */
  atti: AttoCommands
  /** Counts for the diagnostic package. */
  diagnostics: DiagnosticStore
  /** Records the access, then reads. Throws CommandError `not_found`, `not_signed_in`. */
  copiaDati(request: CopiaDatiRequest): Promise<{ copia: CopiaDati; titolareId: string }>
  domini: DominioStore
  documenti: DocumentoStore
  documentoCommands: DocumentoCommands
  documentale: DocumentiArchive
  operations: OperationStore
  outbox: OutboxCommands
  registro: RegistroCommands
  /** What the steady clock says, by the person's. */
  timeOfDay(steady: number): string
  bozze: BozzaCommands
  viste: VistaCommands
  settings: SettingsStore
  locks: LockStore
  engine: OutboxEngine
  sync: SyncEngine
  activity: ActivityCommands
  scadenze: ScadenzaCommands
  report: ReportCommands
  letture: LetturaCommands
  slaMesi(request: { from: string; to: string; chiedi: boolean }): Promise<SlaMesi>
  reportSalvati: ReportSalvatoCommands
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
  copies: ArchiveCopies
  /** The unsent work as it stands. */
  unsentWork(): UnsentWork
  unsentCount(): number
  /** Whether the recovery key has been printed. */
  isKeyPrinted(): boolean
  keyPrinted(): void
  keyHex: string
  close(): Promise<void>
}

export interface ArchiveFiles {
  folder: string
  keyHex: string
}

/** What is heard of the disk and the database while the archive is open. */
export interface DiskListener {
  failed(error: unknown): void
  written(): void
}

/** Opens an archive that has been prepared (`prepareArchive`) over an HTTP client. Throws what opening the database throws. */
export function openArchive(
  id: string,
  files: ArchiveFiles,
  http: HttpClient,
  environment: Environment,
  emit: (event: CoreEvent) => void,
  statusChanged: () => void,
  disk: DiskListener,
): OpenArchive {
  const { clock, log } = environment
  const folder = archiveFolder(files.folder)
  const db = openDatabase(folder.database, files.keyHex, disk)
  try {
    rememberKey(folder.keyCheck, files.keyHex)
  } catch (error) {
    db.close()
    throw error
  }
  const meta = metaStore(db)
  const iso = (): string => new Date(clock.now()).toISOString()

  const changed = new Map<ChangedEntity, Set<string>>()
  const touched = (entity: ChangedEntity, entityId: string): void => {
    const ids = changed.get(entity)
    if (ids === undefined) changed.set(entity, new Set([entityId]))
    else ids.add(entityId)
  }
  const manyChanged = new Set<ChangedEntity>()
  let cancelMany: (() => void) | null = null
  const flush = (): void => {
    if (changed.size === 0) return
    if (changed.has('operation') || changed.has('bozza') || changed.has('lotto')) copies.queueChanged()
    const operationsMoved = changed.get('operation')
    if (operationsMoved !== undefined) documentale.operationsChanged([...operationsMoved])
    for (const [entity, ids] of changed) {
      if (ids.size > MAX_NAMED_IDS) manyChanged.add(entity)
      else emit({ type: 'changed', entity, ids: [...ids] })
    }
    changed.clear()
    statusChanged()
    // While a snapshot pours in, each page would have the screens read all again.
    if (manyChanged.size > 0)
      cancelMany ??= clock.after(MANY_EVERY_MS, () => {
        cancelMany = null
        for (const entity of manyChanged) emit({ type: 'changed', entity, ids: null })
        manyChanged.clear()
      })
  }

  const { caselle: caselleIndex, titolari: titolariIndex } = searchIndexes(db, meta)
  const feed = feedStore(db, meta)
  const reread = rereadStore(db)
  const caselle = casellaStore(db, caselleIndex)
  const titolari = titolareStore(db, titolariIndex)
  const domini = dominioStore(db)
  const documenti = documentoStore(db)
  const note = notaStore(db)
  const segnalazioni = segnalazioneStore(db, meta)
  const richieste = richiestaStore(db)
  const impostazioni = impostazioniStore(db)
  const operations = operationStore(db)
  const bozze = bozzaStore(db)
  const settings = settingsStore(meta)
  const rows = serverRows({ caselle, titolari, documenti, note, segnalazioni, impostazioni })
  const projected = projection(
    { caselle, titolari, operations, rows },
    () => ({ iso: iso(), ms: clock.steady() }),
    touched,
  )

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
  const linked: Connection = connection({
    changed: statusChanged,
    away: () => {
      sync.lookSoon()
    },
    back: () => {
      engine.wake()
    },
  })
  const session = providerSession(http, keeper, clock)
  // Asked for with each sending, and a tenth of a millisecond to parse.
  let lastCapabilities: Capabilities | null = null
  const knownCapabilities = (): Capabilities | null => (lastCapabilities ??= meta.read('capabilities', Capabilities))
  const capabilities = (): Capabilities => {
    const known = knownCapabilities()
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

  const lastAlignedAt = (): string | null => meta.read('lastAlignedAt', z.string())
  const activities = activityStore(db, meta)
  const activity = activityRecorder({
    store: activities,
    names: {
      titolare: (titolareId) => titolari.holder(titolareId)?.titolare ?? null,
      assistente: (assistenteId) => {
        const assistente = domini.assistente(assistenteId)
        return assistente === undefined ? null : (assistente.nome ?? assistente.codice)
      },
    },
    isRecording: (type) => lastAlignedAt() !== null && feed.knows(type),
    user: () => stored?.operatore.user ?? null,
    now: () => clock.now(),
    recorded: () => {
      touched('activity', '')
    },
  })

  const schedule = sendSchedule(
    () => (stored === null ? defaultSettings : settings.of(stored.operatore.id)).send,
    environment.graceMs,
    clock,
  )
  const files_ = deposit(join(files.folder, 'deposito'), files.keyHex, documenti)
  const mark = highWaterMark(join(files.folder, 'inviati.json'))
  const sendCounter = (): number => meta.read('sendCounter', z.number().int()) ?? 0

  const hasKeys = (): boolean => knownCapabilities()?.idempotency ?? true
  const engine: OutboxEngine = outboxEngine({
    db,
    operations,
    target: {
      caselle,
      titolari,
      documenti,
      richieste,
      operations,
      // What others changed may come with the answer to a write, before the feed brings it.
      projection: { ...projected, pulled: (kind, row) => activity.pulling(kind, row, projected) },
      touched,
      made: (type, rowId) => {
        // A row made while a replacing snapshot runs comes after it in the feed: its absence there says nothing.
        if (feed.snapshot()?.replacing === true) feed.markSeen(type, rowId)
      },
    },
    rows,
    reread: (kind, rowId) => {
      reread.add(kind, rowId)
    },
    feedMoves: () => feed.moves(),
    session,
    uploads: documentUpload(
      session,
      http.address,
      files_,
      documenti,
      () => knownCapabilities()?.uploadSingleBytes ?? 0,
      clock,
    ),
    connection: linked,
    mark,
    countSendings: (count) => {
      const sent = sendCounter() + count
      meta.write('sendCounter', sent)
      return sent
    },
    hasKeys,
    mostTogether: () => knownCapabilities()?.batches ?? 0,
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
    // The provider holds the documents now: their private copies have done their work.
    settling: (settling) => {
      documentale.copies.arrived(settling.flatMap(({ depositoId }) => depositoId ?? []))
    },
    settled: (settled) => {
      documentale.copies.letGo(settled.flatMap(({ depositoId }) => depositoId ?? []))
      // What was asked for shows on the casella, of which the answer says nothing.
      const moves = ['casella.richiesta', 'casella.azione', 'messaggio.create']
      if (settled.some(({ type }) => moves.includes(type))) sync.hint()
    },
    cancelled: (depositoId) => {
      if (documentale.lotti.cancelled(depositoId)) return
      files_.removeBytes(depositoId)
      documenti.removeDeposito(depositoId)
    },
  })

  async function refreshCapabilities(): Promise<void> {
    const result = await session.send({ method: 'GET', path: '/capabilities' })
    if (isIntercepted(result)) {
      linked.lost('provider_proxy', iso())
      return
    }
    const parsed = result.kind === 'answer' && result.status === 200 ? Capabilities.safeParse(result.body) : null
    if (parsed?.success === true) {
      meta.write('capabilities', parsed.data)
      lastCapabilities = parsed.data
    } else if (parsed !== null)
      throw new CommandError('provider_not_contract', 'the capabilities do not fit the contract')
  }

  const sync = syncEngine({
    db,
    feed,
    reread,
    target: { domini, titolari, caselle, richieste, rows, projection: projected, touched },
    session,
    connection: linked,
    indexes: {
      ready: () => caselleIndex.ready() && titolariIndex.ready(),
      builder: indexBuilder({
        db,
        indexes: [caselleIndex, titolariIndex],
        path: folder.database,
        keyHex: files.keyHex,
        ...environment.indexThread,
      }),
    },
    checkpoints: checkpoints({
      db,
      path: folder.database,
      keyHex: files.keyHex,
      thread: environment.indexThread.thread,
      heapGrowth: environment.heapGrowth,
    }),
    activity,
    somethingWaits: () => operations.anyVisible(),
    clock,
    log,
    back: () => {
      for (const opId of operations.hasten(clock.steady(), hasKeys())) touched('operation', opId)
      flush()
    },
    news: (group) => {
      emit({ type: 'news', group })
    },
    aligned: (at) => {
      meta.write('lastAlignedAt', at)
      if (stored !== null) segnalazioni.greet(stored.operatore.id)
      // The sign-in may have missed them: without them nothing can be changed.
      if (knownCapabilities() === null)
        refreshCapabilities().catch((error: unknown) => {
          linked.failed(errorDataOf(error).code)
        })
      statusChanged()
      engine.wake()
    },
    progressed: statusChanged,
    flush,
  })

  const copies = archiveCopies({
    db,
    folder,
    keyHex: files.keyHex,
    clock,
    log,
    checkCopy: environment.checkCopy,
    isFilling: () => feed.snapshot() !== null,
    changed: () => {
      emit({ type: 'archive' })
    },
  })

  /** What one transaction of many commands has queued; null outside of one. */
  let gathered: string[] | null = null
  const queued = (opIds: readonly string[]): void => {
    if (gathered !== null) {
      gathered.push(...opIds)
      return
    }
    for (const opId of opIds) touched('operation', opId)
    flush()
    engine.wake()
  }

  /** Only what is on the disk is told and sent (rule 2), also of commands that run as one. */
  const together = (work: () => void): void => {
    const opIds: string[] = []
    gathered = opIds
    try {
      db.transaction(work)
    } finally {
      gathered = null
    }
    queued(opIds)
  }

  const enqueue = enqueueWith(operations, clock, schedule)

  db.transaction(() => {
    const doubtful = restoredBackup(
      operations,
      { sent: sendCounter(), mark: mark.read() },
      { iso: iso(), ms: clock.steady() },
      (sent) => {
        meta.write('sendCounter', sent)
      },
    )
    // The rows show what was brought in, and what has become doubtful.
    if (doubtful === 0 && meta.read('reproject', z.boolean()) === null) return
    for (const operation of operations.unsettled()) projected.of(operation)
    meta.remove('reproject')
  })
  // Files that were chosen and never queued, or given up, are nobody's any more.
  for (const orphan of documenti.unneeded()) {
    documenti.removeDeposito(orphan)
    files_.removeBytes(orphan)
  }
  files_.sweep()

  const storico = storicoStore(db)
  db.transaction(() => {
    storico.prune()
  })
  /** Of what is queued in the same transaction. */
  const removeBozza = (bozzaId: string): void => {
    bozze.remove(writer().id, bozzaId)
    touched('bozza', bozzaId)
  }
  const registro = registroCommands({
    db,
    removeBozza,
    domini,
    storico,
    caselle,
    titolari,
    note,
    richieste,
    impostazioni,
    segnalazioni,
    operations,
    rows,
    projection: projected,
    enqueue,
    deposit: files_,
    documenti,
    meta,
    touched: (segnalazioneId) => {
      touched('segnalazione', segnalazioneId)
    },
    operatore,
    session,
    isOffline: () => linked.isOffline(),
    capabilities,
    writer,
    queued,
    flush,
    timeOfDay: (steady) => timeOfDay(clock, steady),
    enteId: () => stored?.scope.enteId ?? '',
    now: iso,
  })

  const outbox = outboxCommands({
    db,
    operations,
    projection: projected,
    engine,
    session,
    clock,
    schedule,
    operator: () => stored?.operatore.id ?? null,
    writer,
    hasKeys,
    connection: linked,
    resolvedFields: resolvedFields({ caselle, impostazioni, capabilities }),
    touched: (opId) => {
      touched('operation', opId)
    },
  })

  const commands = casellaCommands({
    db,
    caselle,
    operations,
    projection: projected,
    enqueue,
    session,
    clock,
    dominio: (dominioId) => domini.dominio(dominioId),
    assistente: (assistenteId) => domini.assistente(assistenteId),
    capabilities,
    writer,
    operatore,
    queued,
  })
  const creation = casellaCreation({
    db,
    caselle,
    titolari,
    operations,
    projection: projected,
    enqueue,
    clock,
    dominio: (dominioId) => domini.dominio(dominioId),
    capabilities,
    writer,
    enteId: () => stored?.scope.enteId ?? '',
    queued,
    together,
    removeBozza,
  })
  const scadenze = scadenzaCommands({ store: scadenzaStore(db), now: () => clock.now(), archiveId: id })
  const reports = reportStore(db)
  const reportPorts: ReportPorts = {
    report: reportCommands({
      store: reports,
      domini: () => domini.domini(),
      assistenti: () => domini.assistenti(),
      identitaScadute: () => scadenze.identitaScadute(),
      operator: () => stored?.operatore.id ?? null,
      now: () => clock.now(),
    }),
    letture: letturaCommands({ store: reports, session, isOffline: () => linked.isOffline(), now: iso }),
    capabilities,
    ruolo: () => stored?.operatore.ruolo ?? null,
    now: () => clock.now(),
  }
  const list = casellaList(caselle, caselleIndex, clock)
  const titolari_ = titolareList(titolari, titolariIndex, () => caselle.revision())
  const activityCommands_ = activityCommands({
    store: activities,
    operatore,
    changed: () => {
      touched('activity', '')
      flush()
    },
  })
  const detailOfTitolare = (titolareId: string): TitolareDetail =>
    titolareDetail(titolareId, titolari, {
      caselle: (each) => caselle.rowsOfTitolare(each),
      serverIdOf: (localId) => operations.serverIdOf(localId),
      operations: (each) => operations.visibleOfTitolare(each),
      mergeAbsorbing: (each) => operations.mergeAbsorbing(each),
      timeOfDay: (steady) => timeOfDay(clock, steady),
    })
  const moduli = moduloCommands({
    store: moduloStore(db),
    serverIdOf: (localId) => operations.serverIdOf(localId),
    casella: (casellaId) => commands.get(casellaId),
    titolare: (titolareId) => (titolari.get(titolareId) === undefined ? undefined : detailOfTitolare(titolareId)),
    estratto: (casellaId) =>
      registro.richieste.list(casellaId).find(({ estratto, ended }) => estratto !== null && ended === null)?.estratto ??
      undefined,
    capabilities,
    nascita: async (codiceFiscale) => {
      const nascita = await nascitaOf(codiceFiscale, new Date(clock.now()).getFullYear())
      if (nascita === null) return null
      const { data, comune } = nascita
      return { data, comune: comune?.nome ?? '', provincia: comune?.provincia ?? '' }
    },
    ente: () => stored?.scope.ente ?? '',
    operator: () => {
      const operator = operatore()
      if (operator === null) throw new CommandError('not_signed_in', 'nobody has signed in')
      return operator.nome
    },
    now: iso,
    changed: (casellaId) => {
      touched('modulo', casellaId)
      flush()
    },
  })
  const many = manyCaselle({
    keysOf: (target) => list.keysOf(target),
    rows: (pks) => caselle.rows(pks),
    commands,
    azione: (casellaId, azione) => registro.richieste.act(casellaId, azione),
    nota: (casellaId, testo) => registro.note.create({ casellaId }, testo),
    conservazione: (casellaId, conservazione) => registro.impostazioni.update(casellaId, { conservazione }, {}),
    readSettings: (casellaIds) => registro.impostazioni.ensureKnown(casellaIds),
    together,
    seqOf: (opId) => operations.byId(opId)?.seq,
    giveUp: (seqs) => outbox.giveUpMany(seqs),
    capabilities,
    writer,
    operator: () => stored?.operatore.id ?? null,
    schedule,
    clock,
  })

  const inspected = inspectedDocuments()
  const documenti_ = documentoCommands({
    db,
    edits: registro.edits,
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
    enqueue,
    clock,
    capabilities,
    writer,
    queued,
    touched: (casellaId) => {
      touched('documento', casellaId)
    },
    inspected,
    returned: (codice) => {
      moduli.returned(codice)
    },
  })
  const documentale: DocumentiArchive = documentiArchive({
    db,
    caselle,
    caselleIndex,
    titolari,
    documenti,
    deposit: files_,
    inspector: inspectionPool(
      {
        worker: environment.documentThreads.inspection,
        pdfReader: environment.documentThreads.pdfReader,
        dataDir: environment.dataDir,
        network: () => networkForThread(http.outward),
      },
      files_,
    ),
    documentoCommands: documenti_,
    inspected,
    session,
    clock,
    days: {
      read: () => meta.read('documentCopyDays', z.number().int()) ?? 0,
      write: (days) => {
        meta.write('documentCopyDays', days)
      },
    },
    modulo: (codice) => {
      const modulo = moduli.find(codice)
      return modulo === undefined ? undefined : { casellaId: modulo.casellaId, tipo: everyForm[modulo.kind].returnsAs }
    },
    moduloReturned: (codice) => {
      moduli.returned(codice)
    },
    operation: (opId) => operations.byId(opId),
    retryOperation: (opId) => outbox.retry(opId),
    release: (opIds) => outbox.release(opIds, []),
    together,
    capabilities,
    writer,
    now: iso,
    touched: (lottoId) => {
      touched('lotto', lottoId)
    },
    flush,
  })

  const atti = attoCommands({
    store: attoStore(db),
    head: {
      read: () => meta.read('attoTesta', AttoHead),
      write: (head) => {
        meta.write('attoTesta', head)
      },
    },
    clock,
    operatore: () => stored?.operatore.user ?? '',
    now: iso,
    together: (work) => {
      db.transaction(work)
    },
    broken: (numero) => {
      log('register.broken', { count: numero })
    },
  })
  const registered = accessoCommands({
    store: accessoStore(db),
    operatore,
    now: iso,
    changed: () => {
      touched('accesso', '')
      flush()
    },
  })
  const accessi: AccessoCommands = {
    ...registered,
    // In the chain as well, both or none.
    record: (accesso) => {
      db.transaction(() => {
        registered.record(accesso)
        atti.record(`accesso.${accesso.kind}`, accesso.titolareId === null ? [] : [accesso.titolareId])
      })
    },
  }
  atti.verify()

  return {
    id,
    accessi,
    atti,
    diagnostics: diagnosticStore(db),
    copiaDati: async ({ titolareId: asked, formato, scopo }) => {
      const titolareId = detailOfTitolare(asked).titolare.id
      accessi.record({ kind: 'copia_titolare', titolareId, formato, scopo, righe: null })
      const copia = await copiaDati(copiaDatiStore(db), titolareId, {
        creata: iso(),
        ente: stored?.scope.ente ?? '',
        gestore: meta.read('provider', KnownProvider)?.nome ?? '',
        scopo,
        allineata: lastAlignedAt(),
      })
      return { copia, titolareId }
    },
    caselle,
    caselleList: list,
    casellaCommands: commands,
    casellaCreation: creation,
    manyCaselle: many,
    exports: exportCommands({
      columns: (list, tabella) =>
        list === 'report'
          ? tabellaColumns[tabella ?? 'statistiche']
          : listColumns[list].map(({ key, title, kind, personal }) => ({ key, title, kind, personal })),
      source: (subject) => {
        if (subject.list === 'report') return reportSource(reportPorts, subject)
        return exportSource(
          {
            caselle: list,
            casellaRows: (pks) => caselle.rows(pks),
            casellaCsv: casellaCsvStore(db, { stato: statoWords, richiesta: richiestaWords }),
            titolari: titolari_,
            titolareRows: (pks) => titolari.rows(pks),
            domini: () => dominioRows({ domini, caselle }),
            assistenti: () => assistenteRows({ domini, caselle }),
            scadenze: (request) => scadenze.list(request),
            novita: (request) => activityCommands_.list(request),
            coda: (view, group, offset, limit) => outbox.list(view, group, offset, limit),
            documenti: (request) => documentale.elenco(request),
          },
          subject,
          clock.now(),
        )
      },
      record: (accesso) => {
        accessi.record(accesso)
      },
      now: () => clock.now(),
    }),
    titolari,
    titolareDetail: detailOfTitolare,
    moduli,
    manyModuli: manyModuli({
      commands: moduli,
      keysOf: (target) => list.keysOf(target),
      idOf: (key) => caselle.rows([key])[0]?.id,
      now: iso,
    }),
    doppioni: () => doppioniAmong(titolari.maybeDouble(MOST_DOUBLE)),
    titolariList: (request) => titolari_.page(request),
    domini,
    documenti,
    documentoCommands: documenti_,
    documentale,
    operations,
    registro,
    timeOfDay: (steady) => timeOfDay(clock, steady),
    outbox,
    bozze: bozzaCommands(bozze, {
      operator: () => stored?.operatore.id ?? null,
      now: iso,
      changed: (bozzaId) => {
        touched('bozza', bozzaId)
        flush()
      },
      serverIdOf: (given) => operations.serverIdOf(given),
    }),
    viste: vistaCommands(salvatiStore(db, 'viste', Vista), () => stored?.operatore.id ?? null),
    settings,
    locks: lockStore(meta),
    engine,
    sync,
    activity: activityCommands_,
    scadenze,
    report: reportPorts.report,
    letture: reportPorts.letture,
    slaMesi: ({ from, to, chiedi }) => slaMesi(reportPorts.letture, { from, to, oggi: romeDay(clock.now()) }, chiedi),
    reportSalvati: reportSalvatoCommands(
      salvatiStore(db, 'reportSalvati', ReportSalvato),
      () => stored?.operatore.id ?? null,
    ),
    connection: linked,
    session,
    storedSession: () => stored,
    signIn: (next, provider) => {
      db.transaction(() => {
        keeper.write(next)
        meta.write('provider', provider)
        activities.greet(next.operatore.id)
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
    lastAlignedAt,
    copies,
    unsentWork: () => readUnsentWork(db),
    unsentCount: () => countUnsent(db),
    isKeyPrinted: () => meta.read('recoveryKeyPrinted', z.string()) !== null,
    keyPrinted: () => {
      meta.write('recoveryKeyPrinted', iso())
      statusChanged()
    },
    keyHex: files.keyHex,
    close: async () => {
      atti.close()
      await documentale.close()
      await Promise.all([many.close(), outbox.close()])
      await Promise.all([sync.stop(), engine.stop()])
      flush()
      await copies.stop()
      cancelMany?.()
      db.close()
    },
  }
}
