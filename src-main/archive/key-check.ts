import { hkdfSync, timingSafeEqual } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { writeDurably } from '../db/durable-file.ts'

const KeyCheck = z.object({ version: z.literal(1), value: z.string() })

/** A value that only the archive's key gives and that gives nothing of the key (HKDF, RFC 5869). */
function valueOf(keyHex: string): Buffer {
  return Buffer.from(
    hkdfSync('sha256', Buffer.from(keyHex, 'hex'), Buffer.alloc(0), 'sportello-lra verifica della chiave', 16),
  )
}

function read(path: string): Buffer | null {
  try {
    const parsed = KeyCheck.safeParse(JSON.parse(readFileSync(path, 'utf8')))
    return parsed.success ? Buffer.from(parsed.data.value, 'base64') : null
  } catch {
    // Absent or unreadable alike: nothing is known of the key.
    return null
  }
}

/**
 * Whether this is the key under which the archive was made, told without the database: a wrong key and a damaged first
 * page look the same to the engine. Null where nothing is known.
 */
export function isKeyOf(path: string, keyHex: string): boolean | null {
  const kept = read(path)
  if (kept === null) return null
  const value = valueOf(keyHex)
  return kept.byteLength === value.byteLength && timingSafeEqual(kept, value)
}

/** Remembers the key of an archive that has just been opened with it. */
export function rememberKey(path: string, keyHex: string): void {
  if (isKeyOf(path, keyHex) === true) return
  writeDurably(path, JSON.stringify({ version: 1, value: valueOf(keyHex).toString('base64') }))
}
