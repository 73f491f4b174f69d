import { errorWords } from '../locales/error-words.ts'

/** The same error in a row (a list that asks again and again) is said once in this time. */
const ONCE_IN_MS = 10_000

/**
 * Says what no screen has caught: silence would be taken for success. A core that does not answer is left out, since the
 * shell tells of it by itself.
 */
export function unexpectedErrors(
  say: (words: string) => void,
  now: () => number = () => performance.now(),
): (thrown: unknown) => void {
  const said = new Map<string, number>()
  return (thrown) => {
    const words = errorWords(thrown)
    if (words.code === 'host_unreachable' || now() - (said.get(words.code) ?? -ONCE_IN_MS) < ONCE_IN_MS) return
    said.set(words.code, now())
    say(`${words.what} ${words.todo} (${words.code})`)
  }
}
