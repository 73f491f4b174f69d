import { z } from 'zod'
import { DocumentoTipo } from '../provider-contract/capabilities.ts'
import { Documento } from '../provider-contract/documento.ts'
import { ExportedFile } from './archive.ts'
import { Deposito, VoceChecklist } from './documento.ts'
import {
  ArrivedRequest,
  CandidatoCasella,
  ConfrontoTitolare,
  DecideRequest,
  FiltroRighe,
  Lotto,
  MOST_ADDED,
  MotivoTipo,
  RigaLotto,
  RigaLottoDetail,
  RigheRequest,
} from './lotto.ts'
import { Giudizio, Verifica } from './verifica.ts'

const nothing = z.object({})
const byId = z.object({ id: z.string() })
const channel = <Req extends z.ZodType, Res extends z.ZodType>(request: Req, response: Res) => ({ request, response })

/** The most bytes of a document that one answer carries. */
export const PART_BYTES = 512 * 1024

/** A document at the provider, with the casella that it is of. */
export const DocumentoElenco = Documento.pick({
  id: true,
  casellaId: true,
  tipo: true,
  formato: true,
  nomeFile: true,
  bytes: true,
  sha256: true,
  stato: true,
  motivo: true,
  caricato: true,
}).extend({ indirizzo: z.string(), titolare: z.string() })
export type DocumentoElenco = z.infer<typeof DocumentoElenco>

export const DocumentiAllRequest = z.object({
  stato: Documento.shape.stato.nullable().default(null),
  tipo: DocumentoTipo.nullable().default(null),
  /** Words of the casella or its holder, as the list of caselle takes them. */
  search: z.string().max(200).default(''),
  offset: z.number().int().min(0),
  limit: z.number().int().min(1).max(200),
})
export type DocumentiAllRequest = z.infer<typeof DocumentiAllRequest>

/** What was found out of one document, as a person reads it. */
export const VerificaDocumento = z.object({
  depositoId: z.string(),
  nomeFile: z.string(),
  bytes: z.number().int(),
  sha256: z.string(),
  giudizio: Giudizio,
  verifica: Verifica,
  pagine: z.number().int().nullable(),
  protetto: z.boolean(),
  /** Against the holder of the casella that was named. */
  confronto: ConfrontoTitolare.nullable(),
  titolare: z.string().nullable(),
})
export type VerificaDocumento = z.infer<typeof VerificaDocumento>

/** The same with what it says of where it belongs, told from it as in a lotto. */
export const DocumentoEsaminato = VerificaDocumento.extend({
  /** Of the signing certificates of intact signatures. */
  cfFirma: z.array(z.string()),
  tipo: DocumentoTipo.nullable(),
  motivoTipo: MotivoTipo.nullable(),
  /** The likeliest first. */
  candidati: z.array(CandidatoCasella),
  /** The first one is far enough from the others that nobody has to tell them apart. */
  ambiguo: z.boolean(),
  /** Pictures of it could not be looked at for the code of a form. */
  codiceNonLetto: z.boolean(),
})
export type DocumentoEsaminato = z.infer<typeof DocumentoEsaminato>

/** Private copies that have arrived at the provider and are kept for looking at them: for how many days, and what is there. */
export const CopieLocali = z.object({
  giorni: z.number().int().min(0).max(3650),
  n: z.number().int(),
  bytes: z.number(),
})
export type CopieLocali = z.infer<typeof CopieLocali>

export const documentiChannels = {
  /** What the provider has, the newest first. */
  'documenti.all': channel(DocumentiAllRequest, z.object({ total: z.number().int(), rows: z.array(DocumentoElenco) })),
  'documenti.checklist': channel(z.object({ casellaId: z.string() }), z.object({ voci: z.array(VoceChecklist) })),
  /** A private copy of what the provider holds, checked against its sha256. */
  'documenti.fetch': channel(byId, Deposito),
  'documenti.inspect': channel(
    z.object({ depositoId: z.string(), casellaId: z.string().nullable() }),
    DocumentoEsaminato,
  ),
  /** Bytes of a private copy, or of what its signed envelope holds. */
  'documenti.part': channel(
    z.object({
      depositoId: z.string(),
      contenuto: z.boolean(),
      offset: z.number().int().min(0),
      length: z.number().int().min(1).max(PART_BYTES),
    }),
    z.object({ base64: z.string(), total: z.number().int() }),
  ),
  /** Holds names: the screens say so before it is asked. */
  'documenti.verificationReport': channel(
    z.object({ depositoId: z.string(), casellaId: z.string().nullable(), formato: z.enum(['pdf', 'json']) }),
    ExportedFile,
  ),
  'documenti.copies': channel(nothing, CopieLocali),
  'documenti.keepCopies': channel(CopieLocali.pick({ giorni: true }), CopieLocali),
  /** Takes away the bytes of all copies that have arrived. */
  'documenti.purgeCopies': channel(nothing, CopieLocali),
  'lotti.list': channel(nothing, z.object({ lotti: z.array(Lotto) })),
  'lotti.get': channel(byId, Lotto),
  'lotti.create': channel(z.object({ nome: z.string().trim().min(1).max(120) }), Lotto),
  'lotti.addFiles': channel(
    z.object({
      lottoId: z.string(),
      files: z
        .array(z.object({ nome: z.string().max(500), bytes: z.number().int().min(0) }))
        .min(1)
        .max(MOST_ADDED),
    }),
    z.object({ righe: z.array(z.string().nullable()) }),
  ),
  'lotti.arrived': channel(ArrivedRequest, nothing),
  'lotti.rows': channel(RigheRequest, z.object({ total: z.number().int(), rows: z.array(RigaLotto) })),
  'lotti.ids': channel(
    z.object({ lottoId: z.string(), filtro: FiltroRighe, search: z.string().max(200) }),
    z.object({ ids: z.array(z.string()) }),
  ),
  'lotti.row': channel(byId, RigaLottoDetail),
  'lotti.decide': channel(DecideRequest, z.object({ n: z.number().int() })),
  'lotti.threshold': channel(z.object({ id: z.string(), soglia: z.number().int().min(0).max(100) }), Lotto),
  'lotti.send': channel(byId, Lotto),
  'lotti.pause': channel(byId, Lotto),
  'lotti.retry': channel(byId, z.object({ n: z.number().int() })),
  'lotti.remove': channel(byId, nothing),
  'lotti.report': channel(z.object({ id: z.string(), formato: z.enum(['csv', 'pdf']) }), ExportedFile),
} as const
