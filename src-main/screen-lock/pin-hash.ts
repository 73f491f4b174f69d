import { randomBytes, timingSafeEqual } from 'node:crypto'
import { derive } from '../archive/archive-key.ts'

/** A PIN as it is kept: never the PIN itself, though the archive is enciphered. Base64. */
export interface PinHash {
  salt: string
  hash: string
}

export async function hashPin(pin: string): Promise<PinHash> {
  const salt = randomBytes(16)
  return { salt: salt.toString('base64'), hash: (await derive(pin, salt)).toString('base64') }
}

export async function isPin(pin: string, kept: PinHash): Promise<boolean> {
  const hash = Buffer.from(kept.hash, 'base64')
  const tried = await derive(pin, Buffer.from(kept.salt, 'base64'))
  return hash.byteLength === tried.byteLength && timingSafeEqual(hash, tried)
}
