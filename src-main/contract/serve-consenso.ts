import type { Giudizio } from './verifica.ts'

/** Whether a document of this judgement goes only with a person's consent. */
function isDoubtful(giudizio: Giudizio): boolean {
  switch (giudizio) {
    case 'valid_trusted':
    case 'valid_not_qualified':
    case 'valid_trust_unknown':
      return false
    case 'changed_after_signing':
    case 'untrusted':
    case 'revoked':
    case 'invalid':
    case 'unverifiable':
    case 'not_signed':
      return true
  }
}

/** What of a document somebody has to consent to before it is sent: its signature, and that nobody reads it without a password. */
export function serveConsenso(giudizio: Giudizio, protetto: boolean): ('firma' | 'protetto')[] {
  return [...(isDoubtful(giudizio) ? (['firma'] as const) : []), ...(protetto ? (['protetto'] as const) : [])]
}
