/** The part of the SCIM filter grammar (RFC 7644, 3.4.2.2) that the provider understands. Pure. */

export type FilterOperator = 'eq' | 'co' | 'sw' | 'gt' | 'lt'
export type FilterValue = string | number | boolean | null
export type Filter =
  | { kind: 'compare'; field: string; operator: FilterOperator; value: FilterValue }
  | { kind: 'and' | 'or'; left: Filter; right: Filter }

export class FilterError extends Error {
  /** Where in the text, counted from 0. */
  readonly position: number
  constructor(position: number) {
    super(`filter refused at ${position}`)
    this.position = position
  }
}

type Token =
  | { kind: 'open' | 'close' | 'end'; position: number }
  | { kind: 'word'; text: string; position: number }
  | { kind: 'value'; value: FilterValue; position: number }

const pattern = /\s*(?:(\()|(\))|("(?:[^"\\]|\\.)*")|(-?\d+(?:\.\d+)?)(?![\w.])|([A-Za-z]\w*))/y
const operators: readonly string[] = ['eq', 'co', 'sw', 'gt', 'lt']

function isOperator(word: string): word is FilterOperator {
  return operators.includes(word)
}

function stringOf(literal: string, position: number): string {
  try {
    const value: unknown = JSON.parse(literal)
    if (typeof value === 'string') return value
  } catch {
    throw new FilterError(position)
  }
  throw new FilterError(position)
}

function tokens(text: string): Token[] {
  const found: Token[] = []
  let position = 0
  while (text.slice(position).trim() !== '') {
    pattern.lastIndex = position
    const match = pattern.exec(text)
    if (match === null) throw new FilterError(position)
    const [, open, close, quoted, number, word] = match
    if (open !== undefined) found.push({ kind: 'open', position })
    else if (close !== undefined) found.push({ kind: 'close', position })
    else if (quoted !== undefined) found.push({ kind: 'value', value: stringOf(quoted, position), position })
    else if (number !== undefined) found.push({ kind: 'value', value: Number(number), position })
    else if (word === 'true' || word === 'false') found.push({ kind: 'value', value: word === 'true', position })
    else if (word === 'null') found.push({ kind: 'value', value: null, position })
    else found.push({ kind: 'word', text: word ?? '', position })
    position = pattern.lastIndex
  }
  found.push({ kind: 'end', position })
  return found
}

/** Throws a FilterError for anything but a whole filter. `and` binds tighter than `or`. */
export function parseFilter(text: string): Filter {
  const list = tokens(text)
  let at = 0
  const peek = (): Token => list[at] ?? { kind: 'end', position: text.length }
  const take = (): Token => {
    const token = peek()
    at += 1
    return token
  }
  const isWord = (word: string) => {
    const token = peek()
    return token.kind === 'word' && token.text.toLowerCase() === word
  }
  const chain = (kind: 'and' | 'or', operand: () => Filter): Filter => {
    let left = operand()
    while (isWord(kind)) {
      take()
      left = { kind, left, right: operand() }
    }
    return left
  }
  const either = (): Filter => chain('or', () => chain('and', term))
  const term = (): Filter => {
    const first = take()
    if (first.kind === 'open') {
      const inner = either()
      const close = take()
      if (close.kind !== 'close') throw new FilterError(close.position)
      return inner
    }
    if (first.kind !== 'word') throw new FilterError(first.position)
    const operator = take()
    if (operator.kind !== 'word') throw new FilterError(operator.position)
    const name = operator.text.toLowerCase()
    if (!isOperator(name)) throw new FilterError(operator.position)
    const value = take()
    if (value.kind !== 'value') throw new FilterError(value.position)
    return { kind: 'compare', field: first.text, operator: name, value: value.value }
  }
  const filter = either()
  const rest = peek()
  if (rest.kind !== 'end') throw new FilterError(rest.position)
  return filter
}
