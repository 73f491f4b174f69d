/** A statement and its parameters, never joined into one string. */
export interface Sql {
  readonly text: string
  readonly params: readonly SqlValue[]
}
export type SqlValue = string | number | bigint | null | Uint8Array

function isSql(value: SqlValue | Sql): value is Sql {
  return typeof value === 'object' && value !== null && 'text' in value
}

/** Tag for SQL: values become parameters, fragments made by the same tag are set in. */
export function sql(strings: TemplateStringsArray, ...values: readonly (SqlValue | Sql)[]): Sql {
  let text = strings[0] ?? ''
  const params: SqlValue[] = []
  values.forEach((value, index) => {
    if (isSql(value)) {
      text += value.text
      params.push(...value.params)
    } else {
      text += '?'
      params.push(value)
    }
    text += strings[index + 1] ?? ''
  })
  return { text, params }
}
