import { createCipheriv, createDecipheriv, randomBytes, scrypt } from 'node:crypto'
import { CommandError } from '../command-error.ts'
import type { SystemCustody } from '../environment.ts'
import type { Custody } from './config-store.ts'

export const MIN_PASSPHRASE = 12

// 64 MiB and some 0.2 s a try: OWASP's floor for scrypt, and still quick at the door.
const COST = { N: 2 ** 16, r: 8, p: 1, maxmem: 128 * 1024 * 1024 }

function derive(passphrase: string, salt: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(passphrase.normalize('NFC'), salt, 32, COST, (error, key) => {
      if (error === null) resolve(key)
      else reject(error)
    })
  })
}

async function wrap(key: string, passphrase: string): Promise<Custody> {
  const salt = randomBytes(16)
  const iv = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', await derive(passphrase, salt), iv)
  const wrapped = Buffer.concat([cipher.update(Buffer.from(key, 'hex')), cipher.final()])
  return {
    kind: 'passphrase',
    salt: salt.toString('base64'),
    iv: iv.toString('base64'),
    wrapped: wrapped.toString('base64'),
    tag: cipher.getAuthTag().toString('base64'),
  }
}

async function unwrap(custody: Extract<Custody, { kind: 'passphrase' }>, passphrase: string): Promise<string> {
  const decipher = createDecipheriv(
    'aes-256-gcm',
    await derive(passphrase, Buffer.from(custody.salt, 'base64')),
    Buffer.from(custody.iv, 'base64'),
    { authTagLength: 16 },
  )
  decipher.setAuthTag(Buffer.from(custody.tag, 'base64'))
  try {
    return Buffer.concat([decipher.update(Buffer.from(custody.wrapped, 'base64')), decipher.final()]).toString('hex')
  } catch {
    throw new CommandError('passphrase_wrong', 'the passphrase does not open the key')
  }
}

function longEnough(passphrase: string | undefined): string {
  if (passphrase === undefined || passphrase === '')
    throw new CommandError('passphrase_required', 'this system keeps no secrets', { minimum: MIN_PASSPHRASE })
  if (passphrase.length < MIN_PASSPHRASE)
    throw new CommandError('passphrase_too_short', 'too short', { minimum: MIN_PASSPHRASE })
  return passphrase
}

const secretName = (archiveId: string): string => `archivio-${archiveId}`

/**
 * A new random 256-bit key (or the one that the system has kept) and where it is kept: the system's keyring; for generated data, beside the archive; else
 * under the person's passphrase. Throws CommandError `passphrase_required` or `passphrase_too_short`.
 */
export async function newArchiveKey(
  archiveId: string,
  environment: 'prova' | 'esercizio',
  system: SystemCustody,
  passphrase: string | undefined,
): Promise<{ key: string; custody: Custody }> {
  const key = randomBytes(32).toString('hex')
  if (environment === 'prova') return { key, custody: { kind: 'demo_file', key } }
  if (await system.available()) {
    // A key that is there already belongs to files that may be there too: a lost configuration must not lose them.
    const kept = await system.load(secretName(archiveId))
    if (kept !== null && /^[0-9a-f]{64}$/.test(kept)) return { key: kept, custody: { kind: 'system' } }
    if (await system.store(secretName(archiveId), key)) return { key, custody: { kind: 'system' } }
  }
  return { key, custody: await wrap(key, longEnough(passphrase)) }
}

/** Where a key that was typed in again is kept from now on. Throws CommandError as `newArchiveKey` does. */
export async function keepKey(
  archiveId: string,
  key: string,
  system: SystemCustody,
  passphrase: string | undefined,
): Promise<Custody> {
  if ((passphrase ?? '') === '' && (await system.available()) && (await system.store(secretName(archiveId), key)))
    return { kind: 'system' }
  return wrap(key, longEnough(passphrase))
}

/** The key of an archive. Throws CommandError `archive_key_lost`, `archive_locked` without a passphrase, `passphrase_wrong`. */
export async function archiveKey(
  archiveId: string,
  custody: Custody,
  system: SystemCustody,
  passphrase: string | undefined,
): Promise<string> {
  switch (custody.kind) {
    case 'demo_file':
      return custody.key
    case 'system': {
      const key = await system.load(secretName(archiveId))
      if (key === null) throw new CommandError('archive_key_lost', 'the system does not have the key')
      return key
    }
    case 'passphrase':
      if (passphrase === undefined) throw new CommandError('archive_locked', 'waits for the passphrase')
      return unwrap(custody, passphrase)
  }
}
