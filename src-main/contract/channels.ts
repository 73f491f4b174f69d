import { z } from 'zod'
import { Capabilities } from '../provider-contract/capabilities.ts'
import { ActivityList, ActivityListRequest } from './activity.ts'
import {
  CasellaCreateRequest,
  CasellaDetail,
  CasellaRow,
  CasellaUpdateRequest,
  CaselleList,
  CaselleListRequest,
  MOST_TOGETHER,
  NameAvailability,
} from './casella.ts'
import { CaselleActRequest, MOST_NAMED } from './casella-selection.ts'
import { Bozza, BozzaRow, BozzaSaveRequest, BozzeListRequest } from './bozza.ts'
import { CapRow, ComuneRow, NascitaDetail } from './comune.ts'
import { AttachRequest, Deposito, DocumentoRow } from './documento.ts'
import { DominioDetail, DominiToChoose } from './dominio.ts'
import { Evidence } from './evidence.ts'
import { ElenchiFiducia } from './fiducia.ts'
import { ArchiveState, ExportedFile, RecoverRequest, StartAnewRequest } from './archive.ts'
import { OperationDetail, OutboxList, OutboxListRequest, ResolveRequest } from './operation.ts'
import { ScadenzeIcsRequest, ScadenzeList, ScadenzeListRequest, ScadenzeOverview, ScadenzeRequest } from './scadenza.ts'
import { documentiChannels } from './documenti-channels.ts'
import { esportazioneChannels } from './esportazione.ts'
import { moduliChannels } from './modulo.ts'
import { accessiChannels } from './accesso.ts'
import { policyChannels } from './policy.ts'
import { reteChannels } from './rete.ts'
import { diagnosticaChannels } from './diagnostica.ts'
import { registroOperatoriChannels } from './registro-operatori.ts'
import { registroChannels } from './registro-channels.ts'
import { reportChannels } from './report.ts'
import { reportSalvatiChannels } from './report-salvato.ts'
import {
  ActOnManyRequest,
  DeclareRequest,
  ManyProgress,
  OutboxGroups,
  OutboxGroupsRequest,
  ReleaseRequest,
  TakeOverRequest,
} from './outbox-actions.ts'
import { DominioScelto, Settings, SettingsAnswer } from './settings.ts'
import { lockChannels } from './screen-lock.ts'
import { Status } from './status.ts'
import { Vista } from './vista.ts'
import {
  AssistenteRow,
  Doppione,
  DominioRow,
  TitolareDetail,
  TitolariList,
  TitolariListRequest,
  TitolareRow,
} from './titolare.ts'

const nothing = z.object({})
const byId = z.object({ id: z.string() })
const channel = <Req extends z.ZodType, Res extends z.ZodType>(request: Req, response: Res) => ({ request, response })

