import { z } from 'zod'
import { ErrorCode, ErrorDetails } from '../contract/error.ts'
import { CandidatoCasella, Consenso, Duplicato, MotivoTipo, TitoloFirmatario } from '../contract/lotto.ts'
import { Giudizio } from '../contract/verifica.ts'
import { DocumentoFormato, DocumentoTipo } from '../provider-contract/capabilities.ts'

/** What is known of a file of a lotto besides its columns: kept as JSON in its row. */
export const RigaData = z.object({
  formato: DocumentoFormato.nullable().default(null),
  problema: z.object({ code: ErrorCode, details: ErrorDetails }).nullable().default(null),
  letta: z.boolean().default(false),
  giudizio: Giudizio.nullable().default(null),
  firmatari: z.array(z.string()).default([]),
  /** Of the signing certificates, as they have them. */
  cfFirma: z.array(z.string()).default([]),
  protetto: z.boolean().default(false),
  /** Pictures of it could not be looked at for the code of a form. */
  codiceNonLetto: z.boolean().default(false),
  candidati: z.array(CandidatoCasella).default([]),
  tipo: DocumentoTipo.nullable().default(null),
  motivoTipo: MotivoTipo.nullable().default(null),
  /** A person chose or confirmed the casella; the type is then theirs as well. */
  confermata: z.boolean().default(false),
  consenso: Consenso.nullable().default(null),
  titoloFirmatario: TitoloFirmatario.nullable().default(null),
  duplicato: Duplicato.nullable().default(null),
  scartata: z.boolean().default(false),
})
export type RigaData = z.infer<typeof RigaData>

/** A file that was only named. */
export const emptyRiga: RigaData = RigaData.parse({})
