import { z } from 'zod'
import { Documento } from '../provider-contract/documento.ts'
import { DocumentoTipo } from '../provider-contract/capabilities.ts'
import { ActivityListRequest } from './activity.ts'
import { CaselleListRequest } from './casella.ts'
import { CaselleTarget } from './casella-selection.ts'
import { GroupKey, OutboxViewName } from './operation.ts'
import { ReportSubject, TabellaReport } from './report-tabelle.ts'
import { ScadenzeListRequest } from './scadenza.ts'
import { TitolariListRequest } from './titolare.ts'

/** D104. */
export const ExportFormat = z.enum(['csv', 'xlsx', 'pdf'])
export type ExportFormat = z.infer<typeof ExportFormat>

/** The most rows that a file of each format may hold: the sheet of a spreadsheet ends, and a PDF is for reading. */
export const MOST_ROWS: Record<ExportFormat, number> = { csv: 100_000_000, xlsx: 1_048_575, pdf: 10_000 }

export const ExportList = z.enum([
  'caselle',
  'titolari',
  'domini',
  'assistenti',
  'scadenze',
  'novita',
  'coda',
  'documenti',
  'report',
])
export type ExportList = z.infer<typeof ExportList>

const whole = { offset: true, limit: true } as const
/** What is exported: a list as it is filtered and ordered, without its pages (D103); of caselle also those chosen; a report's table. */
export const ExportSubject = z.discriminatedUnion('list', [
  CaselleListRequest.omit({ ...whole, atLeast: true }).extend({
    list: z.literal('caselle'),
    target: CaselleTarget.nullable().default(null),
  }),
  TitolariListRequest.omit(whole).extend({ list: z.literal('titolari') }),
  z.object({ list: z.literal('domini') }),
  z.object({ list: z.literal('assistenti') }),
  ScadenzeListRequest.omit(whole).extend({ list: z.literal('scadenze') }),
  ActivityListRequest.omit(whole).extend({ list: z.literal('novita') }),
  z.object({ list: z.literal('coda'), view: OutboxViewName, group: GroupKey.optional() }),
  z.object({
    list: z.literal('documenti'),
    stato: Documento.shape.stato.nullable().default(null),
    tipo: DocumentoTipo.nullable().default(null),
    search: z.string().max(200).default(''),
  }),
  ReportSubject,
])
export type ExportSubject = z.infer<typeof ExportSubject>

export const ExportKind = z.enum(['text', 'code', 'date', 'moment', 'integer', 'decimal', 'bytes', 'money', 'boolean'])
export type ExportKind = z.infer<typeof ExportKind>

/** `personal`: a codice fiscale, an e-mail or a telephone number, which is left out unless it is asked for. */
export const ExportColumn = z.object({ key: z.string(), title: z.string(), kind: ExportKind, personal: z.boolean() })
export type ExportColumn = z.infer<typeof ExportColumn>

export const ExportBeginRequest = z.object({
  subject: ExportSubject,
  format: ExportFormat,
  /** Keys in the order in which they stand; empty for all. */
  columns: z.array(z.string().max(60)).max(60),
  personal: z.boolean(),
  /** The filter in words, for the heading of the file. It is recorded nowhere. */
  filter: z.string().max(1000).default(''),
})
export type ExportBeginRequest = z.infer<typeof ExportBeginRequest>

export const ExportBegun = z.object({
  jobId: z.string(),
  total: z.number().int(),
  nomeFile: z.string(),
  mime: z.string(),
})
export type ExportBegun = z.infer<typeof ExportBegun>

/** A piece of the file; `done` counts rows. After the last piece `ended` is true, and the export is recorded. */
export const ExportPart = z.object({
  base64: z.string(),
  done: z.number().int(),
  total: z.number().int(),
  ended: z.boolean(),
})
export type ExportPart = z.infer<typeof ExportPart>

const job = z.object({ jobId: z.string() })

export const esportazioneChannels = {
  'esporta.columns': {
    /** `tabella`: which one, of the reports. */
    request: z.object({ list: ExportList, tabella: TabellaReport.nullable().default(null) }),
    response: z.object({ columns: z.array(ExportColumn) }),
  },
  /**
   * Holds what is to be written; its parts are then asked one after the other. Throws `export_too_long`,
   * `selection_changed`; of a report what reading it from the provider throws.
   */
  'esporta.begin': { request: ExportBeginRequest, response: ExportBegun },
  /** Throws `not_found` for one that has ended, was stopped, or was given up for newer ones. */
  'esporta.part': { request: job, response: ExportPart },
  'esporta.stop': { request: job, response: z.object({}) },
} as const
