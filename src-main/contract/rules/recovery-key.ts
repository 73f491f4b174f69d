/**
 * The archive's key as a person can copy it: four lines of sixteen signs, each with 64 bits of the key and 15 bits of
 * check, in Crockford's base 32 (no I, L, O, U; read without regard to case, spaces and hyphens). The check takes in the
 * number of the line: exchanged lines are told too.
 */
export const RECOVERY_LINES = 4
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const KEY_BITS = 64n
const CHECK_BITS = 15n
const KEY_SIGNS = 13
const LINE_SIGNS = 16

/** CRC-15 of CAN: tells every error of up to two signs that a copying hand makes within a line. */
function checkOf(line: number, value: bigint): bigint {
  let crc = 0
  const bits = (BigInt(line) << KEY_BITS) | value
  for (let at = 66n; at >= 0n; at -= 1n) {
    const bit = Number((bits >> at) & 1n) ^ (crc >> 14)
    crc = ((crc << 1) & 0x7fff) ^ (bit === 1 ? 0x4599 : 0)
  }
  return BigInt(crc)
}

function signs(value: bigint, count: number): string {
  let text = ''
  for (let at = count - 1; at >= 0; at -= 1) text += ALPHABET.charAt(Number((value >> BigInt(at * 5)) & 31n))
  return text
}

/** The four lines of a key of 64 hex digits, in groups of four signs. */
export function recoveryLines(keyHex: string): string[] {
  return Array.from({ length: RECOVERY_LINES }, (_, line) => {
    const value = BigInt(`0x${keyHex.slice(line * 16, line * 16 + 16)}`)
    const text = signs(value, KEY_SIGNS) + signs(checkOf(line, value), Number(CHECK_BITS) / 5)
    return text.match(/.{4}/g)?.join(' ') ?? text
  })
}

/** The 16 hex digits that line `line` (from 0) holds; null when it is not what was printed there. */
export function recoveryLine(line: number, text: string): string | null {
  const clean = text.toUpperCase().replaceAll(/[\s-]/g, '').replaceAll('O', '0').replaceAll(/[IL]/g, '1')
  if (clean.length !== LINE_SIGNS) return null
  let value = 0n
  for (const sign of clean) {
    const digit = ALPHABET.indexOf(sign)
    if (digit < 0) return null
    value = (value << 5n) | BigInt(digit)
  }
  const key = value >> CHECK_BITS
  if (key >> KEY_BITS !== 0n) return null
  return (value & ((1n << CHECK_BITS) - 1n)) === checkOf(line, key) ? key.toString(16).padStart(16, '0') : null
}
