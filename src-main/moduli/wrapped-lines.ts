/** No value of a registry is longer; what is would fill pages. */
const MOST_SIGNS = 300

/** A text of at most so many signs, with an ellipsis where it was cut. */
export function clipped(text: string, most = MOST_SIGNS): string {
  const signs = Array.from(text)
  return signs.length <= most ? text : `${signs.slice(0, most - 1).join('')}…`
}

/** Breaks between words, and within a word that is wider than the line (an address, a hostile name). */
export function wrapped(text: string, width: number, measure: (text: string) => number): string[] {
  const lines: string[] = []
  let line = ''
  const place = (word: string): void => {
    const longer = line === '' ? word : `${line} ${word}`
    if (measure(longer) <= width) {
      line = longer
      return
    }
    if (line !== '') {
      lines.push(line)
      line = ''
      place(word)
      return
    }
    let piece = ''
    for (const sign of word) {
      if (piece !== '' && measure(piece + sign) > width) {
        lines.push(piece)
        piece = ''
      }
      piece += sign
    }
    line = piece
  }
  for (const word of text.split(' ')) place(word)
  return line === '' && lines.length > 0 ? lines : [...lines, line]
}
