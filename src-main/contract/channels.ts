import { z } from 'zod'
import { Capabilities } from '../provider-contract/capabilities.ts'
import {
  CasellaCreateRequest,
  CasellaDetail,
  CasellaRow,
  CasellaUpdateRequest,
  CaselleList,
  CaselleListRequest,
  NameAvailability,
} from './casella.ts'
import { AttachRequest, Deposito, DocumentoRow } from './documento.ts'
import { OperationDetail, OutboxList, OutboxListRequest, ResolveRequest } from './operation.ts'
import { Status } from './status.ts'
import {
  AssistenteRow,
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
  'provider.capabilities': channel(nothing, Capabilities),
  'sync.start': channel(nothing, Status),
  'sync.cancel': channel(nothing, Status),
  'caselle.list': channel(CaselleListRequest, CaselleList),
  'caselle.get': channel(byId, CasellaDetail),
  /** Answers with the operation's id, for the toast's undo. */
  'caselle.update': channel(CasellaUpdateRequest, z.object({ operationId: z.string() })),
  'caselle.create': channel(
    CasellaCreateRequest,
    z.object({ casellaId: z.string(), operationIds: z.array(z.string()) }),
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
  /** D48: by normalised form, so that an omocodia of the same person is found. */
  'titolari.findByCodiceFiscale': channel(
    z.object({ codiceFiscale: z.string().max(20) }),
    z.object({ rows: z.array(TitolareRow) }),
  ),
  'domini.list': channel(nothing, z.object({ rows: z.array(DominioRow) })),
  'assistenti.list': channel(nothing, z.object({ rows: z.array(AssistenteRow) })),
  'documenti.list': channel(z.object({ casellaId: z.string() }), z.object({ rows: z.array(DocumentoRow) })),
  'documenti.attach': channel(AttachRequest, z.object({ operationIds: z.array(z.string()) })),
  /** Drops a deposited file that was not attached. */
  'documenti.discard': channel(byId, nothing),
  'outbox.list': channel(OutboxListRequest, OutboxList),
  'outbox.get': channel(byId, OperationDetail),
  'outbox.cancel': channel(byId, OperationDetail),
  'outbox.retry': channel(byId, OperationDetail),
  'outbox.resolve': channel(ResolveRequest, OperationDetail),
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
