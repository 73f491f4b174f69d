import { z } from 'zod'
import { Id, Instant, Tracked } from './scalar.ts'

const Valore = z
  .union([z.string(), z.number(), z.boolean(), z.null(), z.array(z.unknown()), z.record(z.string(), z.unknown())])
  .meta({ id: 'Valore' })

/** One field that changed. A field that was not there is null. */
export const CampoCambiato = z.object({ campo: z.string(), prima: Valore, dopo: Valore }).meta({ id: 'CampoCambiato' })
export type CampoCambiato = z.infer<typeof CampoCambiato>

/** D88, D89: one change of one resource, written with it and never changed afterwards. */
export const Storico = z
  .object({
    id: Id,
    ...Tracked,
    enteId: Id,
    /**
     * The type of the resource that changed, as the feed names it; or `impostazioni`, whose id is the casella's and whose
     * fields are named with their group (`nonCertificata.modo`).
     */
    risorsa: z.string().max(30),
    risorsaId: Id,
    casellaId: Id.nullable(),
    titolareId: Id.nullable(),
    operazione: z.enum(['creazione', 'modifica', 'eliminazione']),
    /** Of the resource, after the change. */
    versione: z.number().int().min(1),
    chi: z.string().max(100).nullable(),
    quando: Instant,
    campi: z.array(CampoCambiato),
  })
  .meta({ id: 'Storico' })
export type Storico = z.infer<typeof Storico>
