import { z } from 'zod'
import type { Filter, FilterValue } from '../filter/filter-parser.ts'
import { type Lookup, lookupOf } from './filter-lookup.ts'
import type { RowType } from './resource-store.ts'

export interface SqlCondition {
  sql: string
  values: Record<string, string | number>
  /** How its rows are found without looking at all of the type. */
  lookup?: Lookup | undefined
  /** Fields that are compared for one row, for how many rows may be looked at in one go; one where it is left out. */
  comparisons?: number
}

export type FieldType = 'string' | 'number' | 'boolean'
export interface FilterFields {
  [field: string]: { type: FieldType; nullable: boolean }
}

/** A field that does not exist, or a value or an operator that does not suit its type. */
export class FilterTypeError extends Error {
  readonly field: string
  constructor(field: string) {
    super(`field ${field} refused`)
    this.field = field
  }
}

/** The fields by which a collection may be filtered: all of its schema, with their types. */
export function filterFields(schema: z.ZodObject): FilterFields {
  const fields: FilterFields = {}
  for (const [name, field] of Object.entries(schema.shape)) {
    const nullable = field instanceof z.ZodNullable
    const inner: unknown = nullable ? field.unwrap() : field
    if (inner instanceof z.ZodNumber) fields[name] = { type: 'number', nullable }
    else if (inner instanceof z.ZodBoolean) fields[name] = { type: 'boolean', nullable }
    else if (inner instanceof z.ZodString || inner instanceof z.ZodEnum || inner instanceof z.ZodStringFormat) {
      fields[name] = { type: 'string', nullable }
    }
  }
  return fields
}

/** Columns of their own. */
const columns: Record<string, string> = {
  id: 'id',
  titolareId: 'titolare_id',
  casellaId: 'casella_id',
  assistenteId: 'assistente_id',
}
const symbols = { eq: '=', gt: '>', lt: '<' } as const

/**
 * Strings compare without regard to ASCII case, as SCIM's do by default; ids exactly. For rows of the type alone.
 * Throws a FilterTypeError.
 */
export function filterSql(filter: Filter, type: RowType, fields: FilterFields): SqlCondition {
  const values: SqlCondition['values'] = {}
  const bind = (value: string | number) => {
    const name = `filter${Object.keys(values).length}`
    values[name] = value
    return `@${name}`
  }
  let comparisons = 0
  const compare = (name: string, operator: 'eq' | 'co' | 'sw' | 'gt' | 'lt', value: FilterValue): string => {
    comparisons += 1
    const field = Object.hasOwn(fields, name) ? fields[name] : undefined
    if (field === undefined) throw new FilterTypeError(name)
    const column = columns[name] ?? `(data ->> '$.${name}')`
    if (value === null) {
      if (operator !== 'eq' || !field.nullable) throw new FilterTypeError(name)
      return `${column} IS NULL`
    }
    if (typeof value !== field.type) throw new FilterTypeError(name)
    if (typeof value === 'string') {
      if (operator === 'co') return `instr(lower(${column}), lower(${bind(value)})) > 0`
      if (operator === 'sw') return `instr(lower(${column}), lower(${bind(value)})) = 1`
      if (operator === 'eq' && name in columns) return `${column} = ${bind(value)}`
      return `lower(${column}) ${symbols[operator]} lower(${bind(value)})`
    }
    if (operator === 'co' || operator === 'sw') throw new FilterTypeError(name)
    if (typeof value === 'boolean') {
      if (operator !== 'eq') throw new FilterTypeError(name)
      return `${column} = ${bind(value ? 1 : 0)}`
    }
    return `${column} ${symbols[operator]} ${bind(value)}`
  }
  const build = (node: Filter): string =>
    node.kind === 'compare'
      ? compare(node.field, node.operator, node.value)
      : `(${build(node.left)} ${node.kind === 'and' ? 'AND' : 'OR'} ${build(node.right)})`
  const sql = build(filter)
  return { sql, lookup: lookupOf(filter, type, bind), values, comparisons }
}
