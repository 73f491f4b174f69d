import { z } from 'zod'

/** What the file says that it is; the version rises with every change of its shape (docs/copia-dati-personali.md). */
export const COPIA_DATI = { formato: 'sportello-lra/copia-dati-personali', versione: 1 } as const

const Riga = z.record(z.string(), z.json())
const righe = z.array(Riga)

/** Everything that the archive holds of one holder (GDPR, art. 15). Of operators the role alone is said. */
export const CopiaDati = z.object({
  formato: z.literal(COPIA_DATI.formato),
  versione: z.literal(COPIA_DATI.versione),
  /** ISO 8601, like every instant of the file. */
  creata: z.string(),
  ente: z.string(),
  gestore: z.string(),
  scopo: z.string(),
  /** When the archive was last aligned with the provider. */
  allineata: z.string().nullable(),
  titolari: righe,
  indirizzi: righe,
  attivita: righe,
  caselle: righe,
  impostazioni: righe,
  storico: righe,
  documenti: righe,
  copieLocali: righe,
  lotti: righe,
  moduli: righe,
  note: righe,
  segnalazioni: righe,
  messaggi: righe,
  richieste: righe,
  operazioni: righe,
  passaggiOperazioni: righe,
  unioni: righe,
  novita: righe,
  bozze: righe,
  viste: righe,
  reportSalvati: righe,
  identificativi: righe,
  accessi: righe,
  spazio: righe,
  atti: righe,
})
export type CopiaDati = z.infer<typeof CopiaDati>
export type RigaCopia = z.infer<typeof Riga>
/** The parts that hold rows. */
export type SezioneCopia = {
  [K in keyof CopiaDati]: CopiaDati[K] extends RigaCopia[] ? K : never
}[keyof CopiaDati]
