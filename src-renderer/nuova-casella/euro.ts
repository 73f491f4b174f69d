const euros = new Intl.NumberFormat('it-IT', {
  style: 'currency',
  currency: 'EUR',
  currencyDisplay: 'symbol',
  useGrouping: 'always',
})

/** Cents as `€ 1.234,50`. */
export function euro(cents: number): string {
  const parts = euros.formatToParts(cents / 100).filter(({ type }) => type !== 'currency' && type !== 'literal')
  return `€ ${parts.map(({ value }) => value).join('')}`
}