/** Everything that the screens may ask of the core. There is no other way in. */
export const channels = {
  'app.status': channel(nothing, Status),
  /**
   * The window or tab came to the front, the machine woke, or the system says that there is a network: a hint, after
   * which the provider is asked soon. It claims nothing, and is taken in any phase.
   */
  'app.focused': channel(nothing, nothing),
  /** How it stands with the trusted lists; `trust` events tell when it has changed. In any phase. */
  'trust.state': channel(nothing, ElenchiFiducia),
  /** Begins to ask for newer lists. */
  'trust.refresh': channel(nothing, ElenchiFiducia),
  /** Starts the embedded sandbox and answers with its address and demo credentials, which the login form shows. */
  'demo.start': channel(nothing, z.object({ url: z.string(), user: z.string(), password: z.string() })),
  /** `passphrase` only where the system has no keyring and the provider is a real one (`passphrase_required`). */
  'session.login': channel(
    z.object({
      url: z.string().max(500),
      user: z.string().min(1).max(100),
      password: z.string().min(1).max(200),
      totp: z.string().max(10).optional(),
      passphrase: z.string().max(200).optional(),
    }),
    Status,
  ),
  /** Keeps every row. Refuses with `pending_operations` (details.count) unless `confirmed`. */
  'session.logout': channel(z.object({ confirmed: z.boolean() }), Status),
  'archive.unlock': channel(z.object({ passphrase: z.string().max(200) }), Status),
  /** Works also while the archive is blocked: what is kept, where, and what can be done. */
  'archive.state': channel(nothing, ArchiveState),
  /** Tries to open again what is blocked. */
  'archive.retry': channel(nothing, Status),
  /** Begins a copy; `archive` events tell how it goes. Refuses with `copy_running`. */
  'archive.copy': channel(nothing, ArchiveState),
  'archive.cancelCopy': channel(nothing, ArchiveState),
  /** Puts a copy in the archive's place; what is there now is set aside, and its unsent work carried over. */
  'archive.restore': channel(z.object({ id: z.string() }), Status),
  /** Sets the archive aside and begins an empty one, with the unsent work where that can be read. */
  'archive.startAnew': channel(StartAnewRequest, Status),
  /** Holds personal data: the screens say so before it is asked. */
  'archive.exportUnsent': channel(z.object({ format: z.enum(['csv', 'json']) }), ExportedFile),
  'archive.printRecoveryKey': channel(nothing, ExportedFile),
  /** Throws `recovery_key_wrong` (details.line from 1, or 0 when the whole is another archive's), `passphrase_required`. */
  'archive.recoverKey': channel(RecoverRequest, Status),
  'provider.capabilities': channel(nothing, Capabilities),
  'sync.start': channel(nothing, Status),
  'sync.cancel': channel(nothing, Status),
  'caselle.list': channel(CaselleListRequest, CaselleList),
  /** Ids alone, for a selection from one row to another. */
  'caselle.ids': channel(
    CaselleListRequest.omit({ atLeast: true }).extend({ limit: z.number().int().min(1).max(MOST_NAMED) }),
    z.object({ ids: z.array(z.string()) }),
  ),
  /** Begins work on many and answers how far it is; the channels `outbox.progress`, `stopMany` and `undoMany` go on with it. */
  'caselle.actOnMany': channel(CaselleActRequest, ManyProgress),
  /** Those that caselle of the archive have, for the filter. */
  'caselle.tipologie': channel(nothing, z.object({ tipologie: z.array(z.string()) })),
  'caselle.get': channel(byId, CasellaDetail),
  /** Answers with the operation's id, for the toast's undo. */
  'caselle.update': channel(CasellaUpdateRequest, z.object({ operationId: z.string() })),
  'caselle.create': channel(
    CasellaCreateRequest,
    z.object({ casellaId: z.string(), operationIds: z.array(z.string()) }),
  ),
  /**
   * D56: all or none. A row that may not be entered throws with its place from 0 among the details (`row`). A new holder
   * that several rows name is made once.
   */
  'caselle.createMany': channel(
    z.object({ rows: z.array(CasellaCreateRequest).min(1).max(MOST_TOGETHER), bozzaId: z.string().optional() }),
    z.object({ casellaIds: z.array(z.string()), operationIds: z.array(z.string()) }),
  ),
  'caselle.checkName': channel(
    z.object({
      denominazione: z.string().max(64),
      dominioId: z.string(),
      codiceFiscale: z.string().max(20).nullable(),
    }),
    NameAvailability,
  ),
  /** A few caselle by words, for pickers. */
  'caselle.suggest': channel(z.object({ search: z.string().max(200) }), z.object({ rows: z.array(CasellaRow) })),
  'titolari.list': channel(TitolariListRequest, TitolariList),
  'titolari.get': channel(byId, TitolareDetail),
  /** Who may be in the registry more than once, group by group. */
  'titolari.duplicates': channel(nothing, z.object({ gruppi: z.array(Doppione) })),
  /** D48: by normalised form, so that an omocodia of the same person is found. */
  'titolari.findByCodiceFiscale': channel(
    z.object({ codiceFiscale: z.string().max(20) }),
    z.object({ rows: z.array(TitolareRow) }),
  ),
  /** Comuni that a text may mean, the likeliest first: only offered. */
  'comuni.suggest': channel(z.object({ nome: z.string().max(200) }), z.object({ rows: z.array(ComuneRow) })),
  /** CAP of the comune that is written, or comuni of a CAP. */
  'comuni.cap': channel(
    z.object({ cap: z.string().max(10), nome: z.string().max(200), provincia: z.string().max(2) }),
    z.object({ rows: z.array(CapRow) }),
  ),
  /** What a codice fiscale says of the birth of its person. */
  'comuni.nascita': channel(
    z.object({ codiceFiscale: z.string().max(20) }),
    z.object({ nascita: NascitaDetail.nullable() }),
  ),
  'domini.list': channel(nothing, z.object({ rows: z.array(DominioRow) })),
  /** Throws `not_found`. */
  'domini.get': channel(byId, DominioDetail),
  'domini.toChoose': channel(nothing, DominiToChoose),
  /** Remembers it for the signed-in operator; throws `not_found` for a domain that is not there. */
  'domini.choose': channel(DominioScelto, nothing),
  'assistenti.list': channel(nothing, z.object({ rows: z.array(AssistenteRow) })),
  'documenti.list': channel(z.object({ casellaId: z.string() }), z.object({ rows: z.array(DocumentoRow) })),
  'documenti.attach': channel(AttachRequest, z.object({ operationIds: z.array(z.string()) })),
  /** Drops a deposited file that was not attached. */
  'documenti.discard': channel(byId, nothing),
  'scadenze.overview': channel(ScadenzeRequest, ScadenzeOverview),
  'scadenze.list': channel(ScadenzeListRequest, ScadenzeList),
  /** Holds addresses: the screen says so before it is asked. */
  'scadenze.ics': channel(ScadenzeIcsRequest, ExportedFile),
  'activity.list': channel(ActivityListRequest, ActivityList),
  /** Marks as read, for the operator who is signed in, all up to this entry. */
  'activity.seen': channel(z.object({ upTo: z.number().int().min(0) }), nothing),
  'outbox.list': channel(OutboxListRequest, OutboxList),
  'outbox.get': channel(byId, OperationDetail),
  'outbox.cancel': channel(byId, OperationDetail),
  'outbox.retry': channel(byId, OperationDetail),
  'outbox.resolve': channel(ResolveRequest, OperationDetail),
  ...lockChannels,
  ...registroChannels,
  ...documentiChannels,
  ...moduliChannels,
  ...accessiChannels,
  ...reportChannels,
  ...reportSalvatiChannels,
  ...registroOperatoriChannels,
  ...diagnosticaChannels,
  ...policyChannels,
  ...reteChannels,
  ...esportazioneChannels,
  /** The kinds of thing that need a person, with how many of each there are. */
  'outbox.groups': channel(OutboxGroupsRequest, OutboxGroups),
  /** Begins work on many and answers how far it is; `outbox.progress` tells the rest. */
  'outbox.actOnMany': channel(ActOnManyRequest, ManyProgress),
  /** Sends what waits for the operator, and at once what is still in its grace period. */
  'outbox.release': channel(ReleaseRequest, ManyProgress),
  /** Throws `not_found` for work of an earlier start of the program. */
  'outbox.progress': channel(z.object({ jobId: z.string() }), ManyProgress),
  'outbox.stopMany': channel(z.object({ jobId: z.string() }), ManyProgress),
  /** Takes back what of it has not been sent; answers the work of taking back. */
  'outbox.undoMany': channel(z.object({ jobId: z.string() }), ManyProgress),
  /** What is known here and at the provider of an operation; only reads. */
  'outbox.evidence': channel(byId, Evidence),
  'outbox.declare': channel(DeclareRequest, OperationDetail),
  /** The operation passes to the signed-in operator, with the others of its lane that were the same operator's. */
  'outbox.takeOver': channel(TakeOverRequest, OperationDetail),
  'settings.get': channel(nothing, SettingsAnswer),
  'settings.set': channel(Settings, SettingsAnswer),
  /** The signed-in operator's own views of the list of caselle; each answers them as they then are. */
  'viste.list': channel(nothing, z.object({ viste: z.array(Vista) })),
  /** Makes it, or puts it in the place of the one of that id. */
  'viste.save': channel(Vista, z.object({ viste: z.array(Vista) })),
  'viste.remove': channel(byId, z.object({ viste: z.array(Vista) })),
  /** The signed-in operator's own, the newest first. */
  'drafts.list': channel(BozzeListRequest, z.object({ rows: z.array(BozzaRow) })),
  'drafts.save': channel(BozzaSaveRequest, BozzaRow),
  'drafts.get': channel(byId, Bozza),
  /** One that is not there is removed already. */
  'drafts.remove': channel(byId, nothing),
} as const

export type Channels = typeof channels
export type ChannelName = keyof Channels
export type ChannelRequest<C extends ChannelName> = z.input<Channels[C]['request']>
export type ChannelParsed<C extends ChannelName> = z.output<Channels[C]['request']>
export type ChannelResponse<C extends ChannelName> = z.output<Channels[C]['response']>

export function isChannelName(name: string): name is ChannelName {
  return Object.hasOwn(channels, name)
}

/**
 * The one thing that does not fit the envelope: a file's bytes on their way into the deposit.
 * Browser host: `PUT /deposito?nome=<file name>` with the bytes as body. Electron: the preload resolves the File to its
 * path and the main process passes that path. Both answer a ResponseEnvelope with a Deposito.
 */
export const DepositoResponse = Deposito
