import { createPrivateKey, createPublicKey, sign } from 'node:crypto'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { unsignedPart, withSignature } from '../src-main/hosts/electron/update-signature.ts'

export interface UpdatesKey {
  /** Base64 of its SPKI, as the package carries it. */
  publicKey: string
  /** Answers base64. */
  sign(bytes: Buffer): string
}

/** Reads a private key of Ed25519 (PEM). Throws for a file that is none. */
export function updatesKey(path: string): UpdatesKey {
  const privateKey = createPrivateKey(readFileSync(path))
  if (privateKey.asymmetricKeyType !== 'ed25519') throw new Error(`${path} is not an Ed25519 key`)
  return {
    publicKey: createPublicKey(privateKey).export({ format: 'der', type: 'spki' }).toString('base64'),
    sign: (bytes) => sign(null, bytes, privateKey).toString('base64'),
  }
}

/** A description with another share of machines; null: as it is. */
export function staged(text: string, percent: number | null): string {
  if (percent === null) return text
  const without = text.replace(/^stagingPercentage:.*\r?\n/m, '')
  return `${without.endsWith('\n') ? without : `${without}\n`}stagingPercentage: ${percent}\n`
}

/** Signs the descriptions of versions in a folder, in the place of signatures that they carry; answers their names. */
export function signDescriptions(folder: string, key: UpdatesKey, staging: number | null): string[] {
  const names = readdirSync(folder).filter((name) => /^(latest|beta|alpha)(-linux)?\.yml$/.test(name))
  for (const name of names) {
    const path = join(folder, name)
    writeFileSync(path, withSignature(staged(unsignedPart(readFileSync(path, 'utf8')), staging), key.sign))
  }
  return names
}
