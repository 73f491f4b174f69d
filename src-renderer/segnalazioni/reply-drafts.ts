import type { AllegatoDeposito } from '../../src-main/contract/registro.ts'

/** Replies that were begun, by segnalazione, until the window closes. */
export const replyDrafts = new Map<string, { testo: string; allegati: readonly AllegatoDeposito[] }>()
