/** The check digit of ten digits: the rule of the partita IVA, also of the codice fiscale of an entity. */
export function partitaIvaCheckDigit(tenDigits: string): string {
  let sum = 0
  for (const [index, character] of Array.from(tenDigits).entries()) {
    const digit = Number(character)
    const doubled = digit * 2
    sum += index % 2 === 0 ? digit : doubled > 9 ? doubled - 9 : doubled
  }
  return String((10 - (sum % 10)) % 10)
}

export function isPartitaIva(value: string): boolean {
  return /^\d{11}$/.test(value) && partitaIvaCheckDigit(value.slice(0, 10)) === value.slice(10)
}
