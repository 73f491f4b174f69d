import type { DominiToChoose } from '../../src-main/contract/dominio.ts'

/** How the list of caselle is entered (D14). `dominioId` null: all domains. */
export type Entrance = { kind: 'open'; dominioId: string | null } | { kind: 'choose' } | { kind: 'wait' }

/**
 * With several domains the operator chooses first, with one it is chosen by itself; a remembered choice holds as long
 * as its domain is there. `complete`: the domains are known, as the first alignment has brought them. Pure.
 */
export function entranceOf({ domini, scelto }: DominiToChoose, complete: boolean): Entrance {
  if (scelto !== null && (scelto.id === null || domini.some(({ id }) => id === scelto.id)))
    return { kind: 'open', dominioId: scelto.id }
  if (!complete) return { kind: domini.length > 1 ? 'choose' : 'wait' }
  if (domini.length > 1) return { kind: 'choose' }
  return { kind: 'open', dominioId: domini[0]?.id ?? null }
}
