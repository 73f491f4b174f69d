import { z } from 'zod'

const NEXT_CURSOR =
  'Null on the last page alone. A provider may look at a part of its rows for each page: a page before the last one may be short, even empty, and nothing is known to be missing until the last one has been read.'

/** A page of a collection: `nextCursor` is null on the last one, and on no other, however few items it has. */
export function pageOf<T extends z.ZodType>(item: T) {
  return z.object({ items: z.array(item), nextCursor: z.string().nullable().describe(NEXT_CURSOR) })
}

const FILTER =
  'SCIM filter (RFC 7644, 3.4.2.2): eq, co, sw, gt, lt, and, or. Equality with a field that identifies (id, indirizzo, denominazione, codiceFiscale, casellaId, titolareId), alone or in an and, is answered at once; any other filter may take many pages, some of them short or empty.'

export const PageQuery = z.object({
  cursor: z.string().max(500).optional(),
  limit: z.coerce.number().int().min(1).max(1000).default(100),
  filter: z.string().max(1000).optional().describe(FILTER),
})
