import fc from 'fast-check'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { Casella } from '../../src-main/provider-contract/casella.ts'
import { Documento } from '../../src-main/provider-contract/documento.ts'
import { Attivita, Indirizzo, Titolare } from '../../src-main/provider-contract/titolare.ts'
import { DOUBTFUL, exactLengthOf } from '../../src-main/sync/exact-json.ts'
import { righe } from '../support/snapshot-rows.ts'

const schemas: Record<keyof typeof righe, z.ZodType> = {
  casella: Casella,
  titolare: Titolare,
  indirizzo: Indirizzo,
  attivita: Attivita,
  documento: Documento,
}
const types = Object.keys(righe) as (keyof typeof righe)[]

test.each(types)('a row of %s as a provider sends it is exact, and as long as it is written', (type) => {
  const length = exactLengthOf(schemas[type])
  for (const row of righe[type]) expect(length(row)).toBe(JSON.stringify(row).length)
})

const odd = fc.oneof(
  fc.constantFrom(null, true, 0, -0, 1.5, 1e21, 2000, '', 'x', '2026-02-30', '2026-11-27T10:00:00Z', 'A@b.it', [], {}),
  fc.string({ maxLength: 400 }),
  fc.double(),
  fc.jsonValue(),
)

test.each(types)('of a row of %s spoilt anyhow nothing is exact that the contract would refuse or change', (type) => {
  const length = exactLengthOf(schemas[type])
  let exact = 0
  fc.assert(
    fc.property(
      fc.constantFrom(...righe[type]),
      fc.constantFrom('set', 'remove', 'add', 'turn'),
      fc.nat(),
      odd,
      (row, how, at, value) => {
        const members: [string, unknown][] = Object.entries(row)
        const place = at % members.length
        const [name = ''] = members[place] ?? []
        if (how === 'set') members[place] = [name, value]
        if (how === 'remove') members.splice(place, 1)
        if (how === 'add') members.push([`altro${place}`, value])
        if (how === 'turn') members.reverse()
        // As it comes from the network.
        const text = JSON.stringify(Object.fromEntries(members))
        const spoilt: unknown = JSON.parse(text)
        const found = length(spoilt)
        if (found === DOUBTFUL) return
        exact += 1
        expect(schemas[type].parse(spoilt)).toEqual(spoilt)
        if (!text.includes('\\')) expect(found).toBe(text.length)
      },
    ),
    { numRuns: 3000 },
  )
  expect(exact).toBeGreaterThan(100)
})

test('a schema that does more than look makes every value doubtful', () => {
  const more: z.ZodType[] = [
    z.string().trim(),
    z.string().refine((text) => text !== 'x'),
    z.string().transform((text) => text.length),
    z.coerce.number(),
    z.number(),
    z.uuid(),
    z.string().regex(/a/g),
    z.looseObject({ a: z.string() }),
    z.object({ a: z.string() }).refine(() => true),
    z.union([z.string(), z.null()]),
    z.number().int().gt(0),
    z.unknown(),
  ]
  const values = ['a', 'x', 1, 5, 1.5, null, { a: 'b' }, '1b671a64-40d5-491e-99b0-da01ff1f3341']
  for (const [at, schema] of more.entries())
    // z.number alone takes fractions, of which it is not plain how they are written.
    for (const value of values) if (at !== 4 || value === 1.5) expect(exactLengthOf(schema)(value)).toBe(DOUBTFUL)
})

test('a member that the contract makes up where it is missing is not as it came', () => {
  const length = exactLengthOf(z.object({ a: z.string(), b: z.string().default('c') }))
  expect(length({ a: 'x' })).toBe(DOUBTFUL)
  expect(length({ a: 'x', b: 'y' })).toBe('{"a":"x","b":"y"}'.length)
  expect(length(JSON.parse('{"a":"x","b":"y","__proto__":{}}'))).toBe(DOUBTFUL)
})
