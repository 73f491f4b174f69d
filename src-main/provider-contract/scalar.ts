import { z } from 'zod'

export const Id = z.string().min(1).max(64)
/** Rises by one with each change of the resource; the strong ETag is `"v<version>"`. */
export const Version = z.number().int().min(1)
/** An instant, ISO 8601 in UTC. */
export const Instant = z.iso.datetime()
/** A day without a time, `YYYY-MM-DD`, in Europe/Rome: an expiry falls at its end (D37). */
export const Day = z.iso.date()
export const ShortText = z.string().max(200)
export const Email = z
  .string()
  .min(3)
  .max(254)
  .regex(/^[^\s@]+@[^\s@]+\.[^\s@]+$/)
/** Megabytes (MB), as the panels count quotas (D69). */
export const Megabytes = z.number().int().min(0).max(10_000_000)

/** The strong ETag of a version (RFC 9110). */
export function etagOf(version: number): string {
  return `"v${version}"`
}

/** The version that a strong ETag names; undefined for anything else, `*` and weak tags included. */
export function versionOf(etag: string): number | undefined {
  const match = /^"v(\d{1,15})"$/.exec(etag.trim())
  return match?.[1] === undefined ? undefined : Number(match[1])
}

/** Who changed a resource last, and when. */
export const Tracked = {
  version: Version,
  updatedAt: Instant,
  updatedBy: z.string().max(100).nullable(),
}
