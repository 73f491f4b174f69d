import type { z } from 'zod'
import type { $ZodChecks, $ZodTypes } from 'zod/v4/core'

/**
 * What a schema makes of a parsed value where it is plain that it accepts it as it is: how long the value is as JSON, in
 * UTF-16 units, without a space and without an escape. DOUBTFUL where that is not plain: only the schema itself decides.
 */
export type ExactLength = (value: unknown) => number
export const DOUBTFUL = -1

const never: ExactLength = () => DOUBTFUL

function textLength(checks: readonly $ZodChecks[]): ExactLength {
  let least = 0
  let most = Infinity
  const patterns: RegExp[] = []
  for (const { _zod } of checks) {
    const { def } = _zod
    switch (def.check) {
      case 'min_length':
        least = Math.max(least, def.minimum)
        break
      case 'max_length':
        most = Math.min(most, def.maximum)
        break
      case 'string_format':
        if (!['regex', 'datetime', 'date'].includes(def.format)) return never
        if (def.pattern === undefined || def.pattern.global || def.pattern.sticky) return never
        patterns.push(def.pattern)
        break
      default:
        return never
    }
  }
  return (value) => {
    if (typeof value !== 'string' || value.length < least || value.length > most) return DOUBTFUL
    for (const pattern of patterns) if (!pattern.test(value)) return DOUBTFUL
    return value.length + 2
  }
}

/** Whole numbers alone; what ends in three zeros can be written shorter than it is here (1e3). */
function numberLength(checks: readonly $ZodChecks[]): ExactLength {
  let least = -Infinity
  let most = Infinity
  for (const { _zod } of checks) {
    const { def } = _zod
    switch (def.check) {
      case 'greater_than':
        if (!def.inclusive || typeof def.value !== 'number') return never
        least = Math.max(least, def.value)
        break
      case 'less_than':
        if (!def.inclusive || typeof def.value !== 'number') return never
        most = Math.min(most, def.value)
        break
      case 'number_format':
        if (def.format !== 'safeint') return never
        break
      default:
        return never
    }
  }
  return (value) =>
    typeof value !== 'number' ||
    !Number.isSafeInteger(value) ||
    value < least ||
    value > most ||
    (value % 1000 === 0 && value !== 0)
      ? DOUBTFUL
      : String(value).length
}

interface Shape {
  names: readonly string[]
  lengths: readonly ExactLength[]
  /** Of braces, names, colons and commas. */
  length: number
}

function isAlike(names: readonly string[], others: readonly string[]): boolean {
  if (names.length !== others.length) return false
  for (let at = 0; at < names.length; at += 1) if (names[at] !== others[at]) return false
  return true
}

function objectLength(shape: Readonly<Record<string, $ZodTypes>>): ExactLength {
  const members = new Map(Object.entries(shape).map(([name, schema]) => [name, exactLengthOf(schema)]))
  // A member that may be missing and is made up by the schema (a default) is not as it came.
  const needed = Object.keys(shape).filter((name) => shape[name]?._zod.def.type !== 'optional')
  const shapeOf = (names: readonly string[]): Shape | null => {
    const lengths = names.map((name) => members.get(name) ?? never)
    if (lengths.includes(never) || needed.some((name) => !names.includes(name))) return null
    const length = names.reduce((sum, name) => sum + JSON.stringify(name).length + 1, names.length + 1)
    return { names, lengths, length }
  }
  // Rows of a run are alike.
  let last: Shape = { names: [], lengths: [], length: 0 }
  return (value) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return DOUBTFUL
    const names = Object.keys(value)
    if (names.length === 0) return DOUBTFUL
    if (!isAlike(names, last.names)) {
      const found = shapeOf(names)
      if (found === null) return DOUBTFUL
      last = found
    }
    const values: unknown[] = Object.values(value)
    let sum = last.length
    for (let at = 0; at < values.length; at += 1) {
      const length = last.lengths[at]?.(values[at]) ?? DOUBTFUL
      if (length === DOUBTFUL) return DOUBTFUL
      sum += length
    }
    return sum
  }
}

/** A schema with a format of its own (a day, a whole number) is the first of its checks. */
function checksOf(schema: unknown, def: { checks?: readonly unknown[] }): $ZodChecks[] {
  // Every check of the library is one of these.
  return [...('check' in def ? [schema] : []), ...(def.checks ?? [])] as $ZodChecks[]
}

/**
 * Makes of a schema what finds most values of it acceptable in a fifth of the time. Whatever of a schema it does not know
 * makes every value doubtful, so that it never accepts what the schema would not, nor differently.
 */
export function exactLengthOf(schema: z.ZodType | $ZodTypes): ExactLength {
  // Every schema of the library is one of these.
  const { def } = (schema as $ZodTypes)._zod
  if (def.type === 'string') return def.coerce === true ? never : textLength(checksOf(schema, def))
  if (def.type === 'number') return def.coerce === true ? never : numberLength(checksOf(schema, def))
  if (def.checks !== undefined && def.checks.length > 0) return never
  switch (def.type) {
    case 'boolean':
      return def.coerce === true ? never : (value) => (value === true ? 4 : value === false ? 5 : DOUBTFUL)
    case 'null':
      return (value) => (value === null ? 4 : DOUBTFUL)
    case 'nullable': {
      const inner = exactLengthOf(def.innerType as $ZodTypes)
      return inner === never ? never : (value) => (value === null ? 4 : inner(value))
    }
    case 'optional':
    case 'default':
      return exactLengthOf(def.innerType as $ZodTypes)
    case 'enum':
    case 'literal': {
      const known = new Set<unknown>(def.type === 'enum' ? Object.values(def.entries) : def.values)
      return (value) => (typeof value === 'string' && known.has(value) ? value.length + 2 : DOUBTFUL)
    }
    case 'array': {
      const inner = exactLengthOf(def.element as $ZodTypes)
      if (inner === never) return never
      return (value) => {
        if (!Array.isArray(value)) return DOUBTFUL
        let sum = 2 + Math.max(0, value.length - 1)
        for (const each of value as unknown[]) {
          const length = inner(each)
          if (length === DOUBTFUL) return DOUBTFUL
          sum += length
        }
        return sum
      }
    }
    case 'object':
      if (def.catchall !== undefined && (def.catchall as $ZodTypes)._zod.def.type !== 'never') return never
      return objectLength(def.shape as Record<string, $ZodTypes>)
    default:
      return never
  }
}
