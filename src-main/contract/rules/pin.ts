/** How many digits a PIN has. */
export const PIN_DIGITS = { least: 6, most: 12 }

export type PinProblem = 'not_digits' | 'too_short' | 'too_long' | 'too_simple'

/** 111111, 121212 and 123123 repeat what few digits say. */
function repeats(pin: string): boolean {
  return [1, 2, 3].some((length) => pin === pin.slice(0, length).repeat(pin.length).slice(0, pin.length))
}

/** 123456, 987654, also through the nought. */
function counts(pin: string): boolean {
  const digits = Array.from(pin, Number)
  return [1, 9].some((step) => digits.every((digit, at) => at === 0 || digit === ((digits[at - 1] ?? 0) + step) % 10))
}

/** Why a PIN may not be chosen; null when it may. */
export function pinProblem(pin: string): PinProblem | null {
  if (!/^[0-9]*$/.test(pin)) return 'not_digits'
  if (pin.length < PIN_DIGITS.least) return 'too_short'
  if (pin.length > PIN_DIGITS.most) return 'too_long'
  return repeats(pin) || counts(pin) ? 'too_simple' : null
}
