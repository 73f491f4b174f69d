import { z } from 'zod'

/** A page of a collection: `nextCursor` is null on the last one. */
export function pageOf<T extends z.ZodType>(item: T) {
  return z.object({ items: z.array(item), nextCursor: z.string().nullable() })
}

export const PageQuery = z.object({
  cursor: z.string().max(500).optional(),
  limit: z.coerce.number().int().min(1).max(1000).default(100),
  filter: z.string().max(1000).optional().describe('SCIM filter (RFC 7644, 3.4.2.2): eq, co, sw, gt, lt, and, or'),
})
