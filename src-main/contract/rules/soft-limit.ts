/** D69: the soft limit to which a new quota resets, 80% of it, both in whole MB; rounded down. */
export function defaultSoftLimitMb(quotaMb: number): number {
  return Math.floor((quotaMb * 4) / 5)
}
