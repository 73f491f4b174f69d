import { createPublicKey, verify } from 'node:crypto'

/** The last line of a version's description, over all that stands before it: one file, so that both change together. */
const MARK = '# firma-ed25519 '

/** A description of a version that its distributor did not sign. */
export class UpdateSignatureError extends Error {
  override readonly name = 'UpdateSignatureError'
}

/** The text with its signature below. `sign` answers base64. */
export function withSignature(text: string, sign: (bytes: Buffer) => string): string {
  const whole = text.endsWith('\n') ? text : `${text}\n`
  return `${whole}${MARK}${sign(Buffer.from(whole, 'utf8'))}\n`
}

/** A description without the signature that it may carry, whoever's it is: for signing it anew. */
export function unsignedPart(text: string): string {
  const at = text.lastIndexOf(`\n${MARK}`) + 1
  return at === 0 ? text : text.slice(0, at)
}

/**
 * The signed part of a description. `publicKey`: Ed25519, base64 of its SPKI. Throws UpdateSignatureError: nothing of a text
 * that is not signed is looked at.
 */
export function signedPart(text: string, publicKey: string): string {
  const at = text.lastIndexOf(`\n${MARK}`) + 1
  const signature = /^([A-Za-z0-9+/]{86}==)\r?\n?$/.exec(text.slice(at + MARK.length))?.[1]
  if (at === 0 || signature === undefined) throw new UpdateSignatureError('the description carries no signature')
  const part = text.slice(0, at)
  try {
    const key = createPublicKey({ key: Buffer.from(publicKey, 'base64'), format: 'der', type: 'spki' })
    // Another kind of key would bring another rule.
    if (
      key.asymmetricKeyType === 'ed25519' &&
      verify(null, Buffer.from(part, 'utf8'), key, Buffer.from(signature, 'base64'))
    )
      return part
  } catch {
    throw new UpdateSignatureError('the key of the distributor cannot be read')
  }
  throw new UpdateSignatureError('the description is not what was signed')
}
