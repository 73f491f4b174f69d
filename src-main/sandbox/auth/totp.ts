import { createHmac, timingSafeEqual } from 'node:crypto'

const STEP_S = 30
const DIGITS = 6
/** Steps before and after the present one whose codes are taken: clocks differ. */
const WINDOW = 1

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** RFC 4648, 6: throws a RangeError for what is not base32. */
export function base32Bytes(text: string): Buffer {
  const bytes: number[] = []
  let [value, bits] = [0, 0]
  for (const letter of text.replace(/=+$/, '').toUpperCase()) {
    const index = alphabet.indexOf(letter)
    if (index < 0) throw new RangeError('not base32')
    value = (value << 5) | index
    bits += 5
    if (bits < 8) continue
    bits -= 8
    bytes.push((value >> bits) & 0xff)
    value &= (1 << bits) - 1
  }
  return Buffer.from(bytes)
}

/** RFC 4226, 5.3: the code of a counter. */
export function hotp(secret: Buffer, counter: number, digits = DIGITS): string {
  const message = Buffer.alloc(8)
  message.writeBigUInt64BE(BigInt(counter))
  const mac = createHmac('sha1', secret).update(message).digest()
  const offset = (mac.at(-1) ?? 0) & 0x0f
  const number = mac.readUInt32BE(offset) & 0x7f_ff_ff_ff
  return String(number % 10 ** digits).padStart(digits, '0')
}

/** RFC 6238, 4: the code of an instant, in milliseconds. */
export function totp(secret: Buffer, at: number, digits = DIGITS): string {
  return hotp(secret, stepOf(at), digits)
}

function stepOf(at: number): number {
  return Math.floor(at / 1000 / STEP_S)
}

/**
 * The step whose code this is, near `at` (milliseconds); undefined for a wrong code, and for one of a step that is not
 * after `last`: a code is taken once (RFC 6238, 5.2).
 */
export function acceptedStep(secret: Buffer, code: string, at: number, last: number): number | undefined {
  const given = Buffer.from(code)
  const now = stepOf(at)
  for (let step = now - WINDOW; step <= now + WINDOW; step += 1) {
    if (step < 0) continue
    const right = Buffer.from(hotp(secret, step))
    if (given.length === right.length && timingSafeEqual(given, right) && step > last) return step
  }
  return undefined
}
