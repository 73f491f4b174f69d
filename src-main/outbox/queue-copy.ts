import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, renameSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { z } from 'zod'
import { writeDurably } from '../db/durable-file.ts'
import { ownRows, ownTables, type RawRow, type UnsentWork } from './unsent-work-store.ts'

/** Bytes travel through JSON as an object of their own. */
const Value = z.union([z.string(), z.number(), z.null(), z.object({ bytes: z.string() })])
const Rows = z.array(z.record(z.string(), Value))
const Stored = z.object({
  version: z.literal(1),
  operation: Rows,
  operation_history: Rows,
  local_id: Rows,
  deposito: Rows,
  /** By table. */
  own: z.record(z.string(), Rows),
  sendCounter: z.number().int().nullable(),
})

const IV_BYTES = 12
const TAG_BYTES = 16

function keyOf(archiveKeyHex: string): Buffer {
  return Buffer.from(
    hkdfSync('sha256', Buffer.from(archiveKeyHex, 'hex'), Buffer.alloc(0), 'sportello-lra copia della coda', 32),
  )
}

const pack = (rows: readonly RawRow[]): z.infer<typeof Rows> =>
  rows.map((row) =>
    Object.fromEntries(
      Object.entries(row).map(([column, value]) => [
        column,
        value instanceof Uint8Array
          ? { bytes: Buffer.from(value).toString('base64') }
          : typeof value === 'bigint'
            ? Number(value)
            : value,
      ]),
    ),
  )

/** A verification can be made again from its document; thousands of them would make the file large. */
const lean = (row: RawRow): RawRow => ({ ...row, lettura: null })

const unpack = (rows: z.infer<typeof Rows>): RawRow[] =>
  rows.map((row) =>
    Object.fromEntries(
      Object.entries(row).map(([column, value]) => [
        column,
        typeof value === 'object' && value !== null ? Buffer.from(value.bytes, 'base64') : value,
      ]),
    ),
  )

/**
 * Keeps the queue in a file of its own (AES-256-GCM under a key derived from the archive's): small, so that it can be
 * written minutes apart while a whole copy is made once a day, and of another make, so that what damages a database does
 * not reach it. The one before it is kept too.
 */
export function writeQueueCopy(path: string, keyHex: string, work: UnsentWork): void {
  const plain: z.infer<typeof Stored> = {
    version: 1,
    operation: pack(work.operation),
    operation_history: pack(work.operation_history),
    local_id: pack(work.local_id),
    deposito: pack(work.deposito),
    own: Object.fromEntries(
      ownTables.map((table) => [table, pack(table === 'riga_lotto' ? work.own[table].map(lean) : work.own[table])]),
    ),
    sendCounter: work.sendCounter,
  }
  const iv = randomBytes(IV_BYTES)
  const cipher = createCipheriv('aes-256-gcm', keyOf(keyHex), iv)
  const body = Buffer.concat([cipher.update(JSON.stringify(plain)), cipher.final()])
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  if (queueCopyAt(path) !== null) renameSync(path, `${path}.prima`)
  writeDurably(path, Buffer.concat([iv, cipher.getAuthTag(), body]))
}

function readOne(path: string, keyHex: string): UnsentWork | null {
  try {
    const bytes = readFileSync(path)
    const decipher = createDecipheriv('aes-256-gcm', keyOf(keyHex), bytes.subarray(0, IV_BYTES), {
      authTagLength: TAG_BYTES,
    })
    decipher.setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES))
    const plain = Buffer.concat([decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES)), decipher.final()])
    const stored = Stored.parse(JSON.parse(plain.toString('utf8')))
    return {
      operation: unpack(stored.operation),
      operation_history: unpack(stored.operation_history),
      local_id: unpack(stored.local_id),
      deposito: unpack(stored.deposito),
      own: ownRows((table) => unpack(stored.own[table] ?? [])),
      // Tokens are not kept twice: a session that is older than the last renewal would be refused.
      meta: [],
      sendCounter: stored.sendCounter,
      // It may be some minutes old: what has happened since is not in it.
      complete: false,
    }
  } catch {
    // Absent, cut short, of another key or damaged: it is a copy, and then it does not help.
    return null
  }
}

/** The queue as it was last kept, or the time before; null when neither can be read under this key. */
export function readQueueCopy(path: string, keyHex: string): UnsentWork | null {
  return readOne(path, keyHex) ?? readOne(`${path}.prima`, keyHex)
}

/** When the queue was last kept (ISO 8601); null for never. */
export function queueCopyAt(path: string): string | null {
  return statSync(path, { throwIfNoEntry: false })?.mtime.toISOString() ?? null
}
