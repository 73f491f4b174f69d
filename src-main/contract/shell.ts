import { z } from 'zod'

/** How it stands with newer versions of the program. `motivo` and `quando` name words of the locale. */
export const StatoAggiornamenti = z.discriminatedUnion('stato', [
  /** This copy does not update itself, and why. */
  z.object({
    stato: z.literal('spento'),
    motivo: z.enum([
      'policy',
      'policy_guasta',
      'senza_indirizzo',
      'senza_chiave',
      'non_installato',
      'portatile',
      'pacchetto',
    ]),
  }),
  z.object({ stato: z.literal('fermo'), ultimoControllo: z.string().nullable() }),
  z.object({ stato: z.literal('ricerca') }),
  /** There is one; it is not fetched yet, and why. */
  z.object({
    stato: z.literal('disponibile'),
    versione: z.string(),
    attesa: z.enum(['coda', 'allineamento']).nullable(),
  }),
  z.object({ stato: z.literal('scaricamento'), versione: z.string(), percentuale: z.number().min(0).max(100) }),
  /** Fetched and verified; `attesa`: what is waited for before it may be installed. */
  z.object({
    stato: z.literal('pronto'),
    versione: z.string(),
    attesa: z.enum(['coda', 'allineamento', 'scrittura']).nullable(),
  }),
  z.object({
    stato: z.literal('errore'),
    motivo: z.enum(['rete', 'firma', 'file', 'altro']),
    ultimoControllo: z.string().nullable(),
  }),
])
export type StatoAggiornamenti = z.infer<typeof StatoAggiornamenti>

/** What the page may ask of the desktop's own part, beside the core. */
export const ShellRequest = z.discriminatedUnion('type', [
  /** The page is there: where it is to open, and how it stands with updates. */
  z.strictObject({ type: z.literal('ready') }),
  /** A private copy of the next file that the system asked to verify; `data` of the answer is a Deposito. The page never names it. */
  z.strictObject({ type: z.literal('takeFile') }),
  /** How many more documents the system has handed over. */
  z.strictObject({ type: z.literal('waitingFiles') }),
  /** The person has chosen a notice: the window comes to the front. */
  z.strictObject({ type: z.literal('show') }),
  z.strictObject({ type: z.literal('checkUpdates') }),
  /** `editing`: something is being written that would be lost. */
  z.strictObject({ type: z.literal('installUpdate'), editing: z.boolean() }),
])
export type ShellRequest = z.infer<typeof ShellRequest>

/** A path of the page's router; only those that `deep-link.ts` makes. */
export const ShellReady = z.object({ open: z.string().nullable(), aggiornamenti: StatoAggiornamenti })
export type ShellReady = z.infer<typeof ShellReady>

export const ShellWaiting = z.object({ count: z.number().int() })
export type ShellWaiting = z.infer<typeof ShellWaiting>

/** What the desktop's own part tells the page. */
export type ShellMessage = { type: 'open'; path: string } | { type: 'updates'; aggiornamenti: StatoAggiornamenti }
