/** A statement and its parameters, never joined into one string. */
export interface Sql {
  readonly text: string
  readonly params: readonly SqlValue[]
}
export type SqlValue = string | number | bigint | null | Uint8Array

function isSql(value: SqlValue | Sql): value is Sql {
  return typeof value === 'object' && value !== null && 'text' in value
}

// The same string object each time: its hash, by which the prepared statement is found, is then computed once.
const texts = new WeakMap<TemplateStringsArray, Map<string, string>>()

function textOf(strings: TemplateStringsArray, fragments: readonly (string | null)[]): string {
  const nested = fragments.filter((fragment) => fragment !== null)
  const key = nested.length === 1 ? (nested[0] ?? '') : nested.join('\0')
  let known = texts.get(strings)
  if (known === undefined) {
    known = new Map()
    texts.set(strings, known)
  }
  const cached = known.get(key)
  if (cached !== undefined) return cached
  const text = fragments.reduce<string>(
    (before, fragment, index) => before + (fragment ?? '?') + (strings[index + 1] ?? ''),
    strings[0] ?? '',
  )
  known.set(key, text)
  return text
}

/** Tag for SQL: values become parameters, fragments made by the same tag are set in. */
export function sql(strings: TemplateStringsArray, ...values: readonly (SqlValue | Sql)[]): Sql {
  const params: SqlValue[] = []
  const fragments = values.map((value) => {
    if (!isSql(value)) {
      params.push(value)
      return null
    }
    params.push(...value.params)
    return value.text
  })
  return { text: textOf(strings, fragments), params }
}
