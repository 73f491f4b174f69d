import { serveConsenso } from '../contract/serve-consenso.ts'
import type { Giudizio } from '../contract/verifica.ts'

/** What sending a chosen document has to heed of what was found in it. */
export interface InspectedDocument {
  giudizio: Giudizio
  protetto: boolean
  /** Forms that were printed here, of which this is the copy that came back. */
  moduli: readonly { codice: string; casellaId: string }[]
}

/** What was found in the documents that somebody chose one by one; it stands in memory, until they are queued. */
export interface InspectedDocuments {
  remember(depositoId: string, found: InspectedDocument): void
  forget(depositoId: string): void
  /** False for one that nobody has looked into. */
  needsConsenso(depositoId: string): boolean
  /** The codes of forms that belong to this casella. */
  codesFor(depositoId: string, casellaId: string): string[]
}

const MOST = 500

export function inspectedDocuments(): InspectedDocuments {
  const seen = new Map<string, InspectedDocument>()
  return {
    remember: (depositoId, found) => {
      seen.delete(depositoId)
      seen.set(depositoId, found)
      for (const oldest of seen.keys()) if (seen.size > MOST) seen.delete(oldest)
    },
    forget: (depositoId) => {
      seen.delete(depositoId)
    },
    needsConsenso: (depositoId) => {
      const found = seen.get(depositoId)
      return found !== undefined && serveConsenso(found.giudizio, found.protetto).length > 0
    },
    codesFor: (depositoId, casellaId) =>
      (seen.get(depositoId)?.moduli ?? []).flatMap((modulo) => (modulo.casellaId === casellaId ? [modulo.codice] : [])),
  }
}
