const SECONDS = [0, 0, 0, 5, 15, 30, 60, 300]
const MOST_SECONDS = 900

/** Milliseconds to wait after so many wrong PINs in a row: two for clumsy fingers, then ever longer, at most a quarter of an hour. */
export function delayAfter(failures: number): number {
  return (SECONDS[failures] ?? MOST_SECONDS) * 1000
}
