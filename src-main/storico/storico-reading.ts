import type { StoricoCampo, StoricoRow } from '../contract/storico.ts'
import type { Storico } from '../provider-contract/storico.ts'
import type { StoricoReading } from './storico-store.ts'

/** A page as the provider answers it: the newest first. */
export interface StoricoPage {
  items: Storico[]
  nextCursor: string | null
}

/**
 * The newest page laid over what was read before. A page that reaches a known record joins it; one that does not would
 * leave a gap, and begins anew. Pure.
 */
export function withNewest(known: StoricoReading | undefined, page: StoricoPage, readAt: string): StoricoReading {
  const fresh = new Set(page.items.map(({ id }) => id))
  const joins = known?.rows.some(({ id }) => fresh.has(id)) === true
  if (known === undefined || !joins) return { readAt, next: page.nextCursor, rows: page.items }
  const older = known.rows.filter(({ id }) => !fresh.has(id))
  return { readAt, next: older.length === 0 ? page.nextCursor : known.next, rows: [...page.items, ...older] }
}

/** The page that follows what is known. Pure. */
export function withOlder(known: StoricoReading, page: StoricoPage): StoricoReading {
  const there = new Set(known.rows.map(({ id }) => id))
  return { ...known, next: page.nextCursor, rows: [...known.rows, ...page.items.filter(({ id }) => !there.has(id))] }
}

/** The names behind ids, for people to read; null for an unknown one. */
export interface StoricoNames {
  titolare(id: string): string | null
  casella(id: string): string | null
  dominio(id: string): string | null
  assistente(id: string): string | null
}

const named: Record<string, { campo: string; name: keyof StoricoNames }> = {
  titolareId: { campo: 'titolare', name: 'titolare' },
  casellaId: { campo: 'casella', name: 'casella' },
  dominioId: { campo: 'dominio', name: 'dominio' },
  assistenteId: { campo: 'assistente', name: 'assistente' },
}

function plain(value: Storico['campi'][number]['prima']): StoricoCampo['prima'] {
  if (Array.isArray(value) && value.every((each) => typeof each === 'string')) return value.join(', ')
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : value
}

/** A record as people read it: rows by their names, and of the same field told twice only one. Pure. */
export function storicoRow({ id, quando, chi, risorsa, operazione, campi }: Storico, names: StoricoNames): StoricoRow {
  const own = new Set(campi.map(({ campo }) => campo))
  const told = campi.flatMap(({ campo, prima, dopo }): StoricoCampo[] => {
    const reference = Object.hasOwn(named, campo) ? named[campo] : undefined
    if (reference === undefined) return [{ campo, prima: plain(prima), dopo: plain(dopo) }]
    if (own.has(reference.campo)) return []
    const name = (value: StoricoCampo['prima']): StoricoCampo['prima'] =>
      typeof value === 'string' ? (names[reference.name](value) ?? value) : value
    return [{ campo: reference.campo, prima: name(plain(prima)), dopo: name(plain(dopo)) }]
  })
  return { id, quando, chi, risorsa, operazione, campi: told }
}
