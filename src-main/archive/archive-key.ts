import { createCipheriv, createDecipheriv, randomBytes, scrypt } from 'node:crypto'
import { CommandError } from '../command-error.ts'
import type { CustodyDifference, CustodyPlace, CustodyState, KeptSecret } from '../contract/custody.ts'
import type { SystemCustody } from '../environment.ts'
import type { Custody } from './config-store.ts'

export const MIN_PASSPHRASE = 12

// 64 MiB and some 0.2 s a try: OWASP's floor for scrypt, and still quick at the door.
const COST = { N: 2 ** 16, r: 8, p: 1, maxmem: 128 * 1024 * 1024 }

/** 32 bytes of a secret that a person knows. */
export function derive(passphrase: string, salt: Buffer): Promise<Buffer> {
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

function longEnough(passphrase: string | undefined, cause: CustodyState): string {
  if (passphrase === undefined || passphrase === '')
    throw new CommandError('passphrase_required', 'this system keeps no secrets', { minimum: MIN_PASSPHRASE, cause })
  if (passphrase.length < MIN_PASSPHRASE)
    throw new CommandError('passphrase_too_short', 'too short', { minimum: MIN_PASSPHRASE })
  return passphrase
}

const secretName = (archiveId: string): string => `archivio-${archiveId}`
const isKey = (secret: string): boolean => /^[0-9a-f]{64}$/.test(secret)

/**
 * Why a key was not found: `archive_key_elsewhere` (details.difference, details.machine), `archive_key_unavailable`
 * (details.state) where waiting or unlocking may do, or `archive_key_lost`. `by`: whose keyring has it. Pure.
 */
export function keyTrouble(
  kept: Exclude<KeptSecret, { kind: 'found' }>,
  by: CustodyPlace | undefined,
  here: CustodyPlace,
): CommandError {
  const elsewhere = (difference: CustodyDifference): CommandError =>
    new CommandError('archive_key_elsewhere', 'the key is in the custody of another place', {
      difference,
      machine: by?.machine ?? '',
    })
  // Safe storage and keyring never know each other's secrets, open or closed.
  if (by !== undefined && by.keeper !== here.keeper) return elsewhere('keeper')
  if (kept.kind === 'closed')
    return new CommandError('archive_key_unavailable', 'the keyring does not open now', { state: kept.state })
  if (by !== undefined && by.machine.toLowerCase() !== here.machine.toLowerCase()) return elsewhere('machine')
  if (by !== undefined && by.user !== here.user) return elsewhere('user')
  return new CommandError('archive_key_lost', `the system does not have the key (${kept.kind})`)
}

/**
 * A new random 256-bit key (or the one that the system has kept) and where it is kept: the system's keyring; for generated
 * data, beside the archive; else under the person's passphrase. `filesAreThere`: the configuration was lost and the
 * archive's files were not, so that only their own key will do. Throws CommandError `passphrase_required` (details.cause),
 * `passphrase_too_short`, or as `keyTrouble` says.
 */
export async function newArchiveKey(
  archiveId: string,
  environment: 'prova' | 'esercizio',
  system: SystemCustody,
  passphrase: string | undefined,
  filesAreThere: boolean,
): Promise<{ key: string; custody: Custody }> {
  const key = randomBytes(32).toString('hex')
  if (environment === 'prova') return { key, custody: { kind: 'demo_file', key } }
  const name = secretName(archiveId)
  const custody: Custody = { kind: 'system', by: system.place }
  const kept = await system.load(name)
  // A key that is there already belongs to files that may be there too: a lost configuration must not lose them.
  if (kept.kind === 'found' && isKey(kept.secret)) return { key: kept.secret, custody }
  if (filesAreThere) throw keyTrouble(kept.kind === 'found' ? { kind: 'foreign' } : kept, undefined, system.place)
  const state = kept.kind === 'closed' ? kept.state : await system.state()
  if (state === 'open') {
    // What is there and no key, or nobody's here, was for files that are gone or set aside.
    const done =
      kept.kind === 'absent'
        ? (await system.store(name, key)) === 'stored'
        : kept.kind !== 'closed' && (await system.replace(name, key))
    if (done) return { key, custody }
  }
  return { key, custody: await wrap(key, longEnough(passphrase, state === 'open' ? 'closed' : state)) }
}

/** Where a key that was typed in again, and that opens the archive, is kept from now on. Throws CommandError as `newArchiveKey` does. */
export async function keepKey(
  archiveId: string,
  key: string,
  system: SystemCustody,
  passphrase: string | undefined,
): Promise<Custody> {
  const state = await system.state()
  if ((passphrase ?? '') === '' && state === 'open' && (await system.replace(secretName(archiveId), key)))
    return { kind: 'system', by: system.place }
  return wrap(key, longEnough(passphrase, state === 'open' ? 'closed' : state))
}

/** The key of an archive. Throws CommandError as `keyTrouble` says, `archive_locked` without a passphrase, `passphrase_wrong`. */
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
      const kept = await system.load(secretName(archiveId))
      if (kept.kind === 'found') return kept.secret
      throw keyTrouble(kept, custody.by, system.place)
    }
    case 'passphrase':
      if (passphrase === undefined) throw new CommandError('archive_locked', 'waits for the passphrase')
      return unwrap(custody, passphrase)
  }
}

/** What is noted of a custody whose key has just been had here: the machine may have another name since. */
export function seenHere(custody: Custody, system: Pick<SystemCustody, 'place'>): Custody {
  return custody.kind === 'system' ? { kind: 'system', by: system.place } : custody
}
