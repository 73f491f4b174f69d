import { z } from 'zod'
import type { FieldValue } from '../../src-main/contract/operation.ts'

const WithFields = z.record(z.string(), z.unknown())

/** The values of a row or of a request's body, one under the other: those of a group under its name, lists as text. */
export function flatFields(body: unknown): Record<string, FieldValue> {
  return Object.fromEntries(
    Object.entries(WithFields.catch({}).parse(body)).flatMap(([name, value]) => own(name, value)),
  )
}

function own(name: string, value: unknown): [string, FieldValue][] {
  if (Array.isArray(value)) return [[name, value.join(', ')]]
  if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
    return [[name, value]]
  return Object.entries(flatFields(value)).map(([inner, each]) => [`${name}.${inner}`, each])
}

/** A value of a holder that passes into another, as the oracle names it. */
export function absorbed(field: string): string {
  return `assorbito.${field}`
}
