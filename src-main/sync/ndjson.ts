import type { Readable } from 'node:stream'

const MAX_LINE_BYTES = 1_000_000

/** The lines of a stream, as text, as many at a time as have come. Throws RangeError on a line over 1 MB: nobody's row is that long. */
export async function* linesOf(stream: Readable): AsyncGenerator<string[]> {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let rest = ''
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    rest += decoder.decode(chunk, { stream: true })
    const lines = rest.split('\n')
    rest = lines.pop() ?? ''
    if (rest.length > MAX_LINE_BYTES) throw new RangeError('a line without end')
    if (lines.length > 0) yield lines.filter((line) => line !== '')
  }
  rest += decoder.decode()
  if (rest !== '') yield [rest]
}
